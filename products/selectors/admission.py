"""Whether a customer would get in somewhere: conditions over the portrait, with three answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.core.conditions import Answer, BadCondition, Clause, Condition, Facts, Not, from_data
from crm.core.models import User
from crm.core.words import Text
from customers.models import Portrait
from products.matching.vocabulary import RULE_COLUMNS
from products.models import CompetitorProduct, ProductVersion
from products.selectors.book import rules_of
from products.selectors.terms import joined


@dataclass(frozen=True)
class Line:
    """One condition of admission and its answer; ``missing`` are the facts that would settle it."""

    text: str
    answer: Answer
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Admission:
    """All conditions: no as soon as one says no, unknown while one cannot tell."""

    lines: tuple[Line, ...]

    @property
    def answer(self) -> Answer:
        """The answer of all together; without conditions everybody gets in."""
        answers = {line.answer for line in self.lines}
        for answer in (Answer.NO, Answer.UNKNOWN):
            if answer in answers:
                return answer
        return Answer.YES

    @property
    def failed(self) -> list[str]:
        """The conditions that say no."""
        return [line.text for line in self.lines if line.answer == Answer.NO]

    @property
    def missing(self) -> list[Text]:
        """The names of the facts that are missing."""
        keys = dict.fromkeys(key for line in self.lines for key in line.missing)
        return [RULE_COLUMNS[key].label if key in RULE_COLUMNS else key for key in keys]

    @property
    def unclear(self) -> list[str]:
        """The conditions that cannot be told, in their own words."""
        return [line.text for line in self.lines if line.answer == Answer.UNKNOWN]


def conditions_of(product: CompetitorProduct) -> list[tuple[str, Condition | None]]:
    """Every condition as a sentence, with what can be judged: None is words only."""
    found: list[tuple[str, Condition | None]] = []
    for item in product.admission:
        found.append((str(item.get("text", "")), _condition(item.get("condition"))))
    if product.min_years is not None:
        least = format(product.min_years.normalize(), "f")
        text = _("At least %(years)s years in business") % {"years": least}
        found.append((text, Clause("years_in_business", ">=", least)))
    if product.max_lenders is not None:
        lenders = Clause("lenders", "<=", product.max_lenders)
        found.append((_("At most %(count)s lenders") % {"count": product.max_lenders}, lenders))
    if product.avoided_industries:
        heads = tuple(product.avoided_industries)
        text = _("Not in the industries %(codes)s") % {"codes": joined(heads)}
        found.append((text, Not(Clause("industry_code", "starts", heads))))
    if product.regions:
        places = tuple(product.regions)
        text = _("In the regions %(codes)s") % {"codes": joined(places)}
        found.append((text, Clause("region_code", "starts", places)))
    return _once(found)


def judged(product: CompetitorProduct, facts: Facts) -> Admission:
    """Whether the customer of these facts would get in at the competitor."""
    return Admission(tuple(_line(text, tree, facts) for text, tree in conditions_of(product)))


def judged_by_us(version: ProductVersion, facts: Facts, *, exits: tuple[str, ...]) -> Admission:
    """The same for a version of ours, by its rules and those of every credit (``rules_of``)."""
    rules = rules_of(version, exits)
    return Admission(tuple(_line(rule.text, _condition(rule.condition), facts) for rule in rules))


def facts_of(*, user: User, customer_id: int) -> Mapping[str, Any]:
    """What the portrait of a customer in reach knows; empty where there is none."""
    rows = Portrait.objects.visible_to(user).filter(customer_id=customer_id)
    found: Mapping[str, Any] | None = rows.values(*RULE_COLUMNS).first()
    return found or {}


def _condition(data: Any) -> Condition | None:
    """The tree, or None for words alone and for what no longer can be judged."""
    try:
        return from_data(data, RULE_COLUMNS) if data else None
    except BadCondition:
        return None


def _line(text: str, tree: Condition | None, facts: Facts) -> Line:
    if tree is None:
        return Line(text, Answer.UNKNOWN)
    verdict = tree.judge(facts)
    return Line(text, verdict.answer, verdict.missing)


def _once(
    found: Iterable[tuple[str, Condition | None]],
) -> list[tuple[str, Condition | None]]:
    """A condition that a sentence already states is not told twice."""
    seen: list[Any] = []
    kept = []
    for text, tree in found:
        data = _plain(tree) if tree is not None else text
        if data not in seen and text not in seen:
            seen += [data, text]
            kept.append((text, tree))
    return kept


def _plain(tree: Condition) -> Any:
    """The tree with its bounds as text: 1 and "1" are the same bound."""
    data = tree.to_data()
    if isinstance(tree, Clause) and not isinstance(tree.value, tuple):
        return {**data, "value": str(tree.value)}
    return data
