"""The blocks of the ledger tab, made from what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.ledger.pattern import Pattern
from customers.ledger.spec import CategoryCover
from customers.ledger.words import risks_for, sentences
from customers.models import ChainLink, ProcureMode, SettleMode
from customers.selectors.ledger_facts import Said
from customers.selectors.ledger_shape import Ledger, Section
from customers.views.ledger_words import LedgerReader, age_in_words, month_name

GOOD, FAIR = 0.6, 0.3


def tone_of(cover: CategoryCover) -> str:
    """Green from 60 %, red under 30 %."""
    if not cover.is_asked:
        return ""
    return "good" if cover.share >= GOOD else "warn" if cover.share >= FAIR else "bad"


def rings(cover: Sequence[CategoryCover]) -> list[dict[str, Any]]:
    """The seven shares with their tones."""
    return [{"cover": one, "tone": tone_of(one), "text": f"{one.share:.0%}"} for one in cover]


def card_of(
    ledger: Ledger, section: Section, reader: LedgerReader, stale_days: int
) -> dict[str, Any]:
    """One category: facts, entities, figures, notes and open questions."""
    today = ledger.as_of
    is_covered = reader.is_masked and section.category.key == "soft"
    return {
        "no": section.category.no,
        "category": section.category,
        "cover": section.cover,
        "tone": tone_of(section.cover),
        "age": age_in_words(section.cover.checked_on, today),
        "facts": [_fact(one, reader, ledger, stale_days) for one in section.said if one.row],
        "figures": [
            {
                "figure": one,
                "value": reader.figure(one),
                "usual": reader.usual(one.usual, one.unit),
                "is_off": one.usual is not None
                and one.value is not None
                and not one.usual.low <= one.value <= one.usual.high,
            }
            for one in section.figures
            if one.value not in (None, "")
        ],
        "notes": [] if is_covered else sentences(section.notes),
        "offers": sentences(section.offers),
        "asks": section.open_asks,
        "entities": _entities(ledger, section, reader),
    }


def _fact(said: Said, reader: LedgerReader, ledger: Ledger, stale_days: int) -> dict[str, Any]:
    row = said.row
    assert row is not None  # noqa: S101  the caller filters
    days = (ledger.as_of - row.as_of).days
    return {
        "label": said.fact.label,
        "value": reader.fact(said),
        "reveal": reader.reveal_url(said),
        "row": row,
        "age": age_in_words(row.as_of, ledger.as_of),
        "is_old": days > stale_days,
    }


def _entities(ledger: Ledger, section: Section, reader: LedgerReader) -> list[dict[str, Any]]:
    """Tables of a category: kind, heading, and one line a row."""
    found = []
    for kind in section.category.entities:
        title, lines = {
            "links": (_("Suppliers and buyers as told"), _links),
            "procure": (_("How it buys"), _procure),
            "settle": (_("How it settles"), _settle),
        }[kind]
        found.append({"kind": kind, "title": title, "rows": lines(ledger, reader)})
    return found


def _line(row: Any, title: str, parts: Sequence[Any], badge: str = "") -> dict[str, Any]:
    return {"row": row, "title": title, "parts": [part for part in parts if part], "badge": badge}


def _days(count: int | None) -> str:
    return "" if count is None else ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


def _years(count: int | None) -> str:
    return "" if count is None else ngettext("%(n)s year", "%(n)s years", count) % {"n": count}


def _every(days: int | None) -> str:
    return ngettext("every day", "every %(n)s days", days) % {"n": days} if days else ""


def _links(ledger: Ledger, reader: LedgerReader) -> list[dict[str, Any]]:
    def line(row: ChainLink) -> dict[str, Any]:
        contract = {True: _("written contract"), False: _("no contract"), None: ""}
        return _line(
            row,
            row.counterparty_name,
            [
                row.goods,
                reader.amount(row.yearly_amount) if row.yearly_amount is not None else "",
                reader.value(row.share, "ratio") if row.share is not None else "",
                _days(row.term_days),
                _years(row.years),
                contract[row.has_contract],
                _("replaceable %(n)s / 5") % {"n": row.replaceable} if row.replaceable else "",
                _("core enterprise") if row.is_core else "",
            ],
            row.get_side_display(),
        )

    return [line(row) for row in ledger.links]


def _procure(ledger: Ledger, reader: LedgerReader) -> list[dict[str, Any]]:
    def line(row: ProcureMode) -> dict[str, Any]:
        return _line(
            row,
            row.item,
            [
                reader.amount(row.batch_amount) if row.batch_amount is not None else "",
                _every(row.every_days),
                row.get_price_term_display(),
            ],
            row.get_mode_display(),
        )

    return [line(row) for row in ledger.procure]


def _settle(ledger: Ledger, reader: LedgerReader) -> list[dict[str, Any]]:
    def line(row: SettleMode) -> dict[str, Any]:
        return _line(
            row,
            row.get_mode_display(),
            [
                reader.value(row.share, "ratio"),
                _days(row.term_days) if row.term_days else _("at once"),
                row.get_bank_display(),
            ],
            row.get_direction_display(),
        )

    return [line(row) for row in ledger.settle]


def pattern_of(ledger: Ledger, reader: LedgerReader) -> dict[str, Any]:
    """The pattern card: chart, months, cycle, differences with both figures, risks."""
    pattern = ledger.pattern

    def name(month: int | None) -> str:
        return "" if month is None else month_name(month)

    return {
        "row": pattern,
        "chart": _season_chart(pattern),
        "months": _season_months(pattern),
        "peak": name(pattern.peak_month),
        "low": name(pattern.low_month),
        "cash_peak": name(pattern.cash_peak_month),
        "cash_trough": name(pattern.cash_trough_month),
        "cycle": reader.value(pattern.cycle_days, "days"),
        "usual_cycle": reader.usual(pattern.usual_cycle, "days"),
        "differences": [reader.difference(one) for one in pattern.differences],
        "risks": risks_for(pattern.risks, is_masked=reader.is_masked),
    }


def _season_chart(pattern: Pattern) -> dict[str, Any] | None:
    """The own season over the usual one, in percent of the year."""
    lines = (
        (_("This customer"), pattern.season, False),
        (_("Usual in the trade"), pattern.usual_season, True),
    )
    series = [
        {"name": label, "data": [round(one * 100, 1) for one in season], "dashed": is_dashed}
        for label, season, is_dashed in lines
        if season
    ]
    if not series:
        return None
    months = [month_name(month) for month in range(1, 13)]
    return {"categories": months, "series": series, "unit": "%"}


def _season_months(pattern: Pattern) -> list[dict[str, Any]]:
    """The same as the rows of a table, for paper."""
    own, usual = pattern.season, pattern.usual_season
    if not own and not usual:
        return []
    return [
        {
            "name": month_name(no + 1),
            "own": own[no] if own else None,
            "usual": usual[no] if usual else None,
        }
        for no in range(12)
    ]
