"""Care (e.11): the nightly run makes tasks, signals of leaving and the relief list; people close.

``run_care`` may be repeated: one open task a customer and kind, one open relief row a customer, and
the same day finds the same. It runs unscoped on purpose; services for people start at their reach.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.months import last_closed
from crm.core.parameters import Parameters, parameters
from crm.core.workdays import add_working_days
from marketing.care import statements as sql
from marketing.models import CareTask
from marketing.services.satisfaction import answer_with

_WHOLE = (
    "every_days.a", "every_days.b", "every_days.c", "every_days.d", "ahead_days", "step_days",
    "certificate_days", "lease_days", "lease_due_days", "churn.acquiring_days",
    "churn.early_days", "churn.repaid_days", "relief.rest_days",
)  # fmt: skip
_EXACT = (
    "churn.inflow_drop", "churn.least_inflow", "churn.balance_drop", "churn.least_balance",
    "relief.months",
)  # fmt: skip
LOCK = 7_501  # one run at a time
GONE = "已不再需要"  # stored with the row, like every outcome a person writes


def care_parameters(known: Parameters) -> dict[str, Any]:
    """What the statements read on this day."""
    as_of = known.as_of
    rest = timedelta(days=known.number("care.churn.rest_days"))
    return {
        "as_of": as_of,
        "month": last_closed(as_of),
        "gone": GONE,
        "tomorrow": _midnight(as_of + timedelta(days=1)),
        "steps": sorted(int(step) for step in known.numbers("care.maturity_steps")),
        "care_due": add_working_days(as_of, known.number("care.work_days")),
        "churn_due": add_working_days(as_of, known.number("care.churn.work_days")),
        "rested_since": _midnight(as_of) - rest,
        **{f"care.{key}": known.number(f"care.{key}") for key in _WHOLE},
        **{f"care.{key}": known.decimal(f"care.{key}") for key in _EXACT},
    }


@transaction.atomic
def run_care(*, as_of: date) -> dict[str, int]:
    """Tasks, signals and the relief list of the day; returns what is new or dropped, by kind."""
    given = care_parameters(parameters(as_of)) | {"now": timezone.now()}
    made: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for statement in sql.FOLLOWED:
            cursor.execute(statement, given)
        cursor.execute(sql.RELIEVED, given)
        cursor.execute(sql.RELIEF, given)
        made["relief list"] = sum(1 for (is_new,) in cursor.fetchall() if is_new)
        cursor.execute(sql.DROP, given)
        made["dropped"] = cursor.rowcount
        rules = (*sql.CARE, *sql.CHURN, sql.RELIEF_TASK)
        cursor.execute(sql.MAKE.replace("{found}", " UNION ALL ".join(rules)), given)
        made.update(kind for kind, is_new in cursor.fetchall() if is_new)
    return dict(made)


@transaction.atomic
def close_care_task(*, task_id: int, by: User, outcome: str, is_dropped: bool = False) -> CareTask:
    """The task is done, or dropped, with what came of it; a second call changes nothing.

    How content a customer was is done by the mark: the outcome begins with it (CARE-4).
    """
    found = CareTask.objects.visible_to(by).select_for_update(of=("self",))
    task: CareTask = found.select_related("customer").get(pk=task_id)
    if task.state != CareTask.State.OPEN:
        return task
    if not outcome.strip():
        raise DomainError(_("Say what was done."), status=422)
    if task.kind == CareTask.Kind.COMPLAINT:
        raise DomainError(_("This ends when the complaint is closed."), status=409)
    if task.kind == CareTask.Kind.SATISFACTION and not is_dropped:
        return answer_with(task, outcome, by=by)
    task.state = CareTask.State.DROPPED if is_dropped else CareTask.State.DONE
    task.outcome, task.closed_at = outcome.strip()[:200], timezone.now()
    task.save(update_fields=["state", "outcome", "closed_at"])
    record(by, f"marketing.care_{task.state}", task, kind=task.kind)
    return task


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
