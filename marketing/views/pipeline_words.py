"""Opportunities as templates show them: figures as this reader may see them, tones, sentences."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core.conditions import Answer
from crm.core.models import User
from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.models import ProductFamily
from customers.selectors.portrait_words import money
from marketing.models import Opportunity
from marketing.pipeline import LOST, TRACKS
from marketing.pipeline.clock import age_days, is_stalled, tone
from marketing.selectors.opportunity_gates import GateLine
from marketing.selectors.pipeline import Board, Column
from marketing.selectors.pipeline_query import PipelineQuery
from products.selectors.suggestion_words import writer

PLACES = {  # where a check is put right: a page of the customer
    "customer": "customers:edit",
    "portrait": "customers:detail",
    "missing": "customers:detail",
    "visit": "marketing:visit_new",
}


def shown(user: User, row: Opportunity, *, known: Parameters) -> dict[str, Any]:
    """One opportunity for a card or a row."""
    write, today = writer(user), known.as_of
    track = TRACKS[row.pipeline]
    following = track.after(row.stage)
    return {
        "row": row,
        "link": row.get_absolute_url(),
        "move": reverse("marketing:opportunity_move", args=[row.pk]),
        "amount": write(row.amount) if row.amount is not None else "",
        "product": product_of(row),
        "stage": track.stage(row.stage).label,
        "tone": tone(row, today, known),
        "due": due_words(row, today),
        "age": age_days(row, today),
        "is_stalled": is_stalled(row, today, known),
        "next": following.key if following and row.state == "open" else "",
        "is_late_next": bool(row.next_on and row.next_on < today),
    }


def product_of(row: Opportunity) -> Text:
    """The product that was chosen, or its family where none is yet."""
    if row.version_chosen is not None:
        return str(row.version_chosen.product.name)
    return ProductFamily(row.family).label


def due_words(row: Opportunity, today: date) -> str:
    """How much of the stage's time is left, or by how much it is over."""
    if row.state != Opportunity.State.OPEN or row.stage_due_on is None:
        return ""
    left = (row.stage_due_on - today).days
    if left > 0:
        return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    if left == 0:
        return _("time is up today")
    return ngettext("%(days)s day over", "%(days)s days over", -left) % {"days": -left}


def shown_board(
    user: User, board: Board, *, query: PipelineQuery, known: Parameters
) -> dict[str, Any]:
    """The board for its template; each number leads to its rows under the same filters."""
    write = writer(user)
    here = reverse("marketing:opportunities")
    kept: dict[str, Any] = {"sort": "", "day": None, "month": None, "recent": False}
    rows = query.address(**kept, pipeline=board.track.key, state="open", overdue=True)
    return {
        "track": board.track,
        "count": board.count,
        "overdue": board.overdue,
        "overdue_url": here + rows,
        "amount": write(board.amount),
        "weighted": write(round(board.weighted)),
        "columns": [_column(user, column, query=query, known=known) for column in board.columns],
    }


def _column(
    user: User, column: Column, *, query: PipelineQuery, known: Parameters
) -> dict[str, Any]:
    write = writer(user)
    here = reverse("marketing:opportunities")
    pipeline, key = query.track, column.stage.key
    is_won = column.stage.is_last
    narrowed = {
        "pipeline": pipeline, "stage": key, "sort": "", "day": None, "month": None,
        "state": "won" if is_won else "open", "recent": is_won,
    }  # fmt: skip
    return {
        "url": here + query.address(**narrowed),
        "overdue_url": here + query.address(**narrowed | {"overdue": True}),
        "stage": column.stage,
        "count": column.count,
        "amount": write(column.amount),
        "weighted": write(round(column.weighted)),
        "overdue": column.overdue,
        "more": column.more,
        "cards": [shown(user, card, known=known) for card in column.cards],
    }


def shown_gate(
    user: User, line: GateLine, row: Opportunity, *, people: dict[int, str]
) -> dict[str, Any]:
    """One check for its template: the answer, what the facts say, where it is put right."""
    return {
        "line": line,
        "key": line.check.key,
        "label": line.check.label,
        "state": str(line.answer).replace("yes", "pass").replace("no", "fail")
        if line.answer != Answer.UNKNOWN
        else "unknown",
        "value": _value(user, line),
        "hint": line.check.hint,
        "papers": _papers(line, row),
        "note": line.note,
        "who": people.get(line.by or 0, ""),
        "at": _day_of(line.at),
        "can_tick": line.can_tick,
        "mend": mend_url(line.check.mend, row),
    }


def _value(user: User, line: GateLine) -> str:
    """What the facts say, where that is a figure; amounts as this reader may see them."""
    if line.actual is None or isinstance(line.actual, bool):
        return ""
    if line.check.is_money:
        return f"{writer(user)(_cut(line.actual, Decimal(1)))} / {money(line.limit)}"
    figure = _cut(line.actual, Decimal("0.1"))
    return f"{figure} / {line.limit}" if line.limit is not None else figure


def _cut(figure: Any, step: Decimal) -> str:
    """Never rounded up: 69.97 is not 70 yet."""
    cut = Decimal(str(figure)).quantize(step, rounding=ROUND_DOWN)
    return f"{cut.normalize():f}"


def _day_of(moment: str) -> str:
    """The day in China of a moment as a tick keeps it; "" without one."""
    return f"{timezone.localdate(datetime.fromisoformat(moment)):%Y-%m-%d}" if moment else ""


def _papers(line: GateLine, row: Opportunity) -> list[str]:
    """The papers that the chosen version asks for."""
    if line.check.key != "papers_complete" or row.version_chosen is None:
        return []
    return list(row.version_chosen.materials)


def mend_url(place: str, row: Opportunity) -> str:
    """Where a check is put right; "" where it is ticked right here."""
    if place == "details":
        return f"{row.get_absolute_url()}#details"
    if place not in PLACES:
        return ""
    return reverse(PLACES[place], args=[row.customer_id])


def stage_label(pipeline: str, key: str) -> str:
    """A stage of the history in words."""
    if key == LOST:
        return _("Lost")
    track = TRACKS[pipeline]
    return str(track.stage(key).label) if key in track else key
