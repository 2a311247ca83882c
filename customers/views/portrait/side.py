"""The side column of the portrait page: stage, needs, value, talk points, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.features.catalogue import COLUMNS
from customers.features.demand import NEED, NEEDS
from customers.features.economics import TIES
from customers.features.tags import RISK_TAGS
from customers.models import ProductFamily, Trigger
from customers.selectors.portrait_page import Deviation, PortraitPage
from customers.selectors.portrait_reasons import Told
from customers.views.portrait.blocks import figure_url
from customers.views.portrait.shown import Reader

QUIET_TESTS = frozenset({"manual", "not_asked", "no_years", "no_revenue", "no_trend"})
STAGE_TONES = {"growth": "good", "decline": "warn", "start_up": "accent"}
TIER_TONES = {"A": "good", "B": "accent"}
NEEDS_SHOWN = 4
TALK_POINTS = 4


@dataclass(frozen=True)
class Chip:
    """A word with its tone and the sentence behind it."""

    label: str
    tone: str
    why: str = ""
    code: str = ""


@dataclass(frozen=True)
class NeedRow:
    """A need with its chance, and what would answer it."""

    label: Any
    chance: float
    answer: Any
    is_credit: bool
    url: str


@dataclass(frozen=True)
class TieRow:
    """One of the five parts of stickiness."""

    points: float | None
    most: int
    text: str


def tests_tried(told: Sequence[Told]) -> list[Told]:
    """The tests in a reader's order, without those that only say that nothing special applies."""
    return [one for one in told if one.state == "yes" or one.code not in QUIET_TESTS]


def holdings(portrait: Any) -> list[str]:
    """The product families held, in words."""
    labels = dict(ProductFamily.choices)
    return [str(labels.get(code, code)) for code in portrait.families or ()]


def mark_chips(key: str, told: Sequence[Told]) -> list[Chip]:
    """Tags or groups with their reasons, risk first."""
    labels = dict(COLUMNS[key].choices)
    chips = [
        Chip(str(labels.get(one.code, one.code)), _tone(one.code), one.text, one.code)
        for one in told
    ]
    return sorted(chips, key=lambda chip: chip.tone != "warn")


def _tone(code: str) -> str:
    return "warn" if code in RISK_TAGS else "plain"


def need_rows(portrait: Any) -> list[NeedRow]:
    """Needs of the stage with their chance, the likeliest first."""
    found = []
    for need in NEEDS:
        chance = getattr(portrait, f"p_{need.key}")
        if chance is not None:
            url = figure_url(portrait, f"p_{need.key}")
            found.append(NeedRow(need.label, chance, need.answer, need.is_credit, url))
    return sorted(found, key=lambda row: -row.chance)[:NEEDS_SHOWN]


def need_range(portrait: Any, reader: Reader) -> tuple[Any, Any] | None:
    """The amount foretold, where the likeliest need is one for money."""
    if not (portrait.top_need and NEED[portrait.top_need].is_credit and portrait.need_high):
        return None
    low = portrait.need_high if portrait.need_low is None else portrait.need_low
    return (
        reader.shown(COLUMNS["need_low"], low),
        reader.shown(COLUMNS["need_high"], portrait.need_high),
    )


def tie_rows(told: Sequence[Told]) -> list[TieRow]:
    """The five parts of stickiness with the points each brings."""
    most = {key: points for points, key, _text in TIES}
    return [TieRow(one.contribution, most[one.code], one.text) for one in told]


@dataclass(frozen=True)
class TalkPoint:
    """A figure far from the peers, to be asked about."""

    label: Any
    value: Any
    usual: Any
    is_high: bool
    url: str


def talk_points(portrait: Any, found: Sequence[Deviation], reader: Reader) -> list[TalkPoint]:
    """The figures that deviate most."""
    return [
        TalkPoint(
            item.column.label,
            reader.shown(item.column, item.value),
            reader.shown(item.column, item.median),
            item.is_high,
            figure_url(portrait, item.column.key),
        )
        for item in found[:TALK_POINTS]
    ]


def value_parts(portrait: Any, reader: Reader) -> list[tuple[Any, Any, str]]:
    """The four parts of the contribution: label, amount, rows behind it."""
    keys = ("spread_income", "comprehensive_income", "risk_cost", "servicing_cost")
    return [
        (
            COLUMNS[key].label,
            reader.shown(COLUMNS[key], getattr(portrait, key)),
            figure_url(portrait, key),
        )
        for key in keys
    ]


def history_rows(page: PortraitPage) -> list[dict[str, Any]]:
    """The newest versions: day, what triggered them, and the way to compare."""
    address = reverse("customers:versions", args=[page.portrait.customer_id])
    triggers = dict(Trigger.choices)
    return [
        {
            "as_of": row["as_of"],
            "title": triggers.get(row["trigger"], row["trigger"]),
            "note": _("version %(number)s") % {"number": row["version_no"]},
            "badge": _("material") if row["is_material"] else "",
            "url": f"{address}?from={max(row['version_no'] - 1, 1)}&to={row['version_no']}",
        }
        for row in page.history
    ]
