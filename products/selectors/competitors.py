"""Competitors: what they offer today, how old the facts are, what must be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import BooleanField, ExpressionWrapper, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.words import Text
from customers.models import Customer
from products.models import Competitor, CompetitorNote, CompetitorProduct


@dataclass(frozen=True)
class Age:
    """How old a record is on one day: valid, expiring soon, or expired."""

    key: str
    label: Text
    tone: str
    days_left: int

    @property
    def is_valid(self) -> bool:
        """Whether it still counts."""
        return self.key != "expired"


@dataclass(frozen=True)
class Record:
    """One product of a competitor as it is known, with its age."""

    product: CompetitorProduct
    age: Age


@dataclass(frozen=True)
class CompetitorLine:
    """A competitor on the list: its records by age and the day somebody last looked."""

    competitor: Competitor
    records: tuple[Record, ...]
    noted_on: date | None

    def count(self, key: str) -> int:
        """How many records have this age."""
        return sum(record.age.key == key for record in self.records)

    @property
    def valid(self) -> int:
        """Records that hold and will for a while."""
        return self.count("valid")

    @property
    def expiring(self) -> int:
        """Records that expire soon."""
        return self.count("expiring")

    @property
    def expired(self) -> int:
        """Records that no longer count."""
        return self.count("expired")

    @cached_property
    def seen_on(self) -> date | None:
        """The newest day on which one of its products was seen."""
        return max((record.product.source_on for record in self.records), default=None)


def age_of(product: CompetitorProduct, as_of: date, expiring_days: int) -> Age:
    """valid, expiring (within ``expiring_days``) or expired on ``as_of``."""
    left = (product.valid_until - as_of).days
    if left < 0:
        return Age("expired", _("Expired"), "bad", left)
    if left <= expiring_days:
        return Age("expiring", _("Expires soon"), "warn", left)
    return Age("valid", _("Valid"), "good", left)


def current_products(as_of: date) -> QuerySet[CompetitorProduct]:
    """One row a product: the newest valid one counts, else the newest (one query, no order)."""
    is_valid = ExpressionWrapper(Q(valid_until__gte=as_of), output_field=BooleanField())
    newest = (
        CompetitorProduct.objects.filter(source_on__lte=as_of)
        .annotate(is_valid=is_valid)
        .order_by("competitor_id", "name", "-is_valid", "-source_on", "-pk")
        .distinct("competitor_id", "name")
        .values("pk")
    )
    return CompetitorProduct.objects.filter(pk__in=newest).select_related("competitor")


def current_records(as_of: date, *, families: Sequence[str] = ()) -> list[Record]:
    """What competitors offer on ``as_of``, by competitor and name, each with its age."""
    rows = current_products(as_of).order_by("competitor__name", "name")
    if families:
        rows = rows.filter(family__in=families)
    return aged(rows, as_of)


def competitor_lines(as_of: date) -> list[CompetitorLine]:
    """Every competitor with its records, in three queries."""
    by_competitor: dict[int, list[Record]] = {}
    for record in current_records(as_of):
        by_competitor.setdefault(record.product.competitor_id, []).append(record)
    rows = Competitor.objects.annotate(noted_on=Max("notes__noted_on")).order_by("name")
    return [CompetitorLine(row, tuple(by_competitor.get(row.pk, ())), row.noted_on) for row in rows]


def competitors() -> QuerySet[Competitor]:
    """All of them."""
    return Competitor.objects.all()


def all_products() -> QuerySet[CompetitorProduct]:
    """Every record, whether it still counts or not."""
    return CompetitorProduct.objects.select_related("competitor")


def notes() -> QuerySet[CompetitorNote]:
    """The notes on all of them."""
    return CompetitorNote.objects.all()


def competitor(competitor_id: int) -> Competitor:
    """One competitor."""
    return Competitor.objects.get(pk=competitor_id)


def records_of(competitor_id: int, as_of: date) -> tuple[list[Record], list[Record]]:
    """Its records that count, and all that they took the place of, the newest first."""
    current = set(
        current_products(as_of).filter(competitor_id=competitor_id).values_list("pk", flat=True)
    )
    rows = aged(
        CompetitorProduct.objects.filter(competitor_id=competitor_id)
        .select_related("added_by")
        .order_by("name", "-source_on", "-pk"),
        as_of,
    )
    now = [record for record in rows if record.product.pk in current]
    return now, [record for record in rows if record.product.pk not in current]


def notes_of(competitor_id: int) -> QuerySet[CompetitorNote]:
    """The notes, the newest first."""
    rows = CompetitorNote.objects.filter(competitor_id=competitor_id)
    return rows.select_related("by").order_by("-noted_on", "-pk")


def record_of(product_id: int, as_of: date) -> tuple[Record, list[Record]]:
    """One record, and every other of the same product, the newest first."""
    product = CompetitorProduct.objects.select_related("competitor", "added_by").get(pk=product_id)
    same = (
        CompetitorProduct.objects.filter(competitor_id=product.competitor_id, name=product.name)
        .exclude(pk=product.pk)
        .order_by("-source_on", "-pk")
    )
    return aged([product], as_of)[0], aged(same, as_of)


def records_by_id(product_ids: Iterable[int], as_of: date) -> list[Record]:
    """These records, whether they still count or not."""
    rows = CompetitorProduct.objects.filter(pk__in=list(product_ids)).select_related("competitor")
    return aged(rows, as_of)


def told_by(product: CompetitorProduct, user: User) -> Customer | None:
    """The customer who told us, where this user may see that customer."""
    if product.customer_id is None:
        return None
    return Customer.objects.visible_to(user).filter(pk=product.customer_id).first()


@dataclass(frozen=True)
class SegmentCheck:
    """Whether the facts for one family are young enough to start a campaign (COM-4)."""

    family: str
    young: tuple[Record, ...]
    old: tuple[Record, ...]

    @property
    def is_fresh(self) -> bool:
        """At least one record, and none too old."""
        return bool(self.young) and not self.old


def stale_for_segment(
    *,
    as_of: date,
    families: Iterable[str],
    industries: Iterable[str] = (),
    regions: Iterable[str] = (),
) -> list[SegmentCheck]:
    """The families of a target segment whose competitor records are missing or too old.

    A record concerns the segment where it does not avoid all of its ``industries`` (heads of codes)
    and sells in one of its ``regions`` (division codes); it is young while seen within
    ``competitor.valid_days`` and not expired. An empty answer lets the campaign start.
    """
    oldest = as_of - timedelta(days=valid_days(as_of))
    heads, places = tuple(industries), tuple(regions)
    wanted = list(dict.fromkeys(families))
    records = [
        record
        for record in current_records(as_of, families=wanted)
        if _concerns(record.product, heads, places)
    ]
    checks = []
    for family in wanted:
        mine = [record for record in records if record.product.family == family]
        young = [it for it in mine if it.age.is_valid and it.product.source_on >= oldest]
        old = [record for record in mine if record not in young]
        checks.append(SegmentCheck(family, tuple(young), tuple(old)))
    return [check for check in checks if not check.is_fresh]


def _concerns(product: CompetitorProduct, heads: Sequence[str], places: Sequence[str]) -> bool:
    avoided = tuple(product.avoided_industries)
    if heads and avoided and all(head.startswith(avoided) for head in heads):
        return False
    if places and product.regions:
        return any(
            place.startswith(here) or here.startswith(place)
            for place in places
            for here in product.regions
        )
    return True


def valid_days(as_of: date) -> int:
    """How many days a record holds that does not say otherwise."""
    return parameters(as_of).number("competitor.valid_days")


def expiring_days(as_of: date) -> int:
    """How many days before its end a record counts as expiring soon."""
    return parameters(as_of).number("competitor.expiring_days")


def aged(rows: Iterable[CompetitorProduct], as_of: date) -> list[Record]:
    """The rows with their age on one day."""
    found = list(rows)
    days = expiring_days(as_of) if found else 0
    return [Record(row, age_of(row, as_of, days)) for row in found]
