"""Which customers an offer fits, who misses by one rule, and who by one fact: within reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from crm.core.conditions import from_data
from crm.core.models import Branch, User
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.selectors.keyset import Order, Place, capped_count, keyset_page, read_place
from products.models import OfferFit, Product, ProductVersion
from products.selectors.book import matched_book
from products.selectors.fit_groups import DIMENSIONS, in_group

PAGE = 50
HUGE = 10**9  # beyond every score
ORDER = Order("score", is_descending=True, key="customer_id")
SHOWN = (
    "customer_id",
    "score",
    "rule",
    "customer__name",
    "customer__is_do_not_contact",
    "customer__manager__full_name",
    "customer__branch__name",
    "customer__portrait__stage",
    "customer__portrait__tier",
    "customer__portrait__size_class",
)


@dataclass(frozen=True)
class FitQuery:
    """One list, as it stands in its address."""

    kind: str = OfferFit.Kind.FITS
    branch: int | None = None
    manager: int | None = None
    rule: str = ""
    group: Mapping[str, str] = field(default_factory=dict)  # stage, industry or asset style: value
    place: Place | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return bool(self.branch or self.manager or self.rule or self.group)

    def address(self, **changes: Any) -> str:
        """The query string of this list, or of one that differs by ``changes``."""
        other = replace(self, **{"place": None, **changes})
        query = QueryDict(mutable=True)
        query["kind"] = other.kind
        for name in ("branch", "manager", "rule"):
            if value := getattr(other, name):
                query[name] = str(value)
        for name in sorted(other.group):
            query[name] = other.group[name]
        if other.place is not None:
            query["at"] = other.place.written()
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class FitPage:
    """The rows of one page, and the lists before and after it."""

    rows: list[dict[str, Any]]
    previous: FitQuery | None
    next: FitQuery | None


@dataclass(frozen=True)
class MatchedVersion:
    """The version that was matched last; ``newer`` is one in force that waits for the next run."""

    version: ProductVersion | None
    newer: ProductVersion | None = None


def read_fit_query(data: Mapping[str, Any]) -> FitQuery:
    """The list that an address asks for; what cannot be read is left out."""
    kind = data.get("kind", "")
    return FitQuery(
        kind=kind if kind in OfferFit.Kind.values else OfferFit.Kind.FITS,
        branch=_number(data.get("branch", "")),
        manager=_number(data.get("manager", "")),
        rule=str(data.get("rule", ""))[:32].replace("\x00", ""),
        group={
            name: value[:32]
            for name in DIMENSIONS
            if (value := str(data.get(name, "")).replace("\x00", ""))
        },
        place=read_place(str(data.get("at", ""))),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def product_of(*, code: str) -> Product:
    """The product of this code, or DoesNotExist."""
    return Product.objects.get(code=code.replace("\x00", ""))


def matched_version(product: Product) -> MatchedVersion:
    """The version whose fits are stored, and the one in force when that is another."""
    fits = OfferFit.objects.filter(version=OuterRef("pk"))
    rows = product.versions.filter(state__in=("effective", "superseded", "withdrawn"))
    known = list(rows.annotate(is_matched=Exists(fits)).order_by("-no")[:20])
    in_force = next((row for row in known if row.state == "effective"), None)
    matched = next((row for row in known if row.is_matched), in_force)
    newer = in_force if in_force is not None and in_force != matched else None
    return MatchedVersion(matched, newer)


def fit_rows(*, user: User, version: ProductVersion, query: FitQuery) -> QuerySet[OfferFit]:
    """The fits this list holds, in no order."""
    rows = OfferFit.objects.visible_to(user).filter(version=version, kind=query.kind)
    if query.branch:
        rows = rows.filter(_in_unit(query.branch))
    if query.manager:
        rows = rows.filter(customer__manager=query.manager)
    if query.rule and query.kind != OfferFit.Kind.FITS:
        rows = rows.filter(rule=query.rule)
    for dimension, value in query.group.items():
        rows = rows.filter(in_group(dimension, value))
    return rows


def _in_unit(branch_id: int) -> Q:
    """Customers of the unit and of all below it."""
    pair = Branch.objects.filter(pk=branch_id).values_list("scope_lo", "scope_hi").first()
    return Q(customer__scope_no__range=pair) if pair else Q(customer__in=[])


def fit_page(*, user: User, version: ProductVersion, query: FitQuery) -> FitPage:
    """Fifty customers, the best score first."""
    rows = fit_rows(user=user, version=version, query=query)
    place = query.place if _is_score(query.place) else None
    page = keyset_page(rows, ORDER, size=PAGE, place=place)
    own = OfferFit.objects.visible_to(user).filter(version=version, customer__in=page.keys)
    found = {row["customer_id"]: row for row in own.values(*SHOWN)}
    return FitPage(
        rows=[found[key] for key in page.keys if key in found],
        previous=replace(query, place=page.previous) if page.previous else None,
        next=replace(query, place=page.next) if page.next else None,
    )


def _is_score(place: Place | None) -> bool:
    return place is not None and isinstance(place.value, int | float) and abs(place.value) < HUGE


def fit_counts(*, user: User, version: ProductVersion, query: FitQuery) -> dict[str, int]:
    """Customers in each tab under the filters of the list, none counted beyond the cap.

    The rule in the way belongs to its own tab; the others are counted without it.
    """
    counts = {}
    for kind in OfferFit.Kind.values:
        rule = query.rule if kind == query.kind else ""
        rows = fit_rows(user=user, version=version, query=replace(query, kind=kind, rule=rule))
        counts[kind] = capped_count(rows)
    return counts


def bank_counts(version: ProductVersion) -> list[tuple[str, str, int]]:
    """Customers of the whole bank by (kind, rule in the way); for who may see numbers only."""
    rows = OfferFit.objects.filter(version=version).values_list("kind", "rule")
    return list(rows.annotate(count=Count("customer")).order_by("kind", "-count", "rule"))


def obstacles(version: ProductVersion) -> dict[str, dict[str, Text]]:
    """What may stand in the way, by kind: rules by their sentence, facts by their name.

    The rules are those of the book that customers were matched by, which has more than the
    version's own; those of the version where that book does not hold it.
    """
    book = matched_book()
    offer = book.offer(version.pk) if book is not None else None
    conditions = (
        [(rule.code, rule.text, rule.tree) for rule in offer.rules]
        if offer is not None
        else [
            (rule.code, rule.text, from_data(rule.condition))
            for rule in version.rules.order_by("seq")
        ]
    )
    facts = sorted({key for _code, _text, tree in conditions for key in tree.features()})
    return {
        OfferFit.Kind.ALMOST: {code: text for code, text, _tree in conditions},
        OfferFit.Kind.UNKNOWN: {
            key: COLUMNS[key].label if key in COLUMNS else key for key in facts
        },
    }


def units_in_reach(user: User) -> list[tuple[int, str]]:
    """Units whose whole interval the user sees."""
    return list(
        Branch.objects.filter(_inside(user, "scope_lo", "scope_hi"))
        .order_by("scope_lo")
        .values_list("pk", "name")
    )


def managers_in_reach(user: User) -> list[tuple[int, str]]:
    """Relationship managers whom the user sees."""
    people = User.objects.filter(_inside(user, "scope_no", "scope_no"), role="rm")
    return list(people.order_by("scope_no").values_list("pk", "full_name"))


def _inside(user: User, low: str, high: str) -> Q:
    found = Q(pk__in=[])
    for first, last in user.reach():
        found |= Q(**{f"{low}__gte": first, f"{high}__lte": last})
    return found
