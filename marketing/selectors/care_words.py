"""Care tasks and relief rows in words, as this reader may see amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crm.core.models import User
from marketing.care.kinds import PROPOSALS
from marketing.care.words import care_sentence
from marketing.models import CareTask, Relief
from products.selectors.suggestion_words import writer

SOON_DAYS = 3


@dataclass(frozen=True)
class ToldCare:
    """A task for its template."""

    task: CareTask
    sentence: str
    tone: str

    @property
    def subject(self) -> str:
        """What a mark would be about: the visit that is asked after, "" for other kinds."""
        if self.task.kind != CareTask.Kind.SATISFACTION:
            return ""
        return f"visit-{self.task.reasons[0]['inputs']['visit']}"


@dataclass(frozen=True)
class ToldRelief:
    """A row of the relief list for its template."""

    row: Relief
    months: str
    cash: str
    cost: str
    proposals: str
    is_due: bool


def told_care(tasks: Iterable[CareTask], *, user: User, today: date) -> list[ToldCare]:
    """Each with the sentence of its reasons."""
    write = writer(user)
    return [
        ToldCare(
            task, " ".join(care_sentence(one, write) for one in task.reasons), _tone(task, today)
        )
        for task in tasks
    ]


def _tone(task: CareTask, today: date) -> str:
    if task.state != CareTask.State.OPEN:
        return "good" if task.state == CareTask.State.DONE else "plain"
    left = (task.due_on - today).days
    return "bad" if left <= 0 else "warn" if left <= SOON_DAYS else "plain"


def told_relief(rows: Iterable[Relief], *, user: User, today: date) -> list[ToldRelief]:
    """Each with its figures and what was proposed."""
    write = writer(user)
    return [
        ToldRelief(
            row,
            f"{row.runway_months:.1f}",
            write(row.cash_amount),
            write(row.cost_amount),
            "、".join(str(PROPOSALS[key]) for key in row.proposals if key in PROPOSALS),
            row.state == Relief.State.PROPOSED
            and row.outcome_due_on is not None
            and row.outcome_due_on <= today,
        )
        for row in rows
    ]
