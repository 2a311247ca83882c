"""Everything the portrait page of one customer shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.core.models import User
from crm.core.months import last_closed
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.declared_source import decode, raw_sql
from customers.features.spec import ColumnSpec, Dimension, FeatureSpec
from customers.features.steps import ORIGINS
from customers.models import (
    Customer,
    DeclaredRollup,
    InvoiceMonth,
    MonthRollup,
    PeerMonth,
    PeerStatistic,
    Portrait,
    PortraitVersion,
    TouchedMonth,
)
from customers.selectors.portrait_page_missing import Missing

MONTHS = 24
TOP_PARTIES = 5
HISTORY, VERSIONS = 4, 60  # shown on the page, looked through for the last visit
PEERS_KNOWN_FOR = timedelta(days=62)  # quartiles are made once a month
FAR = 1.5  # interquartile ranges from the quartile: a talk point (POR-0)
DATED_BY = {  # origin: the portrait column that says how new its facts are
    "flow": "flow_on",
    "deposit": "deposit_on",
    "line": "line_on",
    "acquiring": "acquiring_on",
    "payroll": "payroll_on",
    "social_security": "social_security_on",
    "channel": "channel_on",
    "utility": "utility_on",
    "bureau": "bureau_on",
    "tax": "tax_on",
    "invoice": "last_activity_on",
    "sale": "last_activity_on",
    "purchase": "last_activity_on",
}


@dataclass(frozen=True)
class Provenance:
    """Where a value comes from: source, quality (of told facts), and the day of its facts."""

    source: str
    on: date | None
    quality: str = ""


@dataclass(frozen=True)
class Month:
    """One month of a chart; None where nothing is known."""

    ym: int
    inflow: float | None = None
    outflow: float | None = None
    peers: float | None = None
    sales: float | None = None
    purchases: float | None = None


@dataclass(frozen=True)
class Party:
    """A buyer or supplier of the last twelve months with invoices."""

    name: str
    amount: float
    share: float
    first_ym: int
    last_ym: int


@dataclass(frozen=True)
class Deviation:
    """A figure far outside what is usual among the peers."""

    column: ColumnSpec
    value: Any
    median: float
    is_high: bool
    distance: float


@dataclass(frozen=True)
class PortraitPage:
    """What was read; ``portrait`` None: nothing was computed yet."""

    portrait: Any | None
    declared: Any | None = None
    earlier: Any | None = None  # the version to tell changes against
    since_visit: bool = False
    flows: Sequence[Month] = ()
    invoices: Sequence[Month] = ()
    buyers: Sequence[Party] = ()
    suppliers: Sequence[Party] = ()
    deviations: Sequence[Deviation] = ()
    is_computing: bool = False
    history: Sequence[dict[str, Any]] = ()
    missing: Sequence[Missing] = ()
    whys: Mapping[str, str] = field(default_factory=dict)  # sentences behind derived columns


def portrait_page(*, user: User, customer: Customer, portrait: Any | None) -> PortraitPage:
    """The page of a customer that the user may see (``customer`` comes from its scope)."""
    computing = is_computing(customer)
    if portrait is None:
        return PortraitPage(None, is_computing=computing)
    known = history(customer)
    earlier, since_visit = earlier_version(portrait, known)
    buyers, suppliers = parties(customer, portrait.as_of)
    return PortraitPage(
        portrait=portrait,
        declared=declared_of(customer, portrait.as_of),
        earlier=earlier,
        since_visit=since_visit,
        flows=flow_months(customer, portrait),
        invoices=invoice_months(customer, portrait.as_of),
        buyers=buyers,
        suppliers=suppliers,
        deviations=deviations(portrait),
        is_computing=computing,
        history=known[:HISTORY],
    )


def current_portrait(*, user: User, customer: Customer) -> Any | None:
    """The stored portrait, or None before the first one."""
    return Portrait.objects.visible_to(user).filter(customer=customer).first()


def declared_of(customer: Customer, as_of: date) -> Any | None:
    """The told facts that stood on the day, one wide row; None when nothing was told."""
    rollups: Any = DeclaredRollup
    found = rollups.objects.filter(customer=customer).first()
    if found is None or found.newest_on <= as_of:
        return found
    sql = raw_sql("AND d.as_of <= %(as_of)s").replace(
        "[[d.customer_id]]", "d.customer_id = %(customer)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"customer": customer.pk, "as_of": as_of})
        row = cursor.fetchone()
        names = [column.name for column in cursor.description]
    return SimpleNamespace(**dict(zip(names, row, strict=True))) if row else None


def is_computing(customer: Customer) -> bool:
    """Whether facts changed that the portrait does not show yet."""
    return TouchedMonth.objects.filter(customer=customer).exists()


def earlier_version(
    portrait: Any, versions: Sequence[Mapping[str, Any]]
) -> tuple[Any | None, bool]:
    """The version known at the last visit (True), else the one before the present (False)."""
    before = [row for row in versions if row["version_no"] < portrait.version_no]
    visited = portrait.last_visit_on
    known = [row for row in before if visited and row["as_of"] <= visited]
    chosen = (known or before)[:1]
    if not chosen:
        return None, False
    row = PortraitVersion.objects.filter(
        customer_id=portrait.customer_id, version_no=chosen[0]["version_no"]
    ).first()
    return row, bool(known)


def history(customer: Customer) -> list[dict[str, Any]]:
    """The newest versions, without their columns."""
    rows = PortraitVersion.objects.filter(customer=customer).order_by("-version_no")
    return list(rows.values("version_no", "as_of", "trigger", "is_material")[:VERSIONS])


def flow_months(customer: Customer, portrait: Any) -> list[Month]:
    """24 months up to the last closed one, with what peers take in; empty without any flow."""
    last = last_closed(portrait.as_of)
    rows = MonthRollup.objects.filter(
        customer=customer, ym__gt=last - MONTHS, ym__lte=last, inflow__isnull=False
    ).values("ym", "inflow", "business_inflow", "outflow")
    found = {row["ym"]: row for row in rows}
    if not found:
        return []
    peers = dict(
        PeerMonth.objects.filter(
            trade_key=portrait.trade_key or "",
            size_class=portrait.size_class or "",
            ym__gt=last - MONTHS,
            ym__lte=last,
        ).values_list("ym", "inflow_median")
    )
    return [_flow(ym, found.get(ym), peers.get(ym)) for ym in range(last - MONTHS + 1, last + 1)]


def _flow(ym: int, row: dict[str, Any] | None, peers: float | None) -> Month:
    if row is None:
        return Month(ym, peers=peers)
    inflow = row["inflow"] if row["business_inflow"] is None else row["business_inflow"]
    return Month(ym, inflow=float(inflow), outflow=_float(row["outflow"]), peers=peers)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def invoice_months(customer: Customer, as_of: date) -> list[Month]:
    """The 24 months up to the last one with invoices; empty without any."""
    rows = list(
        InvoiceMonth.objects.filter(customer=customer, ym__lte=last_closed(as_of))
        .order_by("-ym")
        .values("ym", "sales", "purchases")[:MONTHS]
    )
    if not rows:
        return []
    last = rows[0]["ym"]
    found = {row["ym"]: row for row in rows}
    first = max(last - MONTHS + 1, min(found))
    return [
        Month(ym, sales=float(found[ym]["sales"]), purchases=float(found[ym]["purchases"]))
        if ym in found
        else Month(ym, sales=0.0, purchases=0.0)
        for ym in range(first, last + 1)
    ]


# The year's amount of every counterparty, its share of all positive ones, and the first of them.
PARTIES_SQL = """
SELECT side, counterparty, year_amount, year_amount / total, first_ym, last_ym FROM (
    SELECT g.*, sum(year_amount) OVER (PARTITION BY side) AS total,
        row_number() OVER (PARTITION BY side ORDER BY year_amount DESC, counterparty) AS place
    FROM (
        SELECT z.side, z.counterparty, min(z.ym) AS first_ym, max(z.ym) AS last_ym,
            sum(z.amount) FILTER (WHERE z.ym > e.last_ym - 12) AS year_amount
        FROM customers_counterpartymonth z
        CROSS JOIN (SELECT max(v.ym) AS last_ym FROM customers_invoicemonth v
            WHERE v.customer_id = %(customer)s AND v.ym <= %(last)s) e
        WHERE z.customer_id = %(customer)s AND z.ym > e.last_ym - 24 AND z.ym <= e.last_ym
        GROUP BY z.side, z.counterparty
    ) g WHERE year_amount > 0
) p WHERE place <= %(top)s ORDER BY side, place
"""


def parties(customer: Customer, as_of: date) -> tuple[list[Party], list[Party]]:
    """The largest buyers and suppliers of the twelve months up to the last one with invoices."""
    named = {"customer": customer.pk, "last": last_closed(as_of), "top": TOP_PARTIES}
    sides: dict[str, list[Party]] = {"S": [], "P": []}
    with connection.cursor() as cursor:
        cursor.execute(PARTIES_SQL, named)
        for side, *values in cursor.fetchall():
            sides[side].append(Party(*values))
    return sides["S"], sides["P"]


def deviations(portrait: Any) -> list[Deviation]:
    """Figures more than 1.5 interquartile ranges outside the quartiles of the peers (POR-0)."""
    segments = Q(kind="peers", segment=f"{portrait.trade_key}:{portrait.size_class}")
    segments |= Q(kind="group", segment=portrait.primary_group or "")
    days = (portrait.as_of - PEERS_KNOWN_FOR, portrait.as_of)
    rows = list(PeerStatistic.objects.filter(segments, as_of__range=days).order_by("as_of"))
    found: dict[str, Deviation] = {}
    for row in sorted(rows, key=lambda row: row.kind == "peers"):  # the trade says more
        deviation = _deviation(portrait, row)
        if deviation is not None:
            found[row.column] = deviation
    return sorted(found.values(), key=lambda item: -item.distance)


def _deviation(portrait: Any, row: PeerStatistic) -> Deviation | None:
    value = getattr(portrait, row.column, None)
    spread = row.high_quartile - row.low_quartile
    if value is None or spread <= 0 or row.column not in COLUMNS:
        return None
    above = (float(value) - row.high_quartile) / spread
    below = (row.low_quartile - float(value)) / spread
    if max(above, below) <= FAR:
        return None
    column = COLUMNS[row.column]
    return Deviation(column, value, row.median, above > below, max(above, below))


def provenance(portrait: Any, declared: Any | None, feature: FeatureSpec) -> Provenance | None:
    """Source, quality and day of a known value; None for an unknown one."""
    if getattr(portrait, feature.key) is None:
        return None
    origin = ORIGINS[feature.origin]
    chosen = getattr(portrait, feature.source_column) if feature.source_column else None
    told = _told(declared, feature)
    if told and (origin.trail == "declared" or chosen == told.source or feature.origin in _OURS):
        return told
    on = getattr(portrait, DATED_BY[feature.origin]) if feature.origin in DATED_BY else None
    return Provenance(chosen or origin.source, on or portrait.as_of)


_OURS = frozenset({"registry"})  # a told value stands before the registered one


def _told(declared: Any | None, feature: FeatureSpec) -> Provenance | None:
    """The newest told fact behind a feature."""
    if declared is None:
        return None
    found = []
    for key in feature.declared_keys:
        on, how = getattr(declared, f"{key}_on", None), getattr(declared, f"{key}_how", None)
        if on is not None and how is not None:
            source, quality = decode(how)
            found.append(Provenance(source, on, quality))
    return max(found, key=lambda item: item.on or date.min, default=None)


def feeds(portrait: Any, declared: Any | None, dimension: Dimension) -> list[Provenance]:
    """The sources that feed a dimension with the newest day of each, newest first."""
    newest: dict[str, Provenance] = {}
    for feature in FEATURES:
        if feature.dimension != dimension or feature.origin == "derived":
            continue
        found = provenance(portrait, declared, feature)
        if found is not None and found.on is not None:
            known = newest.get(found.source)
            if known is None or (known.on or date.min) < found.on:
                newest[found.source] = found
    return sorted(newest.values(), key=lambda item: item.on or date.min, reverse=True)
