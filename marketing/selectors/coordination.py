"""The coordination list: items in reach, clocks, rates, totals by town and unit (e.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from crm.core.models import Branch, User
from crm.core.parameters import parameters
from crm.core.words import Text
from marketing.market.clock import (
    OPEN_STATES,
    Clock,
    Limits,
    clock,
    contact_late,
    light_is,
)
from marketing.models import CoordinationItem, Visit

Rows = QuerySet[CoordinationItem]
DECIDED = Q(decided_at__isnull=False)
CONTACTED = Q(contacted_on__isnull=False)
APPROVED = Q(state=CoordinationItem.State.APPROVED)
LEADERS = ("team_lead", "branch_head")  # who leads a unit, nearest first


def items_in_reach(*, user: User) -> Rows:
    """Every item of a customer the user sees."""
    rows: Rows = CoordinationItem.objects.visible_to(user)
    return rows


def items_of(*, user: User | None = None, scopes: Iterable[tuple[int, int]] | None = None) -> Rows:
    """Items in the user's reach, else those of customers inside these intervals of the tree."""
    if user is not None:
        return items_in_reach(user=user)
    wanted = Q(pk__in=[])
    for pair in scopes or ():
        wanted |= Q(customer__scope_no__range=pair)
    return CoordinationItem.objects.filter(wanted)


@dataclass(frozen=True)
class Rates:
    """How far the lists of a period have come. Rates are shares of ``total``, approval of
    ``decided``; None without a denominator. Days run from receipt to the first decision."""

    total: int
    contacted: int
    decided: int
    approved: int
    approved_amount: float
    days: float | None

    @property
    def contact_rate(self) -> float | None:
        """Contacted of all."""
        return self.contacted / self.total if self.total else None

    @property
    def decision_rate(self) -> float | None:
        """Decided of all."""
        return self.decided / self.total if self.total else None

    @property
    def approval_rate(self) -> float | None:
        """Approved of the decided."""
        return self.approved / self.decided if self.decided else None


FIGURES = {
    "total": Count("pk"),
    "contacted": Count("pk", filter=CONTACTED),
    "decided": Count("pk", filter=DECIDED),
    "approved": Count("pk", filter=APPROVED),
    "approved_amount": Sum("approved_amount", filter=APPROVED),
    "days": Avg(
        ExpressionWrapper(
            TruncDate("decided_at", output_field=DateField()) - F("received_on"),
            output_field=DurationField(),
        ),
        filter=DECIDED,
    ),
}


def rates(
    *,
    first: date,
    last: date,
    user: User | None = None,
    scopes: Iterable[tuple[int, int]] | None = None,
) -> Rates:
    """The rates of items received from ``first`` to ``last``, both included."""
    rows = items_of(user=user, scopes=scopes).filter(received_on__range=(first, last))
    return rates_from(rows.aggregate(**FIGURES))


def rates_from(row: dict[str, object]) -> Rates:
    """The rates of one aggregated row of FIGURES."""
    days = row["days"]
    return Rates(
        total=int(str(row["total"])),
        contacted=int(str(row["contacted"])),
        decided=int(str(row["decided"])),
        approved=int(str(row["approved"])),
        approved_amount=float(str(row["approved_amount"] or 0)),
        days=days.total_seconds() / 86_400 if days is not None else None,  # type: ignore[attr-defined]  # an interval
    )


@dataclass(frozen=True)
class ItemQuery:
    """What narrows a list of items; "" and None leave it wide. ``step`` is a key of STEPS."""

    first: date | None = None
    last: date | None = None
    list_no: str = ""
    kind: str = ""
    town: str | None = None  # "" is "no town written"
    unit: int | None = None
    owner: int | None = None
    step: str = ""
    refusal: str = ""


STEPS: dict[str, Text] = {
    "open": _("To decide"),
    "new": _("Not contacted"),
    "contacted": _("Contacted"),
    "decided": _("Decided"),
    "approved": _("Approved"),
    "refused": _("Not approved"),
    "helped": _("Being helped"),
    "late_contact": _("Contact late"),
    "amber": _("Due soon"),
    "red": _("Urgent"),
    "over": _("Past due day"),
    "late": _("Decided late"),
}


def step_is(step: str, *, today: date, limits: Limits) -> Q:
    """One step of the way as a filter; everything for a step that is not known."""
    states = CoordinationItem.State
    plain = {
        "open": Q(state__in=OPEN_STATES),
        "new": Q(state__in=OPEN_STATES, contacted_on=None),
        "contacted": CONTACTED,
        "decided": DECIDED,
        "approved": APPROVED,
        "refused": Q(state=states.REFUSED),
        "helped": Q(state=states.HELPED),
        "late": DECIDED & Q(decided_at__date__gt=F("due_on")),
    }
    if step in plain:
        return plain[step]
    if step == "late_contact":
        return contact_late(today)
    return light_is(step, today=today, limits=limits) if step in STEPS else Q()


def item_list(*, user: User, query: ItemQuery, today: date, limits: Limits) -> Rows:
    """Items in reach, the most urgent first: open ones by their due day, then the decided."""
    rows = narrowed(items_in_reach(user=user), query)
    if query.step:
        rows = rows.filter(step_is(query.step, today=today, limits=limits))
    is_done = Case(When(state__in=OPEN_STATES, then=0), default=1)
    found = rows.select_related("customer", "customer__branch", "owner")
    return found.defer("customer__name_pieces").order_by(is_done, "due_on", "pk")


def narrowed(rows: Rows, query: ItemQuery) -> Rows:
    """The rows of a query, whatever their step."""
    given = {
        "received_on__gte": query.first,
        "received_on__lte": query.last,
        "list_no": query.list_no or None,
        "kind": query.kind or None,
        "town": query.town,
        "owner": query.owner,
        "refusal": query.refusal or None,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if query.unit is not None:
        unit = Branch.objects.filter(pk=query.unit).first()
        pair = (unit.scope_lo, unit.scope_hi) if unit else (1, 0)
        rows = rows.filter(customer__scope_no__range=pair)
    return rows


@dataclass(frozen=True)
class TotalLine:
    """The rates of one town or unit, and its open items by colour."""

    key: str
    label: Text
    rates: Rates
    helped: int
    refused: int
    open: int
    amber: int
    red: int
    over: int
    is_below: int = 0  # how deep a unit stands under the first one


def _counted(today: date, limits: Limits) -> dict[str, Any]:
    steps = ("helped", "refused", "open", "amber", "red", "over", "late_contact")
    return FIGURES | {
        f"step_{step}": Count("pk", filter=step_is(step, today=today, limits=limits))
        for step in steps
    }


def board_line(*, user: User, query: ItemQuery, today: date, limits: Limits) -> dict[str, Any]:
    """All figures of the query together: ``rates`` and a count by step."""
    rows = narrowed(items_in_reach(user=user), query)
    row = rows.aggregate(**_counted(today, limits))
    steps = {key.removeprefix("step_"): row[key] for key in row if key.startswith("step_")}
    return {"rates": rates_from(row), **steps}


def town_lines(*, user: User, query: ItemQuery, today: date, limits: Limits) -> list[TotalLine]:
    """The totals by town, the largest first."""
    rows = narrowed(items_in_reach(user=user), query).order_by()
    summed = rows.values("town").annotate(**_counted(today, limits))
    rows_of: list[dict[str, Any]] = [dict(row) for row in summed]
    lines = [_line(row["town"], row["town"] or _("No town written"), row) for row in rows_of]
    return sorted(lines, key=lambda line: (-line.rates.total, line.key))


def unit_lines(*, user: User, query: ItemQuery, today: date, limits: Limits) -> list[TotalLine]:
    """The totals of every unit in reach, each with all below it; a unit is the sum of its parts.

    Counted once by the customer's place in the tree; the units then add up their intervals.
    """
    rows = narrowed(items_in_reach(user=user), query).order_by()
    scope = "customer__scope_no"
    counted = _counted(today, limits) | {
        "days": Sum(
            ExpressionWrapper(
                TruncDate("decided_at", output_field=DateField()) - F("received_on"),
                output_field=DurationField(),
            ),
            filter=DECIDED,
        )
    }
    parts = [(row[scope], row) for row in rows.values(scope).annotate(**counted)]
    lines = []
    for unit in _units(user):
        own = [row for number, row in parts if unit.scope_lo <= number <= unit.scope_hi]
        if own:
            depth = LEVELS.index(unit.level) if unit.level in LEVELS else 0
            lines.append(_line(str(unit.pk), unit.name, _added(own), is_below=depth))
    least = min((line.is_below for line in lines), default=0)
    return [replace(line, is_below=line.is_below - least) for line in lines]


LEVELS = ("head_office", "region", "branch", "team")


def _units(user: User) -> QuerySet[Branch]:
    """Units that the user sees wholly, and the user's own."""
    wanted = Q(pk=user.branch_id)
    for low, high in user.reach():
        wanted |= Q(scope_lo__gte=low, scope_hi__lte=high)
    return Branch.objects.filter(wanted).order_by("scope_lo")


def _added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Several rows of counts as one; days become their mean."""
    names = [name for name in rows[0] if name not in {"customer__scope_no", "days"}]
    total: dict[str, Any] = {name: sum(row[name] or 0 for row in rows) for name in names}
    spans = [row["days"] for row in rows if row["days"] is not None]
    spent = sum(spans, timedelta())
    return {**total, "days": spent / total["decided"] if total["decided"] else None}


def _line(key: str, label: Text, row: dict[str, Any], is_below: int = 0) -> TotalLine:
    steps = {
        name: row[f"step_{name}"] for name in ("helped", "refused", "open", "amber", "red", "over")
    }
    return TotalLine(key=key, label=label, rates=rates_from(row), is_below=is_below, **steps)


def refusal_lines(*, user: User, query: ItemQuery) -> list[tuple[str, Text, int]]:
    """Why firms were refused or are being helped, how often: key, words, count."""
    rows = narrowed(items_in_reach(user=user), query).exclude(refusal="").order_by()
    counted = rows.values_list("refusal").annotate(count=Count("pk")).order_by("-count", "refusal")
    names = dict(CoordinationItem.Refusal.choices)
    return [(key, names.get(key, key), count) for key, count in counted]


def lists_in_reach(*, user: User) -> list[tuple[str, date]]:
    """The lists that hold items in reach, the newest first, with the day they came."""
    rows = items_in_reach(user=user).order_by()
    found = rows.values_list("list_no").annotate(on=Max("received_on")).order_by("-on", "list_no")
    return list(found[:100])


def item_in_reach(*, user: User, item_id: int) -> CoordinationItem:
    """One item with its firm, or DoesNotExist."""
    rows = items_in_reach(user=user).select_related(
        "customer", "customer__branch", "customer__manager", "customer__industry",
        "customer__region", "customer__portrait", "owner", "decided_by",
    )  # fmt: skip
    return rows.defer("customer__name_pieces").get(pk=item_id)


def items_of_customer(*, user: User, customer_id: int) -> list[CoordinationItem]:
    """The last lists a firm in reach stands on, the newest first."""
    rows = items_in_reach(user=user).filter(customer=customer_id)
    return list(rows.order_by("-received_on", "-pk")[:5])


def visits_to(*, user: User, item: CoordinationItem) -> QuerySet[Visit]:
    """What was done at this firm since the list came, the newest first."""
    rows: QuerySet[Visit] = Visit.objects.visible_to(user).filter(
        customer=item.customer_id, started_at__date__gte=item.received_on
    )
    return rows.select_related("manager")[:10]


def clock_of(item: CoordinationItem, *, today: date, limits: Limits) -> Clock | None:
    """The clock of an open item; none once it is decided."""
    if not item.is_open:
        return None
    return clock(
        received_on=item.received_on,
        due_on=item.due_on,
        contact_due_on=item.contact_due_on,
        contacted_on=item.contacted_on,
        today=today,
        limits=limits,
    )


def workers_for(*, user: User, item: CoordinationItem) -> QuerySet[User]:
    """Who may be given the item: the firm's manager and those who lead its units, in reach."""
    number = item.customer.scope_no
    sees = Q(role="rm", scope_no=number) | Q(
        role__in=LEADERS, branch__scope_lo__lte=number, branch__scope_hi__gte=number
    )
    near = Q(pk__in=[])
    for pair in user.reach():
        near |= Q(scope_no__range=pair)
    people = User.objects.filter(sees, near, is_active=True)
    return people.select_related("branch").order_by("scope_no")


def unit_name(unit: int) -> str:
    """What a unit is called; "" for none."""
    return Branch.objects.filter(pk=unit).values_list("name", flat=True).first() or ""


def list_limits(today: date) -> Limits:
    """The spans of the list in force."""
    return Limits.of(parameters(today))
