"""Facts, entities and figures of the ledger as a person reads them, by what the role may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core.masking import mask, may_reveal, reads_bands
from crm.core.models import User
from crm.core.templatetags.ui_figures import badge, change, money, number, percent, unknown
from customers.features.catalogue import COLUMNS
from customers.features.declared import FactType
from customers.ledger.pattern import Difference, Usual
from customers.ledger.words import PRIVATE
from customers.selectors.ledger_facts import Said
from customers.selectors.ledger_shape import Figure

HIDDEN = "****"


@dataclass(frozen=True)
class LedgerReader:
    """Who reads: amounts become bands for some, answers about a person are covered for them."""

    user: User

    @property
    def is_masked(self) -> bool:
        """Whether sensitive values are covered for this reader."""
        return reads_bands(self.user)

    def fact(self, said: Said) -> SafeString:
        """The value as HTML; a sealed one is always masked, with its way to the full value."""
        value, fact = said.value, said.fact
        if value is None:
            return unknown()
        if fact.is_sealed:
            return format_html("{}", HIDDEN)
        if self.is_masked and fact.data_class == "C2":
            if fact.unit == "yuan":
                return format_html("{}", mask("amount", max(value, 0), in_list=True))
            return format_html("{}", HIDDEN)
        return _fact_html(said)

    def reveal_url(self, said: Said) -> str:
        """Where a sealed value may be seen in full by this reader, else nothing."""
        if said.row is None or not said.fact.is_sealed or not may_reveal(self.user, "soft_flag"):
            return ""
        return reverse("core:reveal", args=["customers.sealed_fact", said.row.pk])

    def figure(self, figure: Figure) -> SafeString:
        """A derived figure as HTML."""
        if figure.value in (None, ""):
            return unknown()
        if self.is_masked and figure.key in PRIVATE:
            return format_html("{}", HIDDEN)
        return self.value(figure.value, figure.unit)

    def value(self, value: Any, unit: str) -> SafeString:
        """A value of a unit as HTML."""
        if value is None:
            return unknown()
        if unit == "yuan":
            if self.is_masked:
                return format_html("{}", mask("amount", max(value, 0), in_list=True))
            return money(value)
        if unit == "ratio":
            return percent(value)
        if unit == "change":
            return change(value, "up", 1)
        if unit == "rate":
            return percent(value, 2)
        if unit in ("days", "months"):
            return number(round(value, 1), None, _("days") if unit == "days" else _("months"))
        if unit == "month":
            return format_html("{}", month_name(int(value)))
        if unit == "chain_position":
            return format_html("{}", dict(COLUMNS["chain_position"].choices).get(value, value))
        if unit == "grade":
            return badge(value, {"A": "good", "B": "good", "D": "bad"}.get(value, "warn"))
        if unit == "scale":
            return number(value, 0, "/ 5")
        if unit == "score":
            return number(value, 0, "/ 100")
        return number(round(value, 2)) if unit == "count" else format_html("{}", value)

    def usual(self, usual: Usual | None, unit: str) -> str | SafeString:
        """The range of the trade."""
        if usual is None:
            return ""
        low = self.value(usual.low, unit)
        if usual.low == usual.high:
            return low
        return format_html("{} – {}", low, self.value(usual.high, unit))

    def amount(self, value: Any) -> SafeString:
        """An amount of an entity."""
        return self.value(value, "yuan")

    def difference(self, one: Difference) -> dict[str, Any]:
        """One line of the pattern card: the own figure beside the usual one."""
        label = f"{one.label} · {month_name(one.month)}" if one.month else str(one.label)
        return {
            "label": label,
            "own": self.value(one.own, one.unit),
            "usual": self.usual(one.usual, one.unit),
            "is_high": one.is_high,
        }


def _fact_html(said: Said) -> SafeString:
    value, fact = said.value, said.fact
    if fact.type == FactType.DAY:
        return format_html("{}", f"{value:%Y-%m-%d}")
    if fact.type == FactType.CODES:
        names = dict(fact.choices)
        return format_html_join(" ", "{}", ((badge(names.get(one, one)),) for one in value.split()))
    if fact.type == FactType.TEXT:
        return format_html("{}", dict(fact.choices).get(value, value))
    if fact.steps:
        step = int(value)
        return format_html("{} <span class='muted'>{} / 5</span>", fact.steps[step - 1], step)
    if fact.unit == "yuan":
        return money(value)
    if fact.unit == "ratio":
        return percent(value)
    if fact.unit == "flag":
        return format_html("{}", _("yes") if value else _("no"))
    units = {"persons": _("persons"), "days": _("days"), "years": _("years")}
    return number(value, None, units.get(fact.unit, ""))


def month_name(month: int) -> str:
    """month 3."""
    return _("month %(number)s") % {"number": month}


def age_in_words(day: date | None, today: date) -> str:
    """today, 37 days ago; nothing when never."""
    if day is None:
        return ""
    days = (today - day).days
    if days <= 0:
        return _("today")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
