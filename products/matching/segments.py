"""Segment fit (d.4 step 2): is the offer meant for customers like this one, and does it suit them.

An empty target is no bound. Of the dimensions that are bounded, the share that is met counts; a
fact that is not known meets half. The differentiation rule of d.4 is the other half for credit.
"""

from __future__ import annotations

from collections.abc import Mapping

from customers.models import ProductFamily
from products.matching.book import Offer, Tuning
from products.matching.sheet import Sheet, number

FLOW = frozenset({"credit", "receivables", "core_firm"})
COLLATERAL = frozenset({"mortgage", "pledge", "stock", "equipment"})
TECH = frozenset({"ip", "risk_fund"})
TECH_GROUPS = ("sci_tech", "zjtx")

# what a customer's style prefers (d.4): the condition on the customer, over facts
STYLES: Mapping[str, tuple[str, str]] = {
    "flow": ("asset_style", "{} = 'asset_light'"),
    "collateral": ("asset_style", "{} = 'traditional'"),
    "tech": ("asset_style", "{} = 'high_innovation'"),
    "seasonal": ("groups", "'sannong' = ANY({})"),
    "chain": ("core_relation", "{} IN ('supplier', 'dealer', 'both')"),
}


def styles_of(offer: Offer) -> tuple[str, ...]:
    """The styles that the offer suits."""
    modes = set(offer.guarantee_modes)
    suits = {
        "flow": bool(modes & FLOW),
        "collateral": bool(modes & COLLATERAL),
        "tech": bool(modes & TECH) or not set(TECH_GROUPS).isdisjoint(offer.target_groups),
        "seasonal": "seasonal" in offer.repayment_modes,
        "chain": offer.family == ProductFamily.SUPPLY_CHAIN.value,
    }
    return tuple(style for style, yes in suits.items() if yes)


def segment_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """The share of the targets that are met, and for credit what the style prefers."""
    targets = _targets(sheet, offer, tuning)
    met = number(tuning.neutral)
    if targets:
        met = f"(({' + '.join(targets)}) / {number(len(targets))})"
    if offer.is_credit:
        met = _with_style(sheet, offer, met)
    if not offer.avoided_industries:
        return met
    code, heads = sheet.fact("industry_code"), sheet.heads(offer.avoided_industries)
    avoided = sheet.base(f"coalesce({code} LIKE ANY({heads}), false)")
    return f"(CASE WHEN {avoided} THEN 0 ELSE {met} END)"


def _targets(sheet: Sheet, offer: Offer, tuning: Tuning) -> list[str]:
    """One value for each dimension that the offer bounds."""
    found = []
    if offer.target_groups:
        groups = sheet.fact("groups")
        met = f"{groups} && {sheet.codes(offer.target_groups)}"
        found.append(_met(sheet, f"{groups} IS NULL", met, tuning))
    for key, wanted in (
        ("stage", offer.target_stages),
        ("size_class", offer.target_sizes),
        ("party_type", offer.target_party_types),
        ("asset_style", offer.target_asset_styles),
        ("chain_position", offer.target_chain_positions),
    ):
        if wanted:
            fact = sheet.fact(key)
            unknown = f"coalesce({fact}, 'unknown') = 'unknown'"
            found.append(_met(sheet, unknown, f"{fact} = ANY({sheet.codes(wanted)})", tuning))
    for key, heads in (
        ("industry_code", offer.target_industries),
        ("region_code", offer.target_regions),
    ):
        if heads:
            fact = sheet.fact(key)
            met = f"{fact} LIKE ANY({sheet.heads(heads)})"
            found.append(_met(sheet, f"coalesce({fact}, '') = ''", met, tuning))
    return found


def _met(sheet: Sheet, unknown: str, met: str, tuning: Tuning) -> str:
    half, one = number(tuning.neutral), number(1)
    return sheet.base(f"CASE WHEN {unknown} THEN {half} WHEN {met} THEN {one} ELSE 0 END")


def _with_style(sheet: Sheet, offer: Offer, met: str) -> str:
    """Half for the targets, half for what the customer's style prefers, where it prefers any."""
    asked = {style: _prefers(sheet, style) for style in STYLES}
    suits = styles_of(offer)
    every = sheet.share(f"({' + '.join(asked.values())})::float8")
    given = " + ".join(asked[style] for style in suits)
    ours = sheet.share(f"({given})::float8") if suits else number(0)
    return f"(CASE WHEN {every} = 0 THEN {met} ELSE ({met} + {ours} / {every}) / 2 END)"


def _prefers(sheet: Sheet, style: str) -> str:
    """1 where the customer is of this style, else (or not known) 0."""
    key, condition = STYLES[style]
    return sheet.base(f"coalesce(({condition.format(sheet.fact(key))})::int, 0)")


def is_in_chain(sheet: Sheet) -> str:
    """Whether a supplier or dealer of a core firm: chain products come first."""
    return f"({_prefers(sheet, 'chain')} = 1)"
