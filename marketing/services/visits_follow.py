"""What visits left open goes with its customer to the next manager: promises and next steps.

Jobs run unscoped on purpose: whoever may hand a customer over has done it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from crm.core.models import Task, User
from crm.core.parameters import parameters
from crm.core.services.task import add_task
from marketing.models import QueueMark, Visit
from marketing.queue.sources import (
    CONTACT_TAKEN_OVER,
    FOLLOW_UP,
    PROMISED,
    STEP_TAKEN_OVER,
)

TAKEN_OVER = (STEP_TAKEN_OVER, CONTACT_TAKEN_OVER)

_MOVED = """
    UPDATE core_task t SET owner_id = c.manager_id, scope_no = m.scope_no
    FROM marketing_visit v JOIN customers_customer c ON c.id = v.customer_id
        JOIN core_user m ON m.id = c.manager_id
    WHERE v.customer_id = ANY(%(customers)s) AND t.kind = ANY(%(kinds)s) AND t.state = 'open'
        AND t.unique_key <> '' AND t.unique_key = v.id::text AND t.owner_id <> c.manager_id"""


@transaction.atomic
def follow_customers(*, customer_ids: Sequence[int], today: date) -> int:
    """To-dos from these customers' visits are their manager's; returns how many moved or came up.

    A next step stands in the list of whoever made the visit while the customer is theirs
    (``FOLLOW_UP``); for the next manager it is a to-do, unless it was done.
    """
    given: dict[str, list[Any]] = {
        "customers": list(customer_ids),
        "kinds": [PROMISED, *TAKEN_OVER],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, given)
        moved = int(cursor.rowcount)
    for visit in _steps(customer_ids, today):
        owner = visit.customer.manager
        if owner is None or owner == visit.manager:  # handed back: it is the visit's own again
            _open_tasks([visit.pk]).update(state=Task.State.DROPPED, closed_at=timezone.now())
        else:
            moved += _take_over(visit, owner) is not None
    return moved


def settle(*, visit: Visit) -> None:
    """Next steps taken over are done with a new visit to the customer."""
    earlier = Visit.objects.filter(customer=visit.customer_id).exclude(pk=visit.pk)
    _open_tasks(earlier.values_list("pk", flat=True)).update(
        state=Task.State.DONE, closed_by=visit.manager_id, closed_at=timezone.now()
    )


def _steps(customer_ids: Sequence[int], today: date) -> Iterator[Visit]:
    """The newest visit of each customer where it is recent and its next step is not done."""
    since = today - timedelta(days=parameters(today).number("queue.look_back_days"))
    newest = (
        Visit.objects.filter(customer__in=customer_ids)
        .order_by("customer_id", "-started_at", "-pk")
        .distinct("customer_id")
        .select_related("customer__manager", "manager")
    )
    recent = [
        one
        for one in newest
        if one.next_on and not one.closed_reason and timezone.localdate(one.started_at) >= since
    ]
    marks = QueueMark.objects.filter(
        source=FOLLOW_UP.key, kind=QueueMark.Kind.DONE, ref__in=[str(one.pk) for one in recent]
    )
    done = set(marks.values_list("ref", flat=True))
    return (one for one in recent if str(one.pk) not in done)


def _take_over(visit: Visit, owner: User) -> Task | None:
    """The next step as the owner's to-do, or None when it stands there already."""
    return add_task(
        STEP_TAKEN_OVER if visit.next_step else CONTACT_TAKEN_OVER,
        owner=owner,
        params={
            "name": visit.customer.name,
            "who": visit.manager.full_name,
            "what": visit.next_step,
        },
        due_on=visit.next_on,
        link=reverse("marketing:visit", args=[visit.pk]),
        unique_key=str(visit.pk),
    )


def _open_tasks(visits: Iterable[int]) -> QuerySet[Task]:
    keys = [str(pk) for pk in visits]
    return Task.objects.filter(kind__in=TAKEN_OVER, unique_key__in=keys, state=Task.State.OPEN)
