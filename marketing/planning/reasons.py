"""Why somebody is due: a catalogue of reasons, each with its purpose, weight and sentence.

A plan stores ``[{code, inputs}]``; the sentence is written for the reader. Points of a reason are
the rule parameter ``plan.points.<code>``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from marketing.models import Purpose


@dataclass(frozen=True)
class ReasonKind:
    """One reason: what one goes there for, and its sentence with named placeholders."""

    key: str
    purpose: Purpose
    label: Text
    sentence: Text
    tone: str = "plain"

    @property
    def points_key(self) -> str:
        """The parameter that says how pressing it is."""
        return f"plan.points.{self.key}"


WEIGHS = "strategy"  # not a reason to go, but prospects it speaks for come first (a.8)
REASON_KINDS: Catalogue[ReasonKind] = Catalogue("reasons to visit")
for _kind in (
    ReasonKind(
        "promise",
        Purpose.CARE,
        _("Promise"),
        _("We promised “%(what)s” for %(on)s."),
        "warn",
    ),
    ReasonKind(
        "overdue",
        Purpose.COLLECT,
        _("Overdue"),
        _("%(days)s days past due, %(amount)s open."),
        "bad",
    ),
    ReasonKind(
        "coordination",
        Purpose.COORDINATION,
        _("Coordination list"),
        _("On coordination list %(list_no)s, due %(on)s."),
        "warn",
    ),
    ReasonKind(
        "post_loan",
        Purpose.POST_LOAN,
        _("Post-loan check"),
        _("Loan of %(amount)s drawn on %(on)s: first check within %(days)s days."),
        "warn",
    ),
    ReasonKind(
        "risk",
        Purpose.POST_LOAN,
        _("Risk"),
        _("Lending with a risk sign: visit every %(every)s days, last %(last)s."),
        "warn",
    ),
    ReasonKind(
        "renewal",
        Purpose.CARE,
        _("Renewal"),
        _("A loan matures on %(on)s, in %(days)s days."),
        "warn",
    ),
    ReasonKind(
        "opportunity",
        Purpose.ACQUIRE,
        _("Opportunity"),
        _("%(family)s of %(amount)s waits for: %(what)s (%(on)s)."),
        "accent",
    ),
    ReasonKind(
        "next_step",
        Purpose.CARE,
        _("Next step"),
        _("Next step “%(what)s” agreed for %(on)s."),
        "accent",
    ),
    ReasonKind(
        "cycle",
        Purpose.CARE,
        _("Visit cycle"),
        _("Tier %(tier)s: visit every %(every)s days, last %(last)s."),
    ),
    ReasonKind(
        "suggestion",
        Purpose.ACQUIRE,
        _("Suggestion"),
        _("Suggested: %(product)s, worth about %(amount)s a year."),
    ),
    ReasonKind(
        WEIGHS,
        Purpose.ACQUIRE,
        _("Branch strategy"),
        _("The branch's strategy is after customers like this one."),
    ),
    ReasonKind("added", Purpose.CARE, _("Added by hand"), _("Added by hand.")),
):
    REASON_KINDS.add(_kind)

TIERS = ("A", "B", "C", "D", "unknown")


def cycle_key(tier: str) -> str:
    """The parameter with the days between visits of a tier."""
    return f"plan.every_days.{tier.lower() if tier in TIERS else 'unknown'}"
