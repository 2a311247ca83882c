"""Goals are counted in the background, proposed by the unit and approved by the unit above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import enqueue
from crm.core.models import Branch, Job, User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from marketing.goals import METRICS, Metric
from marketing.goals.spec import Unit
from marketing.goals.statement import BUILD, FREEZE, build_values, figures, metric_values
from marketing.models import GoalLoan, GoalRun, GoalSum, RegTarget
from marketing.selectors.goals import goals_of, goals_stamp
from marketing.selectors.goals_units import is_above, is_within

KIND = "goals.count"
LOCK = 7_340_909  # one count at a time
MOST, PLACES = Decimal(10) ** 16, Decimal("0.0001")  # what a goal's row holds
State = RegTarget.State
Figures = tuple[Decimal, Decimal | None, Decimal]  # target, baseline, weight


@transaction.atomic
def count_goals(*, as_of: date) -> int:
    """The rows and sums of every metric are those of ``as_of``; returns the rows written.

    Counted for the calendar year and for every period that a goal in force names. A second call
    for the same day gives the same figures.
    """
    known = parameters(as_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        started = timezone.now()  # whatever changes from here on is not in it
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("DELETE FROM marketing_goalloan")
        told = build_values(as_of)
        cursor.execute(FREEZE, told)
        cursor.execute(BUILD, told)
        count: int = cursor.rowcount
        cursor.execute("ANALYZE marketing_goalloan")
        GoalSum.objects.all().delete()
        for metric, caliber, period_from in _wanted(as_of):
            _count_metric(metric, caliber, period_from, as_of, known)
    GoalRun.objects.all().delete()
    GoalRun.objects.create(as_of=as_of, computed_at=started, parameters=known.version)
    return count


def _wanted(as_of: date) -> Iterable[tuple[Metric, str, date]]:
    """Metric, caliber and start of the period of everything that is looked at."""
    year = date(as_of.year, 1, 1)
    goals = RegTarget.objects.exclude(state=State.REPLACED).filter(
        period_from__lte=as_of, period_to__gte=as_of, metric__in=METRICS.keys()
    )
    asked = set(goals.values_list("metric", "caliber", "period_from"))
    asked |= {(metric.key, caliber, year) for metric in METRICS for caliber in metric.calibers}
    return [
        (METRICS[key], caliber, start)
        for key, caliber, start in sorted(asked)
        if caliber in METRICS[key].calibers
    ]


def _count_metric(
    metric: Metric, caliber: str, period_from: date, as_of: date, known: Parameters
) -> None:
    values = metric_values(caliber=caliber, period_from=period_from, as_of=as_of, known=known)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO marketing_goalsum (metric, caliber, period_from, scope_no, rows, top, "
            "bottom, whole_top, whole_bottom) SELECT %(metric)s, %(caliber)s, %(from)s, q.* "
            f"FROM ({figures(metric)}) q",
            values | {"metric": metric.key, "caliber": caliber},
        )


def ask_count(*, as_of: date, by: User | None = None) -> Job:
    """A count is asked for; one that waits already is returned."""
    return enqueue(
        KIND,
        {"as_of": as_of.isoformat()},
        by=by,
        title=_("Count of the goals"),
        unique_key=KIND,
        rows_total=GoalLoan.objects.count(),
    )


@transaction.atomic
def propose_goals(
    *,
    unit: Branch,
    period_from: date,
    period_to: date,
    targets: dict[tuple[str, str], Figures],
    by: User,
    seen: str = "",
) -> list[RegTarget]:
    """Drafts of the goals that differ from those in force: target, baseline and weight by metric.

    DomainError for a unit outside the reach, a metric or caliber that is not known, a figure that
    cannot be, or a period that does not run forward. What is submitted must be decided first.
    ``seen``: the stamp of the goals that were read; 409 when somebody else changed them since.
    """
    _must_edit(unit, by)
    if period_to <= period_from:
        raise DomainError(_("The period ends before it begins."), status=422)
    Branch.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one writer a unit
    rows = list(goals_of(unit=unit, period_from=period_from).select_for_update())
    kept, stamp = {(row.metric, row.caliber, row.state): row for row in rows}, goals_stamp(rows)
    made = []
    for (key, caliber), wanted in sorted(targets.items()):
        told = (*_checked(key, caliber, wanted), period_to)
        if kept.get((key, caliber, State.SUBMITTED)):
            named = {"metric": METRICS[key].label}
            raise DomainError(_("%(metric)s waits for the unit above.") % named, status=409)
        in_force, draft = (kept.get((key, caliber, one)) for one in (State.APPROVED, State.DRAFT))
        if in_force is not None and told == _told(in_force):
            continue
        made.append(draft or RegTarget(branch=unit, metric=key, caliber=caliber))
        if draft is not None and told == _told(draft):
            continue
        if seen and seen != stamp:
            raise DomainError(_("Somebody changed it meanwhile: read it again."), status=409)
        _write(made[-1], period_from, told, by)
    record(by, "marketing.goals_proposed", unit, goals=len(made))
    return made


def _checked(key: str, caliber: str, wanted: Figures) -> Figures:
    """The figures as they are kept; DomainError for what cannot be a goal."""
    metric = METRICS.get(key)
    if metric is None or caliber not in metric.calibers:
        raise DomainError(_("%(metric)s is not a metric.") % {"metric": key}, status=422)
    target, baseline, weight = wanted
    if metric.unit == Unit.SHARE and not 0 <= target <= 1:
        raise DomainError(
            _("%(metric)s lies between 0 and 100 percent.") % {"metric": metric.label}, status=422
        )
    for one in (target, baseline):
        if one is not None and abs(one) >= MOST:
            named = {"feature": metric.label, "value": f"{one:,f}"}
            raise DomainError(_("%(feature)s: %(value)s is too large.") % named, status=422)
    kept = None if baseline is None else baseline.quantize(PLACES)
    return target.quantize(PLACES), kept, weight


def _told(row: RegTarget) -> tuple[Decimal, Decimal | None, Decimal, date]:
    return row.target, row.baseline, row.weight, row.period_to


def _write(
    row: RegTarget,
    period_from: date,
    told: tuple[Decimal, Decimal | None, Decimal, date],
    by: User,
) -> None:
    row.version += row.pk is not None
    row.period_from, row.made_by = period_from, by
    row.target, row.baseline, row.weight, row.period_to = told
    row.save()


@transaction.atomic
def submit_goals(*, unit: Branch, by: User) -> int:
    """The drafts of the unit wait for the unit above; returns how many. Twice changes nothing."""
    _must_edit(unit, by)
    rows = RegTarget.objects.select_for_update().filter(branch=unit, state=State.DRAFT)
    count = 0
    for row in rows:
        row.state, row.made_by = State.SUBMITTED, by
        row.save(update_fields=["state", "made_by"])
        count += 1
    if count:
        record(by, "marketing.goals_submitted", unit, goals=count)
    return count


@transaction.atomic
def decide_goals(*, unit: Branch, is_approved: bool, by: User) -> int:
    """What the unit submitted is in force, or a draft again; returns how many.

    Only somebody of a unit above may decide, and never on what they submitted themselves.
    """
    must_approve(unit, by)
    rows = list(RegTarget.objects.select_for_update().filter(branch=unit, state=State.SUBMITTED))
    if any(row.made_by_id == by.pk for row in rows):
        raise DomainError(_("Somebody else must decide: you submitted these goals."), status=403)
    for row in rows:
        if is_approved:
            RegTarget.objects.filter(
                branch=unit, metric=row.metric, caliber=row.caliber,
                period_from=row.period_from, state=State.APPROVED,
            ).update(state=State.REPLACED)  # fmt: skip
        row.state = State.APPROVED if is_approved else State.DRAFT
        row.decided_by, row.decided_at = (by, timezone.now()) if is_approved else (None, None)
        row.save(update_fields=["state", "decided_by", "decided_at"])
    if rows:
        told = "marketing.goals_approved" if is_approved else "marketing.goals_returned"
        record(by, told, unit, goals=len(rows))
    return len(rows)


def _must_edit(unit: Branch, by: User) -> None:
    if not by.can(Can.EDIT_GOALS):
        raise DomainError(_("Your role does not set goals."), status=403)
    if not is_within(unit, by):
        raise Branch.DoesNotExist


def must_approve(unit: Branch, by: User) -> None:
    """``by`` sits in a unit above ``unit``; the head office decides for itself, four eyes."""
    if not by.can(Can.APPROVE_GOALS):
        raise DomainError(_("Your role does not approve goals."), status=403)
    if not is_within(unit, by):
        raise Branch.DoesNotExist
    if not is_above(by, unit):
        raise DomainError(_("The unit above decides."), status=403)
