"""How suggestions did: by product, by reason, by month, and chance told against what happened.

Counts only, over the user's reach; who has no customers to see (the catalogue) counts the bank.
A share comes with its Wilson interval, so that three of four is not read as 75 %. Openings count
for suggestions whose window of days is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, F, FloatField, IntegerField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncMonth

from crm.core.models import User
from crm.core.months import month_start, ym_of
from crm.core.roles import Reach
from products.models import Product, PropensityModel, Suggestion

MONTHS = 12
OUTCOME_DAYS = 90  # an opening counts for a suggestion made so many days before it, or fewer
Z = 1.96  # 95 %
BANDS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)  # of the chance told
STATES = Suggestion.State


@dataclass(frozen=True)
class Share:
    """How many of how many, with the interval that holds the true share in 95 of 100 cases."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the share; None of nothing."""
        return wilson(self.part, self.whole)


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """Lower and upper bound of a share (Wilson 1927, without continuity correction)."""
    if whole == 0:
        return None
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = share * (1 - share) / whole + square / (4 * whole * whole)
    half = Z * sqrt(spread) / (1 + square / whole)
    return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass
class Line:
    """One row: what was made, seen, answered, and opened where the window is over."""

    key: str
    made: int = 0
    seen: int = 0
    accepted: int = 0
    declined: int = 0
    over: int = 0  # whose window is over
    opened: int = 0  # of those
    why: dict[str, int] = field(default_factory=dict)  # declined by reason

    @property
    def accepting(self) -> Share:
        """Accepted of the answered."""
        return Share(self.accepted, self.accepted + self.declined)

    @property
    def opening(self) -> Share:
        """Opened of those whose window is over."""
        return Share(self.opened, self.over)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one more group in."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + row[name])


COUNTED = ("made", "seen", "accepted", "declined", "over", "opened")


@dataclass(frozen=True)
class Band:
    """Suggestions whose chance lay in one band: the mean told, and what happened."""

    low: float
    high: float
    told: float | None
    opening: Share


@dataclass(frozen=True)
class Precision:
    """The whole page."""

    since: date
    days: int
    total: Line
    products: list[Line]
    reasons: list[Line]
    months: list[Line]
    bands: list[Band]
    models: list[tuple[int | None, int]]
    active: PropensityModel | None
    names: Mapping[str, str]


def precision_of(*, user: User, today: date, model: int | None = None) -> Precision:
    """What became of a year's suggestions; ``model``: of one version of the model only."""
    days = OUTCOME_DAYS
    since = month_start(ym_of(today) - MONTHS + 1)
    made = _made(user, since)
    models = made.order_by("model").values_list("model").annotate(Count("pk"))
    if model is not None:
        made = made.filter(model=model or None)
    groups = _groups(made, today - timedelta(days=days))
    products = _lines(groups, "code")
    for code, reason, count in _declined(made):
        products[code].why[reason] = count
    total = Line("")
    for row in groups:
        total.add(row)
    return Precision(
        since=since,
        days=days,
        total=total,
        products=sorted(products.values(), key=lambda line: (-line.made, line.key)),
        reasons=_by_reason(made, today - timedelta(days=days)),
        months=sorted(_lines(groups, "month").values(), key=lambda line: line.key),
        bands=_bands(made, today - timedelta(days=days)),
        models=list(models),
        active=PropensityModel.objects.filter(state=PropensityModel.State.ACTIVE).first(),
        names={product.code: product.name for product in Product.objects.all()},
    )


def _made(user: User, since: date) -> QuerySet[Any]:
    """Every suggestion since the day, with when it was made and by which model."""
    everything: QuerySet[Any] = Suggestion.objects.all()
    is_bank = user.duty.reach == Reach.NONE  # counts of the bank, never a customer
    found = everything if is_bank else Suggestion.objects.visible_to(user)
    dated: QuerySet[Any] = found.annotate(
        made_on=Cast(KT("receipt__made__as_of"), DateField()),
        model=Cast(KT("receipt__made__model"), IntegerField()),
        told=Cast(KT("receipt__made__chance"), FloatField()),
    ).filter(made_on__gte=since)
    return dated


def _counts(over_by: date) -> dict[str, Count]:
    is_over = Q(made_on__lte=over_by)
    return {
        "made": Count("pk"),
        "seen": Count("pk", filter=Q(seen_at__isnull=False)),
        "accepted": Count("pk", filter=Q(state=STATES.ACCEPTED)),
        "declined": Count("pk", filter=Q(state=STATES.DECLINED)),
        "over": Count("pk", filter=is_over),
        "opened": Count("pk", filter=is_over & Q(opened_on__isnull=False)),
    }


def _groups(made: QuerySet[Any], over_by: date) -> list[dict[str, Any]]:
    """The counts of each product and month."""
    rows = made.annotate(month=TruncMonth("made_on"), code=F("version__product__code"))
    return list(rows.order_by().values("month", "code").annotate(**_counts(over_by)))


def _lines(groups: Iterable[Mapping[str, Any]], key: str) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for row in groups:
        name = f"{row[key]:%Y-%m}" if key == "month" else row[key]
        found.setdefault(name, Line(name)).add(row)
    return found


def _declined(made: QuerySet[Any]) -> QuerySet[Any]:
    declined: QuerySet[Any] = made.filter(state=STATES.DECLINED).order_by()
    rows: QuerySet[Any] = declined.values_list("version__product__code", "decline_reason").annotate(
        Count("pk")
    )
    return rows


def _by_reason(made: QuerySet[Any], over_by: date) -> list[Line]:
    """The same by reason: a suggestion counts under each of its reasons once."""
    rows = made.order_by().values("pk", "reasons", "state", "seen_at", "made_on", "opened_on")
    inner, params = rows.query.sql_with_params()
    sql = f"""
        SELECT e.code, count(*), count(*) FILTER (WHERE s.seen_at IS NOT NULL),
            count(*) FILTER (WHERE s.state = 'accepted'),
            count(*) FILTER (WHERE s.state = 'declined'),
            count(*) FILTER (WHERE s.made_on <= %s),
            count(*) FILTER (WHERE s.made_on <= %s AND s.opened_on IS NOT NULL)
        FROM ({inner}) s CROSS JOIN LATERAL (
            SELECT DISTINCT one->>'code' AS code FROM jsonb_array_elements(s.reasons) one) e
        GROUP BY e.code ORDER BY 2 DESC, 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [over_by, over_by, *params])
        return [
            Line(code, **dict(zip(COUNTED, counts, strict=True)))
            for code, *counts in cursor.fetchall()
        ]


def _bands(made: QuerySet[Any], over_by: date) -> list[Band]:
    """Chance told against the share that opened, where the window is over."""
    over = made.filter(made_on__lte=over_by).order_by()
    sums: dict[int, tuple[float, int, int]] = defaultdict(lambda: (0.0, 0, 0))
    rows = over.values_list("told").annotate(
        n=Count("pk"), opened=Count("pk", filter=Q(opened_on__isnull=False))
    )
    for told, count, opened in rows:
        place = max(number for number, low in enumerate(BANDS[:-1]) if told >= low)
        total, whole, part = sums[place]
        sums[place] = (total + told * count, whole + count, part + opened)
    return [
        Band(BANDS[place], BANDS[place + 1], total / whole, Share(part, whole))
        for place, (total, whole, part) in sorted(sums.items())
    ]
