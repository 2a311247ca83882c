"""Why a product is suggested, in sentences a manager can say aloud, in the reader's language.

A reason is stored as its code with what it met; the sentence is made here when somebody reads it.
``money`` writes amounts, so that readers who see bands elsewhere see bands here, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.masking import mask, reads_bands
from crm.core.models import User
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.demand import NEED
from customers.features.spec import Unit
from customers.models import ProductFamily
from customers.selectors.portrait_words import change, days, money, number, percent, say

Money = Callable[[Any], str]

SENTENCES: Mapping[str, Text] = {
    "need": gettext_lazy("Customers at this stage (%(stage)s) often need it: %(need)s."),
    "push_matures_90": gettext_lazy("A loan matures on %(on)s: speak of what comes after it now."),
    "push_season_60": gettext_lazy("The busy season is near; stock is usually bought before it."),
    "push_tight_line": gettext_lazy("%(line_utilisation_6m)s of the line is drawn: nearly full."),
    "push_inflow_up": gettext_lazy("Receipts are %(inflow_trend)s on a year ago."),
    "push_asked_60": gettext_lazy("Asked about a loan lately, for %(wanted_amount)s."),
    "push_price_cut": gettext_lazy("Another bank offers %(competitor_rate)s, below our rate."),
    "basis_need": gettext_lazy("About %(basis)s will be needed."),
    "basis_equipment": gettext_lazy("The equipment asks for about %(basis)s."),
    "basis_turnover_month": gettext_lazy(
        "Turnover is about %(basis)s a month; part can stay here."
    ),
    "basis_turnover_year": gettext_lazy("Turnover is about %(basis)s a year; it can pass here."),
    "basis_deposits": gettext_lazy("Deposits average %(basis)s; part of it can earn more."),
    "basis_wages_year": gettext_lazy("%(employees)s people, about %(basis)s of wages a year."),
    "fits": gettext_lazy("Every condition is met, score %(score)s."),
    "missing": gettext_lazy("One fact is missing: %(feature)s. Ask for it to be sure."),
    "contacted": gettext_lazy("Was contacted lately; no hurry."),
    "held": gettext_lazy("Has %(family)s already: such customers take this more often."),
    "past": gettext_lazy("Has had %(family)s before: such customers take this more often."),
    "opened": gettext_lazy("What was opened with us lately speaks for it."),
    "held_count": gettext_lazy("Has %(value)s kinds of product with us already."),
    "segment": gettext_lazy("Firms of the same trade and size take it often."),
    "trade": gettext_lazy("Firms of this trade take it more often."),
    "following": gettext_lazy("Customers with the same products often take it next."),
    "foreseen": gettext_lazy("The portrait foresees it: %(label)s %(value)s."),
    "column": gettext_lazy("%(label)s: %(value)s. Such customers take it more often."),
}
UNSPOKEN = frozenset({"demand_reasons", "red_flags"})  # each of them has its own sentence
LABELS: Mapping[str, Text] = {  # reasons as groups of the precision page
    "model": gettext_lazy("Similar customers (model)"),
    "need": gettext_lazy("Stage of life"),
    "push_matures_90": gettext_lazy("Loan matures"),
    "push_season_60": gettext_lazy("Season stock-up"),
    "push_tight_line": gettext_lazy("Line nearly full"),
    "push_inflow_up": gettext_lazy("Inflow rising"),
    "push_asked_60": gettext_lazy("Asked for a loan"),
    "push_price_cut": gettext_lazy("Price cut elsewhere"),
    "basis_need": gettext_lazy("Amount needed"),
    "basis_equipment": gettext_lazy("Equipment"),
    "basis_turnover_month": gettext_lazy("Turnover of a month"),
    "basis_turnover_year": gettext_lazy("Turnover of a year"),
    "basis_deposits": gettext_lazy("Deposits"),
    "basis_wages_year": gettext_lazy("Wages"),
    "fits": gettext_lazy("Conditions met"),
    "missing": gettext_lazy("One fact missing"),
    "contacted": gettext_lazy("Contacted lately"),
}


@dataclass(frozen=True)
class Said:
    """One reason as a sentence, with what it adds to the chance (points, 0.05 is five)."""

    code: str
    text: str
    weight: float


def writer(user: User) -> Money:
    """Amounts in words, or as bands for readers outside the owner's chain."""
    if not reads_bands(user):
        return lambda value: money(round(Decimal(str(value))))
    return lambda value: mask("amount", max(Decimal(str(value)), Decimal(0)), in_list=True)


def said(reasons: Iterable[Mapping[str, Any]], *, money: Money = money) -> list[Said]:
    """Every stored reason as a sentence, strongest first."""
    told = [
        Said(one["code"], _sentence(one["code"], one["inputs"], money), float(one["weight"]))
        for one in reasons
    ]
    return [one for one in told if one.text]


def _sentence(code: str, inputs: Mapping[str, Any], money: Money) -> str:
    if code == "model":
        return _of_model(str(inputs["column"]), inputs["value"], money)
    text = SENTENCES.get(code)
    if text is None:
        return ""
    if any(inputs.get(key) is None for key in NEEDED.get(code, ())):
        return ""
    return str(text) % {key: _value(key, value, money) for key, value in inputs.items()}


NEEDED: Mapping[str, tuple[str, ...]] = {
    "push_matures_90": ("on",),
    "push_tight_line": ("line_utilisation_6m",),
    "push_inflow_up": ("inflow_trend",),
    "push_asked_60": ("wanted_amount",),
    "push_price_cut": ("competitor_rate",),
    "basis_wages_year": ("employees",),
}


def _value(key: str, value: Any, money: Money) -> str:
    """One input in words."""
    if value is None:
        return _("not known")
    if key in ("basis", "wanted_amount"):
        return money(value)
    if key == "need":
        return str(NEED[value].label)
    if key == "feature":
        return feature_label(value)
    if key in ("on", "last_visit_on"):
        return f"{date.fromisoformat(value):%m-%d}"
    if key == "inflow_trend":
        return change(value)
    if key in ("competitor_rate", "line_utilisation_6m"):
        return percent(value)
    if key == "stage":
        return str(dict(COLUMNS["stage"].choices).get(value, value))
    return number(value, 1)


def feature_label(key: str) -> str:
    """What a portrait feature is called."""
    column = COLUMNS.get(key)
    return str(column.label) if column and column.label else key


def _of_model(column: str, value: Any, money: Money) -> str:
    """What a feature of the propensity model says."""
    kind, _colon, rest = column.partition(":")
    if kind in ("held", "past") and rest in ProductFamily.values:
        return str(SENTENCES[kind]) % {"family": ProductFamily(rest).label} if value else ""
    if column == "held:count":
        return str(SENTENCES["held_count"]) % {"value": number(value, 0)}
    if kind in ("opened", "segment", "following"):
        return str(SENTENCES[kind])
    spec = COLUMNS.get(column)
    if spec is None or not spec.label or column in UNSPOKEN:
        return ""
    if spec.unit == Unit.CODE and not spec.choices:  # of a trade or a group without a spoken name
        return str(SENTENCES["trade"])
    text = SENTENCES["foreseen" if column.startswith("p_") else "column"]
    return str(text) % {"label": spec.label, "value": _figure(spec, value, money)}


def _figure(spec: Any, value: Any, money: Money) -> str:
    if spec.unit == Unit.YUAN:
        return money(value)
    if spec.unit == Unit.DATE:
        return days(abs(value))
    if spec.unit == Unit.FLAG:
        return _("yes") if value else _("no")
    if spec.unit == Unit.CODES:
        return say(spec, str(value).split())
    return say(spec, value)
