"""An explained match in words: the ranked list, and one offer with its rules and its score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from products.selectors.asking import can_be_told
from products.selectors.explain import MissingFact, OfferView, PartView, RuleView
from products.selectors.match_page import FAILS, UNKNOWN, MatchPage

STATES = {"yes": "pass", "no": "fail", "unknown": "unknown"}
POOR = 0.6  # of a part's points
GROUPS: Sequence[tuple[str, Text]] = (
    ("top", gettext_lazy("Best five, two a family at most")),
    ("rest", gettext_lazy("Fit too")),
    ("waiting", gettext_lazy("Facts are missing")),
    ("failing", gettext_lazy("Do not fit")),
)


def list_rows(page: MatchPage, chosen: OfferView | None) -> list[dict[str, Any]]:
    """The groups of the list; the best stand open, the others open when chosen from."""
    found = []
    for key, label in GROUPS:
        rows = [list_row(offer, chosen) for offer in getattr(page, key)]
        if rows:
            is_open = key == "top" or any(row["is_current"] for row in rows)
            found.append({"key": key, "label": label, "rows": rows, "is_open": is_open})
    return found


def list_row(offer: OfferView, chosen: OfferView | None = None) -> dict[str, Any]:
    """The offer as one line of a list."""
    return {
        "offer": offer,
        "sentence": sentence(offer),
        "is_current": chosen is not None and offer.version_id == chosen.version_id,
    }


def sentence(offer: OfferView) -> Text:
    """Why in one sentence: the best reason, the fact that is missing, or the rule in the way."""
    if offer.outcome == FAILS:
        failed = [rule for rule in offer.rules if rule.answer == "no"]
        more = _(" (and %(number)d more)") % {"number": len(failed) - 1} if failed[1:] else ""
        return f"{told_rule(failed[0])}{more}" if failed else ""
    if offer.outcome == UNKNOWN:
        names = _(", ").join(str(fact.label) for fact in cheapest_first(offer.missing)[:2])
        return _("Missing: %(facts)s") % {"facts": names}
    return offer.reasons[0] if offer.reasons else ""


def told_rule(rule: RuleView) -> Text:
    """The rule with the figure it met."""
    if rule.actual in (None, ""):
        return rule.text
    return _("%(rule)s: now %(actual)s") % {"rule": rule.text, "actual": rule.actual}


def cheapest_first(facts: Sequence[MissingFact]) -> list[MissingFact]:
    """Missing facts, those easiest to learn first."""
    return sorted(facts, key=lambda fact: fact.effort)


def detail(page: MatchPage, offer: OfferView) -> dict[str, Any]:
    """One offer: every rule with its figure, every part of the score, what would change it."""
    passed = sum(rule.answer == "yes" for rule in offer.rules)
    facts = cheapest_first(offer.missing)
    return {
        "rules": [_rule(rule) for rule in offer.rules],
        "passed": passed,
        "asked": len(offer.rules),
        "tone": {"y": "good", "n": "bad"}.get(offer.outcome, "warn"),
        "parts": [_part(part) for part in offer.parts],
        "remedies": [rule for rule in offer.rules if rule.answer == "no" and rule.remedy],
        "ask": facts[0] if facts else None,
        "ask_told": bool(facts) and can_be_told(facts[0].feature),
        "ask_also": facts[1:],
    }


def _rule(rule: RuleView) -> dict[str, Any]:
    unknown = "" if rule.answer == "unknown" else "—"
    return {
        "text": rule.text,
        "state": STATES[str(rule.answer)],
        "value": rule.actual if rule.actual not in (None, "") else unknown,
    }


def _part(part: PartView) -> dict[str, Any]:
    is_poor = bool(part.max) and part.got < POOR * part.max
    return {"part": part, "got": f"{part.got:.0f}", "max": f"{part.max:.0f}", "is_poor": is_poor}
