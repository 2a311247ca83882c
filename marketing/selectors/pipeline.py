"""Opportunities as pages and API read them: columns of the board, pages of the list, one of them.

Lists page by keyset and count to a cap; the board adds up what is open in reach in one statement
and shows the most urgent cards of each column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast

from crm.core.models import Branch, User
from crm.core.parameters import Parameters
from crm.core.roles import Reach
from customers.models import Customer
from customers.selectors.keyset import Order, keyset_page
from customers.selectors.search import searched, tidy_query
from marketing.models import Opportunity, StageEvent
from marketing.pipeline import TRACKS, Stage, Track
from marketing.pipeline.clock import overdue
from marketing.selectors.pipeline_query import PipelineQuery, opportunity_list
from products.models import ProductVersion

PAGE = 50
CARDS = 12  # in a column
FIELDS = {
    "due": ("stage_due_on", True),
    "amount": ("amount", True),
    "opened": ("opened_at", False),
    "expected": ("expected_on", True),
    "next": ("next_on", True),
    "silent": ("last_action_on", False),
    "closed": ("closed_at", True),
}
NAMED = ("customer__manager", "customer__branch", "owner", "version_chosen__product")


@dataclass
class Column:
    """One stage of the board: how many, their yuan, their yuan by chance, the first cards."""

    stage: Stage
    count: int = 0
    amount: Decimal = Decimal(0)
    weighted: float = 0.0
    overdue: int = 0
    cards: list[Opportunity] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many cards are not shown."""
        return max(self.count - len(self.cards), 0)


@dataclass(frozen=True)
class Board:
    """A pipeline with its columns, and the sums of what is open (OPP-4)."""

    track: Track
    columns: list[Column]

    @property
    def open(self) -> list[Column]:
        """The columns before the last."""
        return self.columns[:-1]

    @property
    def count(self) -> int:
        """How many are open."""
        return sum(column.count for column in self.open)

    @property
    def amount(self) -> Decimal:
        """Their yuan."""
        return sum((column.amount for column in self.open), Decimal(0))

    @property
    def weighted(self) -> float:
        """The sum of amount times probability (OPP-4)."""
        return sum(column.weighted for column in self.open)

    @property
    def overdue(self) -> int:
        """How many stages are out of time."""
        return sum(column.overdue for column in self.open)


def pipeline_board(*, user: User, query: PipelineQuery, known: Parameters) -> Board:
    """The columns of one pipeline; the last one holds what was won lately. Four statements."""
    track = TRACKS[query.track]
    query = replace(query, pipeline=track.key, state="open", recent=False, day=None)
    rows = opportunity_list(user=user, query=query, known=known)
    won = opportunity_list(user=user, query=replace(query, state="won", recent=True), known=known)
    columns = {stage.key: Column(stage) for stage in track.stages}
    for part in (rows, won):
        for line in _sums(part, known):
            column = columns[line["stage"]]
            column.count, column.overdue = line["count"], line["late"]
            column.amount = line["yuan"] or Decimal(0)
            column.weighted = line["weighted"] or 0.0
    busy = [key for key, column in columns.items() if column.count]
    urgent = _first(rows, [key for key in busy if key != track.last.key], "stage_due_on", "pk")
    latest = _first(won, [key for key in busy if key == track.last.key], "-closed_at", "pk")
    for card in named([*urgent, *latest]):
        columns[card.stage].cards.append(card)
    for column in columns.values():
        column.cards.sort(key=_urgency)
    return Board(track, list(columns.values()))


def _urgency(card: Opportunity) -> tuple[bool, float, int]:
    """Deadlines first come first; of what was won, the latest."""
    if card.closed_at is not None:
        return True, -card.closed_at.timestamp(), card.pk
    due = card.stage_due_on
    return due is None, float(due.toordinal()) if due else 0.0, card.pk


def _sums(rows: QuerySet[Opportunity], known: Parameters) -> list[Any]:
    yuan = Cast("amount", FloatField())
    found = (
        rows.order_by()
        .values("stage")
        .annotate(
            count=Count("pk"),
            yuan=Sum("amount"),
            weighted=Sum(yuan * F("probability")),
            late=Count("pk", filter=overdue(known.as_of)),
        )
    )
    return list(found)


def _first(rows: QuerySet[Opportunity], stages: Iterable[str], *order: str) -> list[int]:
    """The keys of the first cards of each stage, in one statement that stops at the last card."""
    parts = [
        rows.filter(stage=stage).order_by(*order).values_list("pk", flat=True)[:CARDS]
        for stage in stages
    ]
    if len(parts) < 2:
        return [key for part in parts for key in part]
    return list(parts[0].union(*parts[1:], all=True))


def named(keys: Iterable[int]) -> list[Opportunity]:
    """The opportunities of these keys in this order, with the names a row shows."""
    wanted = list(keys)
    rows = Opportunity.objects.filter(pk__in=wanted).select_related(*NAMED)
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in wanted if key in by_key]


@dataclass(frozen=True)
class OpportunityPage:
    """The rows of one page, and the lists before and after it."""

    rows: list[Opportunity]
    previous: PipelineQuery | None
    next: PipelineQuery | None


def opportunity_page(*, user: User, query: PipelineQuery, known: Parameters) -> OpportunityPage:
    """One page of the list in the order asked for; unknown values come last."""
    rows = opportunity_list(user=user, query=query, known=known)
    name, is_nullable = FIELDS[query.order.removeprefix("-")]
    order = Order(name, is_descending=query.order.startswith("-"), is_nullable=is_nullable)
    found = keyset_page(rows, order, size=PAGE, place=query.place)
    return OpportunityPage(
        rows=named(found.keys),
        previous=replace(query, place=found.previous) if found.previous else None,
        next=replace(query, place=found.next) if found.next else None,
    )


def opportunity_of(*, user: User, pk: int) -> Opportunity:
    """One opportunity in reach; Opportunity.DoesNotExist for any other."""
    found: Opportunity = (
        Opportunity.objects.visible_to(user)
        .select_related(*NAMED, "suggestion", "visit", "customer__industry")
        .get(pk=pk)
    )
    return found


def history_of(opportunity: Opportunity) -> list[StageEvent]:
    """Its moves, newest first."""
    rows = StageEvent.objects.filter(opportunity=opportunity).select_related("by")
    return list(rows.order_by("-at", "-pk"))


def customer_in_reach(*, user: User, pk: int) -> Customer:
    """A customer in reach; Customer.DoesNotExist for any other."""
    found: Customer = Customer.objects.visible_to(user).select_related("manager").get(pk=pk)
    return found


def opportunities_of(*, user: User, customer: Customer, closed: int = 3) -> list[Opportunity]:
    """What is open with one customer by deadline, then what was closed last."""
    mine: QuerySet[Opportunity] = Opportunity.objects.visible_to(user).filter(customer=customer)
    rows = mine.select_related("owner", "version_chosen__product")
    still = rows.filter(state="open").order_by(F("stage_due_on").asc(nulls_last=True), "pk")
    return [*still, *rows.exclude(state="open").order_by("-closed_at")[:closed]]


def versions_on_offer(family: str, *, kept: int | None = None) -> QuerySet[ProductVersion]:
    """The versions of a family that can be chosen today; ``kept`` is the one chosen already."""
    rows = ProductVersion.objects.filter(product__family=family).select_related("product")
    on_offer = Q(state=ProductVersion.State.EFFECTIVE, product__status="on_sale")
    return rows.filter(on_offer | Q(pk=kept or 0)).order_by("product__code")


def owners_in_reach(user: User) -> list[tuple[int, str]]:
    """Relationship managers whom the user sees; nobody for those who see only themselves."""
    if user.duty.reach == Reach.OWN and len(user.reach()) < 2:
        return []
    people = User.objects.filter(_inside(user, "scope_no", "scope_no"), role="rm", is_active=True)
    return list(people.order_by("scope_no").values_list("pk", "full_name"))


def units_in_reach(user: User) -> list[tuple[int, str]]:
    """Units, teams among them, that the user sees wholly."""
    if user.duty.reach == Reach.OWN:
        return []
    units = Branch.objects.filter(_inside(user, "scope_lo", "scope_hi"), is_active=True)
    found = list(units.order_by("scope_lo").values_list("pk", "name"))
    return found if len(found) > 1 else []


def _inside(user: User, low: str, high: str) -> Q:
    found = Q(pk__in=[])
    for first, last in user.reach():
        found |= Q(**{f"{low}__gte": first, f"{high}__lte": last})
    return found


def customers_found(user: User, text: str, *, most: int = 10) -> list[Customer]:
    """Customers in reach whom these words may mean."""
    rows: QuerySet[Customer] = Customer.objects.visible_to(user).select_related("manager")
    return list(searched(rows, user=user, text=text)[:most]) if tidy_query(text) else []


def people_named(keys: Iterable[int | None]) -> dict[int, str]:
    """The names of these members of staff."""
    wanted = {key for key in keys if key}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name")) if wanted else {}
