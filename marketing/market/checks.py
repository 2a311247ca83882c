"""The five entry conditions of the coordination mechanism, told once (VIS-4, rules 5).

An answer is ``yes``, ``no`` or ``unknown``; a check that was never asked has no answer. They say
what was seen; whether a loan follows is the credit officer's decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text


class Answer(StrEnum):
    """What was seen."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


ANSWERS: tuple[tuple[str, Text], ...] = (
    (Answer.YES.value, _("Yes")),
    (Answer.NO.value, _("No")),
    (Answer.UNKNOWN.value, _("Cannot tell yet")),
)


@dataclass(frozen=True)
class Check:
    """One condition, and what to look at on site."""

    key: str
    label: Text
    help: Text


CHECKS: Catalogue[Check] = Catalogue(
    "coordination checks",
    (
        Check(
            "lawful_operation",
            _("Operates lawfully and without a break"),
            _("Licence valid, open and working on the day of the visit"),
        ),
        Check(
            "fixed_place",
            _("Has a fixed place of business"),
            _("Own or rented premises, lease seen"),
        ),
        Check("real_need", _("Has a real need for finance"), _("What for, how much, when")),
        Check(
            "good_credit",
            _("Has a good credit record"),
            _("No overdue debt, not on a list of dishonest persons"),
        ),
        Check(
            "lawful_use",
            _("Will use the loan lawfully"),
            _("Contract, order or quotation that shows the use"),
        ),
    ),
)


def clean_checks(given: Mapping[str, object]) -> dict[str, str]:
    """The known checks with a known answer; everything else is left out."""
    answers = {answer.value for answer in Answer}
    return {check.key: str(given[check.key]) for check in CHECKS if given.get(check.key) in answers}


def unanswered(checks: Mapping[str, str]) -> list[Check]:
    """The conditions nobody has answered with yes or no."""
    return [check for check in CHECKS if checks.get(check.key) not in {Answer.YES, Answer.NO}]


def failed(checks: Mapping[str, str]) -> list[Check]:
    """The conditions that do not hold."""
    return [check for check in CHECKS if checks.get(check.key) == Answer.NO]
