"""Deadlines that have run out become to-dos of team leaders, each once (OPP-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.models import Branch, Task, User
from crm.core.services.task import add_task, close_same
from crm.core.task_kinds import TASK_KINDS, TaskKind
from marketing.models import Opportunity
from marketing.pipeline import stage_of
from marketing.pipeline.clock import overdue

BREACH = "marketing.stage_overdue"
TASK_KINDS.add(
    TaskKind(
        BREACH,
        _("%(customer)s, %(family)s: %(manager)s has let the time for %(stage)s run out."),
        _("Look"),
        "warn",
    )
)
BATCH = 1_000


def tell_breaches(*, today: date) -> int:
    """Every stage whose time has run out is a to-do of the team leader; returns how many are new.

    One for each stay in a stage, even when it was ticked off: the same breach is told once.
    """
    rows = (
        Opportunity.objects.filter(overdue(today))
        .select_related("customer", "owner")
        .order_by("pk")
    )
    leaders = _Leaders()
    return sum(_tell(part, leaders) for part in _parts(rows.iterator(chunk_size=BATCH)))


def _parts(rows: Iterable[Opportunity]) -> Iterator[list[Opportunity]]:
    left = iter(rows)
    while part := list(islice(left, BATCH)):
        yield part


def _tell(rows: list[Opportunity], leaders: _Leaders) -> int:
    keys = {breach_key(row): row for row in rows}
    told = set(
        Task.objects.filter(kind=BREACH, unique_key__in=keys).values_list("unique_key", flat=True)
    )
    made = 0
    for key, row in keys.items():
        leader = None if key in told else leaders.of(row.owner)
        if leader is None:
            continue
        task = add_task(
            BREACH,
            owner=leader,
            params={
                "customer": row.customer.name,
                "family": row.get_family_display(),
                "manager": str(row.owner),
                "stage": str(stage_of(row.pipeline, row.stage).label),
            },
            due_on=row.stage_due_on,
            link=row.get_absolute_url(),
            unique_key=key,
        )
        made += task is not None
    return made


def breach_key(row: Opportunity) -> str:
    """One stay in one stage."""
    return f"{row.pk}:{row.stage}:{timezone.localtime(row.stage_since):%Y%m%d%H%M%S}"


def settle_breach(row: Opportunity, *, by: User) -> None:
    """The to-do of the stage it leaves is done."""
    close_same(BREACH, unique_key=breach_key(row), by=by)


class _Leaders:
    """Who leads whom: the team leader of the unit, else of the next unit above, else its head."""

    def __init__(self) -> None:
        self._units = {unit.pk: unit for unit in Branch.objects.all()}
        people = User.objects.filter(role__in=("team_lead", "branch_head"), is_active=True)
        self._people: dict[tuple[int, str], User] = {}
        for person in people.order_by("-pk"):
            self._people[person.branch_id, person.role] = person

    def of(self, owner: User) -> User | None:
        """The leader; None where nobody leads."""
        for role in ("team_lead", "branch_head"):
            unit: Branch | None = self._units.get(owner.branch_id)
            while unit is not None:
                if found := self._people.get((unit.pk, role)):
                    return found
                unit = self._units.get(unit.parent_id) if unit.parent_id else None
        return None
