"""PRO-3: what differs between two versions, field by field, rules and fees included, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.core.conditions import BadCondition
from crm.core.words import Text
from products.models import EligibilityRule, FeeItem, ProductVersion
from products.selectors.rule_words import condition_text
from products.selectors.version_words import (
    SECTIONS,
    Words,
    fee_text,
    label_of,
    loan_to_value_items,
)


@dataclass(frozen=True)
class Change:
    """One field, rule or fee that differs; lists also say what came and what went."""

    section: str
    key: str
    label: str
    before: str
    after: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Section:
    """The changes of one part of the version."""

    key: str
    label: Text
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """Every change from ``before`` to ``after``; ``before`` is None for the first version."""

    before: ProductVersion | None
    after: ProductVersion
    sections: tuple[Section, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many fields, rules and fees differ."""
        return sum(len(section.changes) for section in self.sections)


def difference(before: ProductVersion | None, after: ProductVersion) -> Difference:
    """What changes from one version to another; from nothing when there is none before."""
    words = Words.of(before, after)
    blank = before or ProductVersion(product=after.product, no=0)
    found = [
        Section(key, label, tuple(_fields(blank, after, key, names, words)))
        for key, label, names in SECTIONS
    ]
    found.append(Section("rules", _("Eligibility rules"), tuple(_rules(before, after))))
    found.append(Section("fees", _("Fees"), tuple(_fees(before, after))))
    return Difference(before, after, tuple(it for it in found if it.changes))


def _fields(
    before: ProductVersion, after: ProductVersion, key: str, names: tuple[str, ...], words: Words
) -> list[Change]:
    found = []
    for name in names:
        was, now = getattr(before, name), getattr(after, name)
        if was == now or (isinstance(was, list) and sorted(was) == sorted(now)):
            continue  # in a list only what is in it counts
        old = words.value(before, name) if before.no else ""  # number 0: there is none before
        new = words.value(after, name)
        if old == new:  # nothing said, in two ways
            continue
        gone, come = _items(name, was, words), _items(name, now, words)
        added = tuple(text for text in come if text not in gone)
        removed = tuple(text for text in gone if text not in come)
        found.append(Change(key, name, label_of(name), old, new, added, removed))
    return found


def _items(name: str, value: Any, words: Words) -> list[str]:
    if isinstance(value, list):
        return words.items(name, value)
    return loan_to_value_items(value) if isinstance(value, dict) else []


def _rules(before: ProductVersion | None, after: ProductVersion) -> list[Change]:
    """Rules by their code: another sentence, condition or remedy is a change."""
    old = _rules_of(before)
    new = _rules_of(after)
    found = []
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if was is None or now is None or _said(was) != _said(now):
            label = _("Rule %(code)s") % {"code": code}
            same_words = bool(was and now and was.text == now.text)
            old_text = rule_text(was, with_condition=same_words)
            new_text = rule_text(now, with_condition=same_words)
            found.append(Change("rules", code, label, old_text, new_text))
    return found


def _rules_of(version: ProductVersion | None) -> dict[str, EligibilityRule]:
    return {rule.code: rule for rule in version.rules.all()} if version else {}


def _said(rule: EligibilityRule) -> tuple[Any, ...]:
    return (
        rule.text_zh, rule.text_en, rule.remedy_zh, rule.remedy_en, rule.condition,
    )  # fmt: skip


def rule_text(rule: EligibilityRule | None, *, with_condition: bool = True) -> str:
    """The rule's sentence, and its condition where the sentence alone does not tell them apart."""
    if rule is None:
        return ""
    if not with_condition:
        return str(rule.text)
    try:
        return f"{rule.text} ({condition_text(rule.condition)})"
    except BadCondition:
        return str(rule.text)


def _fees(before: ProductVersion | None, after: ProductVersion) -> list[Change]:
    """Fees by their Chinese name."""
    old, new = _fees_of(before), _fees_of(after)
    found = []
    for key in dict.fromkeys([*old, *new]):
        was, now = (fee_text(it[key]) if key in it else "" for it in (old, new))
        if was != now:
            label = str((new.get(key) or old[key]).name)
            found.append(Change("fees", key, label, was, now))
    return found


def _fees_of(version: ProductVersion | None) -> Mapping[str, FeeItem]:
    found: dict[str, FeeItem] = {}
    for fee in version.fees.all() if version else ():
        key = fee.name_zh
        while key in found:  # two fees of one name are told apart by their place
            key += "*"
        found[key] = fee
    return found
