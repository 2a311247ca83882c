"""Rules to numbers: what each rule said, once for all offers that share it.

A rule that passes is 0, one that fails ``FAILED``, one that cannot tell 1; the sum over the rules
of an offer therefore tells how many failed (above ``FAILED``) and how many cannot tell.
"""

from __future__ import annotations

from crm.core.conditions import Clause, Condition, Not
from products.matching.book import Offer, Rule
from products.matching.sheet import Sheet

FAILED = 256


def rule_code(sheet: Sheet, rule: Rule) -> str:
    """The name of the value of a rule."""
    return sheet.base(f"coalesce((NOT {sheet.condition(rule.tree)})::int * {FAILED}, 1)")


def offer_code(sheet: Sheet, offer: Offer) -> str:
    """The name of the sum over the rules of an offer."""
    codes = [rule_code(sheet, rule) for rule in offer.rules]
    return sheet.share(" + ".join(codes) if codes else "0")


def missing_facts(sheet: Sheet, offer: Offer) -> dict[str, str]:
    """By feature: whether a rule of the offer cannot tell for want of it."""
    found: dict[str, list[str]] = {}
    for rule in offer.rules:
        for key, condition in _missing(sheet, rule).items():
            found.setdefault(key, []).append(condition)
    return {key: f"({' OR '.join(parts)})" for key, parts in found.items()}


def _missing(sheet: Sheet, rule: Rule) -> dict[str, str]:
    keys = sorted(rule.tree.features())
    if len(keys) == 1:
        return {keys[0]: f"{rule_code(sheet, rule)} = 1"}
    return {key: sheet.base(_is_missing(sheet, rule.tree, key)) for key in keys}


def _is_missing(sheet: Sheet, tree: Condition, key: str) -> str:
    """SQL: the tree cannot tell, and the fact is one of those it waits for (Verdict.missing)."""
    if isinstance(tree, Clause):
        waits = tree.feature == key and tree.op not in {"known", "missing"}
        return f"({sheet.fact(key)} IS NULL)" if waits else "false"
    if isinstance(tree, Not):
        return _is_missing(sheet, tree.part, key)
    parts = [_is_missing(sheet, part, key) for part in tree.parts if key in part.features()]
    found = " OR ".join(part for part in parts if part != "false") or "false"
    return f"(({sheet.condition(tree)}) IS NULL AND ({found}))"
