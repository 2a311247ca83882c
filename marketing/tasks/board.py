"""The figures of the boards in the background: all of them by night, the newest by day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from marketing.services.board_counts import count_boards
from marketing.services.board_refresh import KIND, NIGHT, ask_moved_counts


def _day(params: dict[str, Any]) -> date:
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind(NIGHT, label=_("Count of the boards"), can=Can.VIEW_BOARD, lease_seconds=900)
def full(work: Work) -> None:
    """Every month a board may ask for."""
    ask_moved_counts()
    work.advance(rows=count_boards(as_of=_day(work.params)).cells)


@job_kind(
    KIND, label=_("Count of the boards, newest months"), can=Can.VIEW_BOARD, lease_seconds=300
)
def short(work: Work) -> None:
    """Now, this month and the one before; goals and market, if the tree changed since theirs."""
    ask_moved_counts()
    work.advance(rows=count_boards(as_of=_day(work.params), is_full=False).cells)
