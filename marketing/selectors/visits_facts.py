"""What a visit asks: facts of the seven categories and needs, and which of them are known least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.core.money import money_figure
from crm.core.words import Text
from customers.features.declared import FACTS, Declared, FactType
from customers.ledger.categories import CATEGORIES
from customers.ledger.spec import Category, CategoryCover
from customers.models import CREDIT_FAMILIES, DeclaredFact, ProductFamily
from customers.selectors.ledger import weakest
from customers.services.declared import FactValue

NEEDS = 0
NEEDS_LABEL = gettext_lazy("Needs and more")
EXTRA: Mapping[int, tuple[str, ...]] = {  # told at visits beside what the ledger counts
    1: ("bank_debt_total", "outside_guarantees"),
    3: ("prepaid_days", "advance_days"),
    4: ("annual_revenue", "export_share"),
    5: ("employees", "premises", "premises_area", "lease_ends_on"),
    6: ("controller_industry_years", "family_in_business", "local_property"),
}
NEED_CODES: Mapping[str, str] = {
    "wanted_amount": "N01", "wanted_months": "N02", "wanted_purpose": "N02", "speed_need": "N03",
    "price_sensitivity": "N04", "guarantee_property": "N05", "guarantee_receivables": "N05",
    "repayment_preference": "N06", "channel_preference": "N07", "noncredit_needs": "N09",
    "competitor_lender": "N10", "competitor_amount": "N10", "competitor_rate": "N10",
    "competitor_matures_on": "N10", "service_manner": "N11",
}  # fmt: skip
FRESH_DAYS = 365


@dataclass(frozen=True)
class Group:
    """One category with the facts that are asked for in it."""

    no: int
    label: Text
    how: Text  # how it is collected at a visit
    facts: tuple[Declared, ...]


def asked_in(category: Category) -> tuple[str, ...]:
    """The facts of a category that a visit asks for; what needs a whole row of answers is last."""
    single = [key for ask in category.asks if not ask.all_facts for key in ask.facts]
    extra = EXTRA.get(category.no, ())
    return tuple(dict.fromkeys((*single, *extra, *category.fact_keys)))


CATEGORY_OF = {key: one.no for one in CATEGORIES for key in asked_in(one)}


def category_of(key: str) -> int:
    """1 to 7, or 0 for needs and whatever belongs to none of the seven."""
    return CATEGORY_OF.get(key, NEEDS)


def fact_groups() -> list[Group]:
    """The seven categories and the needs, each with the facts of the form."""
    groups = [
        Group(one.no, one.label, one.how, tuple(FACTS[key] for key in asked_in(one)))
        for one in CATEGORIES
    ]
    needs = tuple(FACTS[key] for key in NEED_CODES)
    return [*groups, Group(NEEDS, NEEDS_LABEL, "", needs)]


def choices_of(fact: Declared) -> list[tuple[str, Text]]:
    """The codes of a fact with their words; for other services the families that lend nothing."""
    if fact.key == "noncredit_needs":
        lends = {str(family) for family in CREDIT_FAMILIES}
        return [pair for pair in ProductFamily.choices if pair[0] not in lends]
    return list(fact.choices)


def read_fact(key: str, told: object) -> FactValue:
    """What was told as it is stored; ValueError with a sentence for what cannot be read."""
    spec = FACTS.get(key)
    if spec is None:
        raise ValueError(_("Nobody knows the fact %(key)s.") % {"key": key})
    if isinstance(told, list) and spec.type == FactType.CODES:
        told = " ".join(str(one) for one in told)
    text = str(told).strip()
    named = {"label": spec.label, "value": text[:40]}
    if spec.type == FactType.DAY:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("%(label)s: %(value)s is not a day.") % named) from None
    if spec.type != FactType.NUMBER:
        return text
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(_("%(label)s: %(value)s is not a number.") % named) from None
    if not number.is_finite():
        raise ValueError(_("%(label)s: %(value)s is not a number.") % named)
    return number.quantize(Decimal("0.0001")) if abs(number) < 10**15 else number


def fact_words(key: str, value: Any) -> str:
    """A stored value in words: 46.2 万元, 12.5%, the label of a code, a day."""
    spec = FACTS.get(key)
    if spec is None or value in (None, ""):
        return "" if value is None else str(value)
    if spec.type == FactType.DAY:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return date_format(day, "Y-m-d")
    if spec.type == FactType.NUMBER:
        return _number_words(spec, Decimal(str(value)))
    words = dict(choices_of(spec))
    codes = str(value).split() if spec.type == FactType.CODES else [str(value)]
    return "、".join(str(words.get(code, code)) for code in codes)


def _number_words(spec: Declared, number: Decimal) -> str:
    if spec.unit == "yuan":
        chinese = (get_language() or "").startswith("zh")
        return str(money_figure(number, chinese=chinese))
    if spec.unit == "ratio":
        return f"{(number * 100).normalize():f}%"
    if spec.unit == "scale" and spec.steps and 1 <= number <= len(spec.steps):
        return f"{int(number)} · {spec.steps[int(number) - 1]}"
    return f"{number.normalize():f}"


def known_facts(*, customer_ids: Collection[int], as_of: date) -> dict[int, dict[str, date]]:
    """For each customer the facts on record that are not older than a year, with their day."""
    since = as_of - timedelta(days=FRESH_DAYS)
    rows = (
        DeclaredFact.objects.filter(
            customer_id__in=customer_ids, is_withdrawn=False, as_of__range=(since, as_of)
        )
        .order_by("as_of")
        .values_list("customer_id", "key", "as_of")
    )
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for customer_id, key, day in rows:
        found[customer_id][key] = day
    return found


def weakest_first(cover: Sequence[CategoryCover]) -> list[int]:
    """The numbers of the categories that apply, the emptiest first (SEV-1)."""
    return [one.no for one in weakest(cover)]
