"""The rule book of a day, made of what is in force; and the kept ones by their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from crm.core.models import IndustryCode, IndustryPolicy, LprQuote, TradeProfile
from crm.core.parameters import Parameters, parameters
from products.matching.book import Book, Offer, Rule, Tuning, Weights
from products.matching.guards import guards_of
from products.matching.season import due_shares
from products.matching.statement import Engine
from products.models import CustomerMatch, MatchWeights, ProductVersion, RuleBook
from products.models.terms import AmountFormula, RateBase
from products.selectors.catalogue import effective_versions
from products.selectors.focus import focuses

RENEWAL_TAGS = frozenset({"renewal", "restructure"})
BASIS_POINT = Decimal("0.0001")
SHORTEST_DRAW = 12


def current_book(as_of: date) -> Book:
    """The book of the versions in force on the day; not kept, so its number is 0."""
    exits, limits = industry_stances(as_of)
    versions = list(effective_versions(as_of).prefetch_related("rules"))
    base_rates = _base_rates(as_of)
    offers = _ranked([_offer(version, base_rates, exits) for version in versions])
    plans = {
        offer.due_key: (offer.repayment_modes, offer.term_max or SHORTEST_DRAW, offer.season_months)
        for offer in offers
        if offer.due_key
    }
    seasons = dict(TradeProfile.objects.values_list("key", "season"))
    return Book(
        offers=offers,
        weights=_weights(),
        tuning=_tuning(parameters(as_of)),
        limited_industries=limits,
        due_shares=due_shares(plans, seasons, as_of.month),
        focuses=focuses(as_of),
        as_of=as_of,
    )


def matched_book(matches: QuerySet[CustomerMatch] | None = None) -> Book | None:
    """The book of the first of these matches (default: of all); None where there is none.

    The highest number is not it: content that was in force before has its old number again.
    """
    first = CustomerMatch.objects.order_by("pk") if matches is None else matches
    kept = RuleBook.objects.filter(number=Subquery(first.values("book_number")[:1]))
    number = kept.values_list("number", flat=True).first()
    return None if number is None else book_of(number)


def book_of(number: int) -> Book:
    """The kept book of this number; RuleBook.DoesNotExist for one that is not there."""
    digest = RuleBook.objects.values_list("digest", flat=True).get(number=number)
    return _kept(digest, number)


@lru_cache(maxsize=32)
def _kept(digest: str, number: int) -> Book:
    """Books never change, so each is read once in a process."""
    row = RuleBook.objects.get(digest=digest)
    return Book.from_data(row.content).numbered(number, row.created_at.date())


@lru_cache(maxsize=8)
def engine_of(digest: str, number: int) -> Engine:
    """The compiled statement of a kept book."""
    return Engine(_kept(digest, number))


def industry_stances(as_of: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every industry code the bank withdraws from, and every one it restricts.

    The nearest policy up the tree of codes counts, so a class may be freed within its division.
    """
    policies = IndustryPolicy.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=as_of), effective_from__lte=as_of
    ).order_by("effective_from")
    own = dict(policies.values_list("industry_id", "stance"))
    if not own:
        return (), ()
    stances: dict[str, str] = {}
    for code, parent in IndustryCode.objects.order_by("level").values_list("pk", "parent_id"):
        stances[code] = own.get(code) or stances.get(parent or "", "")
    exits = (code for code, stance in stances.items() if stance == IndustryPolicy.Stance.EXIT)
    limits = (code for code, stance in stances.items() if stance == IndustryPolicy.Stance.LIMIT)
    return tuple(sorted(exits)), tuple(sorted(limits))


def _base_rates(as_of: date) -> Mapping[str, Decimal]:
    quote = LprQuote.objects.filter(quoted_on__lte=as_of).order_by("-quoted_on").first()
    if quote is None:
        return {}
    return {RateBase.LPR_1Y: quote.lpr_1y, RateBase.LPR_5Y: quote.lpr_5y}


def _rates(
    version: ProductVersion, base_rates: Mapping[str, Decimal]
) -> tuple[float | None, float | None]:
    """The lowest and the highest yearly rate; a tariff rate is both."""
    base = base_rates.get(version.rate_base)
    if base is None or version.spread_min_bp is None:
        fixed = None if version.fixed_rate is None else float(version.fixed_rate)
        return fixed, fixed
    highest = version.spread_min_bp if version.spread_max_bp is None else version.spread_max_bp
    return tuple(float(base + BASIS_POINT * bp) for bp in (version.spread_min_bp, highest))  # type: ignore[return-value]


def _offer(
    version: ProductVersion, base_rates: Mapping[str, Decimal], exits: tuple[str, ...]
) -> Offer:
    product = version.product
    low, high = _rates(version, base_rates)
    return Offer(
        version_id=version.pk,
        code=product.code,
        no=version.no,
        name_zh=product.name_zh,
        name_en=product.name_en,
        family=product.family,
        is_credit=product.is_credit,
        is_renewal=is_renewal(version),
        amount_min=_number(version.amount_min),
        amount_max=_number(version.amount_max),
        term_min=version.term_min_months,
        term_max=version.draw_max_months or version.term_max_months,
        rate_low=low,
        rate_high=high,
        loan_to_value={kind: float(share) for kind, share in sorted(version.loan_to_value.items())},
        is_automatic=version.decision_lane == "auto",
        rules=rules_of(version, exits),
        **_plain_terms(version),
    )


def _plain_terms(version: ProductVersion) -> dict[str, Any]:
    lists = (
        "guarantee_modes", "repayment_modes", "season_months", "target_groups", "target_stages",
        "target_sizes", "target_party_types", "target_asset_styles", "target_chain_positions",
        "target_industries", "avoided_industries", "target_regions", "channels", "uses",
    )  # fmt: skip
    found: dict[str, Any] = {name: tuple(getattr(version, name)) for name in lists}
    return found | {
        "is_revolving": version.is_revolving,
        "processing_hours": version.processing_hours,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def is_renewal(version: ProductVersion) -> bool:
    """Whether it renews or restructures what is there: red flags do not end it."""
    is_tagged = not RENEWAL_TAGS.isdisjoint(version.product.tags)
    return is_tagged or version.amount_formula == AmountFormula.OLD_BALANCE


def rules_of(version: ProductVersion, exits: tuple[str, ...]) -> tuple[Rule, ...]:
    """The version's own rules and those that hold for every credit."""
    guards = guards_of(
        is_credit=version.product.is_credit, is_renewal=is_renewal(version), exits=exits
    )
    return (*(_rule(row) for row in version.rules.all()), *guards)


def _rule(row: Any) -> Rule:
    return Rule(
        code=row.code,
        text_zh=row.text_zh,
        text_en=row.text_en,
        remedy_zh=row.remedy_zh,
        remedy_en=row.remedy_en,
        condition=row.condition,
    )


def _ranked(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Each priced offer with its place among its family, 0 the cheapest and 1 the dearest.

    Offers of one price share the mean place; one alone is in the middle.
    """
    rows = list(offers)
    prices: dict[str, list[float]] = {}
    for offer in rows:
        if offer.rate_low is not None and offer.rate_high is not None:
            prices.setdefault(offer.family, []).append(offer.rate_low + offer.rate_high)
    found = []
    for offer in rows:
        rank = None
        if offer.rate_low is not None and offer.rate_high is not None:
            others, mine = prices[offer.family], offer.rate_low + offer.rate_high
            cheaper = sum(price < mine for price in others)
            same = sum(price == mine for price in others) - 1
            rank = round((cheaper + same / 2) / (len(others) - 1), 6) if len(others) > 1 else None
        found.append(replace(offer, price_rank=rank))
    return tuple(found)


def _weights() -> Weights:
    row = MatchWeights.objects.filter(state=MatchWeights.State.ACTIVE).first()
    if row is None:
        return Weights()
    names = Weights.__dataclass_fields__
    return Weights(**{name: getattr(row, name) for name in names})


def _tuning(snapshot: Parameters) -> Tuning:
    """The parameters ``match.*`` where they are set, else the defaults of the engine."""
    told = {
        name: float(snapshot.values[f"match.{name}"])
        for name in Tuning.__dataclass_fields__
        if f"match.{name}" in snapshot.values
    }
    return Tuning(**told)
