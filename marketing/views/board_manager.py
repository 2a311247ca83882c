"""What to talk about with one manager: where the number is low for the time in post."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.core.words import Text
from marketing.boards.measures import MEASURES
from marketing.selectors.board import Board
from marketing.selectors.board_ranking import RankLine
from marketing.views.board_words import Said, Writer

LOW, HIGH = 25, 75  # percentiles
LOOSE_ENDS = ("overdue", "stalled", "care_late", "complaints_late", "visits_flagged", "renewals")


@dataclass(frozen=True)
class TalkPoint:
    """One thing to talk about; tone good, warn or plain."""

    label: Text
    text: str
    said: Said | None
    tone: str


def talk_points(board: Board, line: RankLine, writer: Writer) -> list[TalkPoint]:
    """Loose ends first, then what is weak and what is strong in the band."""
    found = []
    for key in LOOSE_ENDS:
        shown = board.shown(MEASURES[key])
        if shown.rows:
            text = _("To be dealt with")
            found.append(TalkPoint(MEASURES[key].label, text, writer.said(shown), "warn"))
    for cell in line.cells:
        if cell.percentile is None:
            continue
        if cell.percentile <= LOW:
            told = _("Weaker than most of the same time in post: how can we help?")
            found.append(
                TalkPoint(cell.shown.measure.label, told, writer.said(cell.shown), "plain")
            )
    for cell in line.cells:
        if cell.percentile is not None and cell.percentile >= HIGH:
            told = _("Stronger than most: worth showing to others.")
            found.append(TalkPoint(cell.shown.measure.label, told, writer.said(cell.shown), "good"))
    return found
