"""Matching told a second time in plain Python, one customer and one offer after the other.

It reads the portrait and the versions through the ORM, judges each rule with ``Condition.judge``
and adds up the parts of the score as d.4 tells them. Tests hold the engine against it, and the
benchmark measures it as the plain way to do the work.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.core.conditions import Answer, from_data
from crm.core.models import IndustryCode, IndustryPolicy, LprQuote, TradeProfile
from customers.features.demand import NEEDS, STAGE_NEEDS
from customers.models import CREDIT_FAMILIES, Portrait
from products.models import CustomerMatch, MatchWeights, OfferFit, ProductVersion
from tests.products.match_reference_terms import (
    NEUTRAL,
    channel,
    guarantee,
    price,
    repayment,
    speed,
    wanted_range,
)

FULL_CHANCE, BASE_CHANCE, CHANCE_SHARE = 0.6, 0.2, 0.6
MONTHS = {
    "stock": 6, "wages": 3, "equipment": 36, "fit_out": 24, "expansion": 24, "debt_swap": 12,
    "farm_season": 9,
}  # fmt: skip
ALSO_NEEDED = {
    "farm_production_loan": "working_capital_loan",
    "bill_discount": ("working_capital", "chain_finance"),
    "instalment": ("equipment_loan", "credit_card"),
    "online_payment": ("qr_receipts", "cash_management"),
    "guarantee_letter": ("working_capital",),
}
AMBER = {
    "multi_lender", "high_queries", "overdue", "guarantee_ring", "restructured", "watch_list",
    "churn_risk",
}  # fmt: skip
READ = (  # some of what was looked at, to be stored with the match
    "stage", "groups", "tags", "party_type", "asset_style", "industry_code", "wanted_amount",
    "need_low", "need_high", "wanted_months", "speed_need", "price_sensitivity", "trade_key",
)  # fmt: skip


class Plain:
    """The catalogue of a day, read once; then one customer at a time."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.versions = list(
            ProductVersion.objects.filter(
                state="effective", effective_from__lte=as_of, product__status="on_sale"
            )
            .exclude(effective_to__lt=as_of)
            .select_related("product")
            .prefetch_related("rules")
            .order_by("product__code")
        )
        self.rules = {
            version.pk: [from_data(rule.condition) for rule in version.rules.all()]
            for version in self.versions
        }
        self.world = _world(self.versions, as_of)

    def match_one(self, customer_id: int) -> dict[str, Any]:
        """Outcome letters, scores by offer, and the top five of one customer."""
        row = Portrait.objects.filter(pk=customer_id).values().get()
        portrait = {key: float(v) if isinstance(v, Decimal) else v for key, v in row.items()}
        letters, scores = "", []
        fitting: list[tuple[ProductVersion, Any]] = []
        for version in self.versions:
            outcome, failed = judged(version, self.rules[version.pk], portrait, self.world)
            score = None
            if failed < 2:
                score = scored(version, portrait, self.world, self.as_of)
            letters += outcome
            scores.append(score)
            if outcome == "y":
                fitting.append((version, score))
        return {
            "outcomes": letters,
            "scores": scores,
            "top": _top(fitting, portrait),
            "portrait": portrait,
        }

    def store_one(self, customer_id: int) -> dict[str, Any]:
        """The match of one customer in its tables, the plain way."""
        found = self.match_one(customer_id)
        versions = [version.pk for version in self.versions]
        portrait = found.pop("portrait")
        with transaction.atomic():
            CustomerMatch.objects.update_or_create(
                customer_id=customer_id,
                defaults={
                    "book_number": 0,
                    "as_of": self.as_of,
                    "computed_at": timezone.now(),
                    "portrait_version": portrait["version_no"],
                    "inputs": {key: portrait[key] for key in READ},
                    "failed": [0] * len(versions),
                    "unknown": [0] * len(versions),
                    **found,
                },
            )
            OfferFit.objects.filter(customer_id=customer_id).delete()
            OfferFit.objects.bulk_create(
                OfferFit(customer_id=customer_id, version_id=pk, kind="y", score=score)
                for pk, letter, score in zip(
                    versions, found["outcomes"], found["scores"], strict=True
                )
                if letter == "y"
            )
        return found


def _world(versions: list[ProductVersion], as_of: date) -> dict[str, Any]:
    """What is not of the customer: the LPR, weights, policies, and rates within each family."""
    quote = LprQuote.objects.filter(quoted_on__lte=as_of).order_by("-quoted_on").first()
    policies = IndustryPolicy.objects.filter(effective_from__lte=as_of).exclude(
        effective_to__lt=as_of
    )
    rates: dict[str, list[float]] = {}
    for version in versions:
        low, high = _rates(version, quote)
        if low is not None:
            rates.setdefault(version.product.family, []).append(low + high)
    return {
        "quote": quote,
        "weights": MatchWeights.objects.filter(state="active").first() or MatchWeights(),
        "stances": dict(policies.order_by("effective_from").values_list("industry_id", "stance")),
        "rates": rates,
        "seasons": dict(TradeProfile.objects.values_list("key", "season")),
    }


def _rates(version: ProductVersion, quote: LprQuote | None) -> tuple[Any, Any]:
    if version.rate_base in ("lpr_1y", "lpr_5y") and version.spread_min_bp is not None and quote:
        base = getattr(quote, version.rate_base)
        high = version.spread_min_bp if version.spread_max_bp is None else version.spread_max_bp
        point = Decimal("0.0001")
        return float(base + version.spread_min_bp * point), float(base + high * point)
    fixed = None if version.fixed_rate is None else float(version.fixed_rate)
    return fixed, fixed


def _stance(portrait: dict[str, Any], world: dict[str, Any]) -> str:
    """The policy of the nearest code up the tree."""
    code = portrait["industry_code"]
    while code and world["stances"]:
        if code in world["stances"]:
            return world["stances"][code]
        code = IndustryCode.objects.filter(pk=code).values_list("parent_id", flat=True).first()
    return ""


def judged(
    version: ProductVersion, rules: list[Any], portrait: dict[str, Any], world: Any
) -> tuple[str, int]:
    """y, n or ? and how many rules failed."""
    answers = [rule.judge(portrait).answer for rule in rules]
    if version.product.family in CREDIT_FAMILIES:
        if _stance(portrait, world) == "exit":
            answers.append(Answer.NO)
        if portrait["red_flags"] and not _is_renewal(version):
            answers.append(Answer.NO)
    failed = answers.count(Answer.NO)
    if failed:
        return "n", failed
    return ("?" if Answer.UNKNOWN in answers else "y"), 0


def _is_renewal(version: ProductVersion) -> bool:
    tagged = {"renewal", "restructure"} & set(version.product.tags)
    return bool(tagged) or version.amount_formula == "old_balance"


def scored(version: ProductVersion, portrait: dict[str, Any], world: Any, as_of: date) -> float:
    """0 to 100, to the hundredth."""
    weights, is_credit = world["weights"], version.product.family in CREDIT_FAMILIES
    low, high = _rates(version, world["quote"])
    shares = {
        "need": need(version, portrait, is_credit),
        "segment": segment(version, portrait, is_credit),
        "speed": speed(version, portrait),
        "channel": channel(version, portrait),
        "strategy": NEUTRAL,
    }
    if is_credit and version.repayment_modes:
        shares["repayment"] = repayment(version, portrait, world, as_of)
    if is_credit and version.guarantee_modes:
        shares["guarantee"] = max(
            guarantee(mode, version, portrait) for mode in version.guarantee_modes
        )
    if is_credit and low is not None:
        shares["price"] = price(low, low + high, world["rates"][version.product.family], portrait)
    whole = sum(getattr(weights, part) for part in shares)
    points = sum(getattr(weights, part) * share for part, share in shares.items()) * 100 / whole
    if is_credit and _stance(portrait, world) == "limit":
        points -= weights.limited_industry
    if is_credit and AMBER & set(portrait["tags"] or ()):
        points -= weights.amber_warning
    return round(min(max(points, 0), 100), 2)


def _needs(version: ProductVersion) -> tuple[str, ...]:
    if _is_renewal(version):
        return ("renewal", "renewal_plan", "restructuring")
    also = ALSO_NEEDED.get(version.product.family, version.product.family)
    if isinstance(also, tuple):
        return also
    return tuple(need.key for need in NEEDS if also in need.families)


def need(version: ProductVersion, portrait: dict[str, Any], is_credit: bool) -> float:
    """Chance, and for credit amount and term."""
    needs, stage = _needs(version), portrait["stage"] or "unknown"
    told = [portrait[f"p_{key}"] for key in needs if portrait[f"p_{key}"] is not None]
    if version.product.family in (portrait["noncredit_needs"] or ()):
        chance = 1.0
    else:
        chance = BASE_CHANCE
        if told:
            chance = max(told)
        elif needs and stage != "unknown":
            chance = 0.0 if set(STAGE_NEEDS.get(stage, ())) & set(needs) else BASE_CHANCE / 2
        chance = min(chance / FULL_CHANCE, 1.0)
    others = []
    if is_credit and version.product.family != "credit_card":
        if version.amount_max is not None:
            others.append(_amount(version, portrait))
        if version.term_max_months is not None:
            others.append(_term(version, portrait))
    if not others:
        return chance
    return chance * CHANCE_SHARE + (1 - CHANCE_SHARE) * sum(others) / len(others)


def _amount(version: ProductVersion, portrait: dict[str, Any]) -> float:
    low, high = wanted_range(version, portrait)
    least, most = float(version.amount_min or 0), float(version.amount_max)
    if high is None:
        return NEUTRAL
    if high <= 0:
        return 0.0
    if high > low:
        return max(min(high, most) - max(low, least), 0) / (high - low)
    if high > most:
        return most / high
    return high / least if high < least else 1.0


def _term(version: ProductVersion, portrait: dict[str, Any]) -> float:
    purpose = portrait["wanted_purpose"]
    uses = set(version.uses) & {*MONTHS}
    if uses and purpose in MONTHS and purpose not in uses:
        return 0.0
    wanted = portrait["wanted_months"] or MONTHS.get(purpose)
    most, least = version.draw_max_months or version.term_max_months, version.term_min_months or 0
    if wanted is None or most is None:
        return NEUTRAL
    if wanted > most:
        return most / wanted
    return wanted / least if wanted < least else 1.0


def segment(version: ProductVersion, portrait: dict[str, Any], is_credit: bool) -> float:
    """Targets met, and for credit the style."""
    found = []
    if version.target_groups:
        groups = portrait["groups"]
        found.append(
            NEUTRAL if groups is None else float(bool(set(groups) & set(version.target_groups)))
        )
    for key, wanted in (
        ("stage", version.target_stages), ("size_class", version.target_sizes),
        ("party_type", version.target_party_types), ("asset_style", version.target_asset_styles),
        ("chain_position", version.target_chain_positions),
    ):  # fmt: skip
        if wanted:
            value = portrait[key] or "unknown"
            found.append(NEUTRAL if value == "unknown" else float(value in wanted))
    for key, heads in (
        ("industry_code", version.target_industries), ("region_code", version.target_regions),
    ):  # fmt: skip
        if heads:
            value = portrait[key] or ""
            found.append(float(value.startswith(tuple(heads))) if value else NEUTRAL)
    met = sum(found) / len(found) if found else NEUTRAL
    if is_credit:
        met = _with_style(version, portrait, met)
    avoided = (portrait["industry_code"] or "").startswith(tuple(version.avoided_industries))
    return 0.0 if version.avoided_industries and avoided else met


def _with_style(version: ProductVersion, portrait: dict[str, Any], met: float) -> float:
    modes, style = set(version.guarantee_modes), portrait["asset_style"]
    asked = []
    if style == "asset_light":
        asked.append(bool(modes & {"credit", "receivables", "core_firm"}))
    if style == "traditional":
        asked.append(bool(modes & {"mortgage", "pledge", "stock", "equipment"}))
    if style == "high_innovation":
        tech = modes & {"ip", "risk_fund"} or {"sci_tech", "zjtx"} & set(version.target_groups)
        asked.append(bool(tech))
    if "sannong" in (portrait["groups"] or ()):
        asked.append("seasonal" in version.repayment_modes)
    if portrait["core_relation"] in ("supplier", "dealer", "both"):
        asked.append(version.product.family == "supply_chain_loan")
    return (met + sum(asked) / len(asked)) / 2 if asked else met


def _top(fitting: list[tuple[ProductVersion, Any]], portrait: dict[str, Any]) -> list[int]:
    """Five at most, two a family; chain products first, services held already last."""
    in_chain = portrait["core_relation"] in ("supplier", "dealer", "both")
    held = portrait["families"] or []

    def place(row: tuple[ProductVersion, Any]) -> tuple[bool, bool, float]:
        product = row[0].product
        is_first = in_chain and product.family == "supply_chain_loan"
        return not is_first, not product.is_credit and product.family in held, -row[1]

    chosen: list[int] = []
    families: list[str] = []
    for version, _score in sorted(fitting, key=place):
        if families.count(version.product.family) < 2 and len(chosen) < 5:
            chosen.append(version.pk)
            families.append(version.product.family)
    return chosen
