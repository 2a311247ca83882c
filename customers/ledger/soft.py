"""Soft information of the operator: twelve items, one score, and answers that do not fit (c.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared import FACTS

FEWEST = 8  # items answered before a score is told
YEARS_STEPS = (1, 3, 5, 10)  # below 1 year is step 1, from 10 years step 5
EDUCATION_STEPS = {"basic": 2, "secondary": 3, "college": 4, "degree": 5}
GAMBLING = "soft_gambling"


@dataclass(frozen=True)
class Item:
    """One item of the score. Weights add up to 100."""

    key: str
    weight: int
    question: Text

    @property
    def label(self) -> Text:
        """The name of its fact."""
        return FACTS[self.key].label


ITEMS = (
    Item("controller_industry_years", 10, _("Since when have you been in this trade?")),
    Item("soft_family_support", 8, _("What does the family say of the business?")),
    Item("soft_spouse_knows", 8, _("Does your spouse know of the loan, its amount and term?")),
    Item("soft_local_roots", 8, _("Where are you from, and where does the family live?")),
    Item("controller_education", 4, _("Which school did you finish?")),
    Item("soft_costly_habits", 14, _("What do you do in your free time?")),
    Item("soft_runs_daily", 10, _("Who opens in the morning, who knows the figures?")),
    Item("soft_reputation", 12, _("Ask two neighbours or peers.")),
    Item("soft_succession", 4, _("Who would carry on if you could not?")),
    Item("soft_answers_consistent", 10, _("Compare the answers with papers, stock and staff.")),
    Item("soft_trade_change", 4, _("What did you do before, and why did you change?")),
    Item("soft_credit_attitude", 8, _("How did you repay earlier loans?")),
)


@dataclass(frozen=True)
class SoftScore:
    """0 to 100 over the items answered; None with fewer than eight of the twelve."""

    score: float | None
    answered: int
    flags: tuple[Text, ...] = ()


def step_of(key: str, value: Any) -> int | None:
    """The step 1 to 5 that an answer stands for; None for no answer."""
    if value in (None, ""):
        return None
    if key == "controller_industry_years":
        return 1 + sum(Decimal(str(value)) >= bound for bound in YEARS_STEPS)
    if key == "controller_education":
        return EDUCATION_STEPS.get(str(value))
    return int(value)


def soft_score(said: Mapping[str, Any]) -> SoftScore:
    """Sum of weight x (step - 1) / 4 over the weights answered, times 100.

    Gambling sets the step of costly habits to 1, whatever was said of them.
    """
    steps = {item.key: step_of(item.key, said.get(item.key)) for item in ITEMS}
    if said.get(GAMBLING):
        steps["soft_costly_habits"] = 1
    known = [(item.weight, step) for item in ITEMS if (step := steps[item.key]) is not None]
    flags = tuple(inconsistencies(said))
    if len(known) < FEWEST:
        return SoftScore(None, len(known), flags)
    points = sum(weight * (step - 1) for weight, step in known)
    return SoftScore(100 * points / (4 * sum(weight for weight, _step in known)), len(known), flags)


def inconsistencies(said: Mapping[str, Any]) -> list[Text]:
    """Sentences on answers that do not fit each other."""

    def step(key: str) -> int | None:
        return step_of(key, said.get(key))

    family, spouse = step("soft_family_support"), step("soft_spouse_knows")
    habits, years = step("soft_costly_habits"), said.get("controller_industry_years")
    in_business, here = said.get("years_in_business"), step("soft_local_roots")
    checks: tuple[tuple[bool, Text], ...] = (
        (
            bool(said.get(GAMBLING)) and habits is not None and habits >= 4,
            _("Answers on costly habits do not fit each other."),
        ),
        (
            spouse is not None and spouse <= 2 and family is not None and family >= 4,
            _("The family is said to stand behind the business, but the spouse does not know."),
        ),
        (
            said.get("family_in_business") == "spouse" and spouse is not None and spouse <= 2,
            _("The spouse works in the business and is said not to know of the loan."),
        ),
        (
            years is not None and in_business is not None and float(years) + 1 < float(in_business),
            _("The business is older than the operator's years in the trade."),
        ),
        (
            step("soft_trade_change") == 5 and years is not None and float(years) < 1,
            _("Always in this trade by one answer, less than a year by another."),
        ),
        (
            said.get("hukou_local") in (1, 1.0, Decimal(1)) and here == 1,
            _("Registered here, yet said to be new here."),
        ),
        (
            step("soft_runs_daily") == 1 and (step("soft_answers_consistent") or 0) == 5,
            _("Away from the business, yet every answer fits: ask who answered."),
        ),
        (
            step("soft_credit_attitude") == 5 and bool(said.get("bureau_has_overdue")),
            _("Says that loans are repaid early; the bureau shows an open overdue."),
        ),
    )
    return [text for is_odd, text in checks if is_odd]
