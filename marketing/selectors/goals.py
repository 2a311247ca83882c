"""Goals as pages read them: figures of a place and its parts, and the rows that count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from crm.core.models import Branch, Job, User
from crm.core.parameters import Parameters, parameters
from crm.core.scope import ScopedQuerySet
from crm.core.words import Text
from customers.models import Customer, FiveClass, ProductFamily
from marketing.goals import METRICS, Metric, Parts, Source
from marketing.goals.inclusive import CALIBERS, Caliber
from marketing.goals.pace import Goal, Light, Pace, pace
from marketing.goals.statement import metric_values, relation
from marketing.models import CoordinationItem, GoalRun, GoalSum, RegTarget
from marketing.selectors.goals_units import Place, below, rest_name, units_changed_since
from products.models.terms import GuaranteeMode

State = RegTarget.State
PAGE = 50
Key = tuple[str, str, date]  # metric, caliber, first day of the period


@dataclass(frozen=True)
class Line:
    """One goal of a place: the figure, the target and where it stands."""

    metric: Metric
    caliber: Caliber | None
    period_from: date
    parts: Parts
    actual: Decimal | None
    goal: RegTarget | None = None
    pace: Pace | None = None
    waiting: RegTarget | None = None  # proposed, not decided yet

    @property
    def light(self) -> Light:
        """The colour, or none where there is no goal."""
        return self.pace.light if self.pace else Light.NONE

    @property
    def caliber_key(self) -> str:
        """How the address names the caliber."""
        return self.caliber.key if self.caliber else ""


@dataclass(frozen=True)
class Sheet:
    """Every goal of a place, its parts, and how old the figures are."""

    place: Place
    lines: tuple[Line, ...]
    parts: tuple[tuple[Place, tuple[Line, ...]], ...]
    rest: tuple[Line, ...]  # customers of the place itself, in none of its parts
    rest_name: str
    as_of: date | None
    computed_at: datetime | None
    version: str

    @property
    def points(self) -> Decimal | None:
        """Weight of the green goals, of all goals with a light."""
        told = [(line.goal.weight, line.light) for line in self.lines if line.goal and line.light]
        whole = sum((weight for weight, _light in told), Decimal(0))
        green = sum((weight for weight, light in told if light == Light.GREEN), Decimal(0))
        return green / whole if whole else None


def newest_run() -> GoalRun | None:
    """The newest count; none before the first, or when the tree has other numbers since."""
    run = GoalRun.objects.order_by("-computed_at").first()
    return None if run is None or units_changed_since(run.computed_at) else run


def unfinished_count() -> bool:
    """Whether a count is asked for and not done yet."""
    return Job.objects.filter(kind="goals.count", state__in=("waiting", "running")).exists()


def goals_of(*, unit: Branch | None, period_from: date) -> QuerySet[RegTarget]:
    """Goals of a unit that are in force or proposed for this period."""
    rows = RegTarget.objects.filter(branch=unit, period_from=period_from)
    return rows.exclude(state=State.REPLACED).filter(metric__in=METRICS.keys())


def goals_stamp(rows: Sequence[RegTarget]) -> str:
    """What changes with any change of these goals: who writes says which ones were read."""
    told = sorted((row.pk, row.version, str(row.state)) for row in rows)
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def goal_sheet(*, user: User, place: Place, today: date) -> Sheet:
    """The goals of a place that lies in the user's reach, with those of its parts."""
    run = newest_run()
    as_of = run.as_of if run else today
    known = parameters(as_of)
    children = below(place)
    goals = _goals([place, *children], as_of)
    keys = _keys(goals, as_of)
    sums = _sums(user, [place, *children], keys) if run else None
    told = [
        tuple(_line(key, index, sums, goals, one, as_of, known) for key in keys)
        for index, one in enumerate([place, *children])
    ]
    return Sheet(
        place,
        told[0],
        tuple(zip(children, told[1:], strict=True)),
        tuple(_left(told[0], told[1:])) if children else (),
        rest_name(children),
        run.as_of if run else None,
        run.computed_at if run else None,
        run.parameters if run else known.version,
    )


def _goals(places: Sequence[Place], as_of: date) -> dict[int, dict[Key, list[RegTarget]]]:
    """Goals in force or proposed, by unit."""
    units = [place.unit.pk for place in places if place.unit]
    rows = RegTarget.objects.filter(
        branch__in=units, period_from__lte=as_of, period_to__gte=as_of, metric__in=METRICS.keys()
    ).exclude(state=State.REPLACED)
    found: dict[int, dict[Key, list[RegTarget]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.branch_id][(row.metric, row.caliber, row.period_from)].append(row)
    return found


def _keys(goals: dict[int, dict[Key, list[RegTarget]]], as_of: date) -> list[Key]:
    """Each metric under the usual caliber for the year, and whatever else the goals name."""
    year = date(as_of.year, 1, 1)
    asked: set[Key] = {key for unit in goals.values() for key in unit}
    covered = {metric for metric, _caliber, _start in asked}
    asked |= {(one.key, one.caliber, year) for one in METRICS if one.key not in covered}
    order = {key: place for place, key in enumerate(METRICS.keys())}
    known = [key for key in asked if key[1] in METRICS[key[0]].calibers]
    return sorted(known, key=lambda key: (order[key[0]], key[1], key[2]))


def _sums(user: User, places: Sequence[Place], keys: Sequence[Key]) -> dict[tuple[int, Key], Parts]:
    """Parts by place and key, from one query; only what the user may see."""
    found: dict[tuple[int, Key], Parts] = defaultdict(Parts)
    if not places or not keys:
        return found
    whole = places[0]
    rows = (
        GoalSum.objects.visible_to(user)
        .filter(
            scope_no__range=(whole.low, whole.high),
            metric__in={key[0] for key in keys},
            period_from__in={key[2] for key in keys},
        )
        .values_list(
            "scope_no", "metric", "caliber", "period_from", "rows", "top", "bottom", "whole_top",
            "whole_bottom",
        )
    )  # fmt: skip
    for scope_no, metric, caliber, start, *parts in rows:
        for index, place in enumerate(places):
            if place.low <= scope_no <= place.high:
                key = (metric, caliber, start)
                found[(index, key)] += Parts(*parts)
    return found


def _line(
    key: Key,
    index: int,
    sums: dict[tuple[int, Key], Parts] | None,
    goals: dict[int, dict[Key, list[RegTarget]]],
    place: Place,
    as_of: date,
    known: Parameters,
) -> Line:
    metric = METRICS[key[0]]
    parts = sums[(index, key)] if sums is not None else Parts()
    actual = metric.value(parts) if sums is not None else None  # nothing was counted
    own = goals[place.unit.pk][key] if place.unit else []
    goal = next((row for row in own if row.state == State.APPROVED), None)
    waiting = next((row for row in own if row.state != State.APPROVED), None)
    told = None
    if goal is not None:
        aim = Goal(goal.target, goal.baseline, goal.period_from, goal.period_to)
        told = pace(metric, aim, actual, today=as_of, amber=known.share("goals.amber"))
    caliber = CALIBERS[key[1]] if key[1] else None
    return Line(metric, caliber, key[2], parts, actual, goal, told, waiting)


def _left(whole: Sequence[Line], parts: Sequence[Sequence[Line]]) -> list[Line]:
    """What the place holds beside its parts: customers nobody below looks after."""
    found = []
    for number, line in enumerate(whole):
        others = [part[number].parts for part in parts]
        left = Parts(
            line.parts.rows - sum(other.rows for other in others),
            *(
                getattr(line.parts, name) - sum(getattr(other, name) for other in others)
                for name in ("top", "bottom", "whole_top", "whole_bottom")
            ),
        )
        found.append(
            Line(line.metric, line.caliber, line.period_from, left, line.metric.value(left))
        )
    return found if any(line.parts != Parts() for line in found) else []


@dataclass(frozen=True)
class Counted:
    """One row that counts, with the customer and what the list says of it."""

    ref: int
    customer: Customer
    amount: Decimal
    row: dict[str, Any]

    @property
    def family_label(self) -> Text:
        """The product family of a loan."""
        return ProductFamily(self.row["kind"]).label

    @property
    def class_label(self) -> Text:
        """The class of a loan."""
        return FiveClass(self.row["state"]).label

    @property
    def guarantee_label(self) -> Text:
        """How a loan is secured."""
        words: dict[str, Text] = dict(GuaranteeMode.choices)
        return words.get(self.row["guarantee"], str(self.row["guarantee"]))

    @property
    def item_label(self) -> Text:
        """The state of a coordination item."""
        return CoordinationItem.State(self.row["state"]).label


_SHOWN = {
    Source.LOAN: (
        "l.loan_no AS title, l.family AS kind, r.balance AS balance, r.total_credit AS credit, "
        "l.rate AS rate, l.drawn_on AS on_day, l.matures_on AS until_day, l.five_class AS state, "
        "l.guarantee_mode AS guarantee, l.principal_amount AS amount",
        "JOIN marketing_goalloan r ON r.loan_id = q.ref JOIN customers_loan l ON l.id = q.ref",
    ),
    Source.CUSTOMER: ("q.top AS amount", ""),
    Source.ITEM: (
        "i.list_no AS title, i.kind AS kind, i.state AS state, i.received_on AS on_day, "
        "i.due_on AS until_day, i.wanted_amount AS amount",
        "JOIN marketing_coordinationitem i ON i.id = q.ref",
    ),
}


def counted_rows(
    *, user: User, place: Place, metric: Metric, caliber: str, period_from: date, page: int = 1
) -> tuple[list[Counted], int]:
    """One page of the rows that count for a place, the largest first, and how many there are.

    The very condition of the figure; each row also stands in the user's own reach today.
    """
    run = newest_run()
    if run is None:
        return [], 0
    values = metric_values(
        caliber=caliber, period_from=period_from, as_of=run.as_of, known=parameters(run.as_of)
    )
    values |= {"skip": (page - 1) * PAGE, "most": PAGE}
    at_place, there = place_sql(place)
    reach, more = reach_sql(user)
    columns, joins = _SHOWN[metric.source]
    base = (
        f"FROM ({relation(metric)}) q JOIN customers_customer c ON c.id = q.customer_id "
        f"WHERE q.counts AND {at_place} AND {reach}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {base}", values | there | more)
        count = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT q.ref, q.customer_id, {columns} FROM (SELECT q.* {base} ORDER BY q.top DESC, "
            f"q.ref LIMIT %(most)s OFFSET %(skip)s) q {joins} ORDER BY q.top DESC, q.ref",
            values | there | more,
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    people = customers_by_key(user, [row["customer_id"] for row in rows])
    return [
        Counted(row["ref"], people[row["customer_id"]], row["amount"], row) for row in rows
    ], count


def place_sql(place: Place) -> tuple[str, dict[str, int]]:
    """The place as a condition on ``q``, with its values."""
    values, told = {"low": place.low, "high": place.high}, "q.scope_no BETWEEN %(low)s AND %(high)s"
    for number, (low, high) in enumerate(place.besides):
        values |= {f"out_low_{number}": low, f"out_high_{number}": high}
        told += f" AND q.scope_no NOT BETWEEN %(out_low_{number})s AND %(out_high_{number})s"
    return f"({told})", values


def reach_sql(user: User) -> tuple[str, dict[str, int]]:
    """The reach as a condition on ``c``, with its values."""
    values: dict[str, int] = {}
    told = []
    for number, (low, high) in enumerate(user.reach()):
        values |= {f"reach_low_{number}": low, f"reach_high_{number}": high}
        told.append(f"c.scope_no BETWEEN %(reach_low_{number})s AND %(reach_high_{number})s")
    return (f"({' OR '.join(told)})" if told else "false"), values


def customers_by_key(user: User, ids: Sequence[int]) -> dict[int, Customer]:
    rows: ScopedQuerySet = Customer.objects.visible_to(user)
    return {one.pk: one for one in rows.filter(Q(pk__in=ids)).select_related("manager", "branch")}
