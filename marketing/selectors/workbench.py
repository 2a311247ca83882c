"""The cards beside the queue: the route of the day, the pipeline, figures of the month, a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from crm.core.models import User
from crm.core.months import last_closed
from customers.models import Customer, Loan, MonthRollup
from marketing.models import Opportunity, PlannedVisit, Visit
from marketing.pipeline import TRACKS
from marketing.pipeline.clock import overdue
from marketing.selectors.queue import team_sizes


@dataclass(frozen=True)
class StageLine:
    """One stage of the user's open opportunities."""

    pipeline: str
    stage: str
    label: Any
    track: Any
    count: int
    amount: Decimal | None
    late: int


@dataclass(frozen=True)
class MyPipeline:
    """The open opportunities of one person by stage, with their weighted value."""

    lines: Sequence[StageLine]
    count: int
    weighted: float


@dataclass(frozen=True)
class TeamLine:
    """What waits at one member of the team."""

    member: User
    total: int
    due: int
    parts: Sequence[tuple[str, int]]


def my_pipeline(*, user: User, today: date) -> MyPipeline:
    """In one statement."""
    late = Count("pk", filter=overdue(today))
    rows = (
        Opportunity.objects.visible_to(user)
        .filter(owner=user, state=Opportunity.State.OPEN)
        .order_by()
        .values("pipeline", "stage")
        .annotate(
            count=Count("pk"),
            total=Sum("amount"),
            late=late,
            weighted=Sum(Cast("amount", FloatField()) * F("probability")),
        )
    )
    held = {(row["pipeline"], row["stage"]): row for row in rows}
    lines = [
        StageLine(
            track.key, stage.key, stage.label, track.label, row["count"], row["total"], row["late"]
        )
        for track in TRACKS.values()
        for stage in track.stages
        if (row := held.get((track.key, stage.key)))
    ]
    weighted = sum(row["weighted"] or 0 for row in held.values())
    return MyPipeline(lines, sum(line.count for line in lines), weighted)


def month_figures(*, user: User, today: date) -> dict[str, Any]:
    """The month so far: visits, new lending, first loans; deposits of the last month; overdue."""
    first = today.replace(day=1)
    start = timezone.make_aware(datetime.combine(first, time.min))
    visits = Visit.objects.filter(manager=user, started_at__gte=start).count()
    planned = PlannedVisit.objects.filter(manager=user, on__gte=first, on__lte=today)
    loans = Loan.objects.visible_to(user).filter(drawn_on__gte=first, drawn_on__lte=today)
    lent = loans.aggregate(
        amount=Sum("principal_amount"), first=Count("pk", filter=Q(is_first_loan=True))
    )
    month = last_closed(today)
    rows = MonthRollup.objects.visible_to(user).filter(ym__in=(month, month - 1)).order_by()
    deposits = {
        row["ym"]: row["held"] for row in rows.values("ym").annotate(held=Sum("deposit_average"))
    }
    late = Customer.objects.visible_to(user).filter(portrait__days_past_due__gt=0)
    return {
        "visits": visits,
        "planned": planned.exclude(state=PlannedVisit.State.DROPPED).count(),
        "lent": lent["amount"] or Decimal(0),
        "first_loans": lent["first"],
        "deposits": deposits.get(month),
        "deposit_change": _change(deposits.get(month), deposits.get(month - 1)),
        "late": late.count(),
    }


def _change(now: Any, before: Any) -> float | None:
    return float(now) / float(before) - 1 if now is not None and before else None


def team_lines(*, user: User, today: date) -> list[TeamLine]:
    """The managers in a leader's reach with what waits at each, the fullest list first."""
    within = Q(pk__in=[])
    for low, high in user.reach():
        within |= Q(scope_no__range=(low, high))
    members = list(User.objects.filter(within, role="rm", is_active=True).order_by("scope_no"))
    sizes = team_sizes(user=user, today=today, members=members)
    lines = []
    for member in members:
        held = sizes.get(member.pk, {})
        parts = sorted(((key, total) for key, (total, _due) in held.items()), key=lambda x: -x[1])
        lines.append(
            TeamLine(
                member,
                sum(total for total, _due in held.values()),
                sum(due for _total, due in held.values()),
                parts,
            )
        )
    return sorted(lines, key=lambda line: (-line.due, -line.total, line.member.scope_no))
