"""Fit of the terms (d.4 step 2): repayment, guarantee, price, speed and channel."""

from __future__ import annotations

from collections.abc import Mapping

from customers.models import ProductFamily
from products.matching.book import Offer, Tuning
from products.matching.needs import wanted_range
from products.matching.segments import TECH_GROUPS
from products.matching.sheet import Sheet, number

GIVEN_BY_OTHERS = frozenset({"credit", "risk_fund", "public_fund", "core_firm", "as_old"})
LENT_ON_OTHERS = 0.5  # of movables, receivables and guarantors, where the version names no share
LENT_ON_PROPERTY = 0.6  # between shops and homes, where the version names no share
ALLOWED_HOURS: Mapping[int, int] = {5: 24, 4: 72, 3: 168, 2: 360}  # by need for speed; 1: any
USUAL_SENSITIVITY, TRADITIONAL_SENSITIVITY = 3, 4  # where nobody asked
REACHED_BY: Mapping[str, tuple[str, ...]] = {  # how a customer likes to be met: our channels
    "visit": ("rm",),
    "phone": ("rm",),
    "wecom": ("rm", "online"),
    "branch": ("branch",),
    "mobile": ("mobile", "online"),
}


def repayment_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """Due amounts in strong months of the trade, and whether a mode is the one wished for."""
    due = f"(s.due ->> {sheet.bind(offer.due_key)})::float8"
    sheet.fact("trade_key")
    wished = sheet.fact("repayment_preference")
    modes = sheet.codes(offer.repayment_modes)
    strong = sheet.base(due)
    liked = sheet.base(f"({wished} && {modes})::int::float8")
    half = number(tuning.neutral)
    return sheet.share(f"coalesce(({strong} + {liked}) / 2, {strong}, {liked}, {half})")


def guarantee_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """How far what the customer can give covers the sum, under the mode that suits best."""
    modes = [_mode(sheet, mode, offer, tuning) for mode in offer.guarantee_modes]
    best = modes[0] if len(modes) == 1 else f"greatest({', '.join(modes)})"
    return sheet.share(best)


def _mode(sheet: Sheet, mode: str, offer: Offer, tuning: Tuning) -> str:
    if mode in GIVEN_BY_OTHERS:
        return number(1)
    if mode == "equipment" and offer.family == ProductFamily.FIXED_ASSET.value:
        return number(1)  # what is bought secures it
    if mode == "ip":
        groups = sheet.fact("groups")
        return sheet.base(f"CASE WHEN {groups} && {sheet.codes(TECH_GROUPS)} THEN 1 ELSE 0 END")
    lent = offer.loan_to_value
    if mode == "mortgage":
        value, usual = "property_value", LENT_ON_PROPERTY
    else:
        value, usual = "guarantee_value", LENT_ON_OTHERS
    share = max(lent.values(), default=usual) if mode == "mortgage" else lent.get(mode, usual)
    held = sheet.base(sheet.fact(value))
    wanted = wanted_range(sheet, offer.family)[1]
    return (
        f"CASE WHEN {held} IS NULL THEN {number(tuning.neutral)} WHEN {held} <= 0 THEN 0 "
        f"WHEN {wanted} > 0 THEN least({held} * {number(share)} / {wanted}, 1) ELSE 1 END"
    )


def price_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """The rank in its family as far as price matters, and the rate at the other lender."""
    usual = (
        f"CASE {sheet.fact('asset_style')} WHEN 'traditional' THEN {TRADITIONAL_SENSITIVITY} "
        f"ELSE {USUAL_SENSITIVITY} END"
    )
    care = sheet.base(f"(coalesce({sheet.fact('price_sensitivity')}, {usual}) - 1)::float8 / 4")
    rank = tuning.neutral if offer.price_rank is None else offer.price_rank
    ranked = f"(1 - {care} * {number(rank)})"
    theirs = sheet.base(sheet.fact("competitor_rate"))
    ours, gap = number(offer.rate_low or 0), number(tuning.rate_gap)
    against = f"greatest(1 - greatest({ours} - {theirs}, 0) / {gap}, 0)"
    return sheet.share(
        f"CASE WHEN {theirs} IS NULL THEN {ranked} ELSE ({ranked} + {against}) / 2 END"
    )


def speed_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """Whether it is decided as soon as it is needed."""
    if offer.processing_hours is None:
        return number(tuning.neutral)
    arms = " ".join(f"WHEN {need} THEN {hours}" for need, hours in ALLOWED_HOURS.items())
    need = sheet.fact("speed_need")
    allowed = sheet.base(f"CASE {need} {arms} WHEN 1 THEN 100000 END::float8")
    hours = number(max(offer.processing_hours, 1))
    return sheet.share(
        f"CASE WHEN {allowed} IS NULL THEN {number(tuning.neutral)} "
        f"WHEN {allowed} < {hours} THEN {allowed} / {hours} ELSE 1 END"
    )  # least() would take an unknown need for the other value


def channel_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """Whether it can be had where the customer likes to be met."""
    if not offer.channels:
        return number(tuning.neutral)
    liked = sheet.fact("channel_preference")
    reached = tuple(
        sorted(key for key, ways in REACHED_BY.items() if not set(ways).isdisjoint(offer.channels))
    )
    half = number(tuning.neutral)
    return sheet.base(
        f"CASE WHEN {liked} IS NULL THEN {half} "
        f"WHEN {liked} = ANY({sheet.codes(reached)}) THEN {number(1)} ELSE 0 END"
    )


def strategy_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """The mean of two answers, of which a strategy gives one or both: is the customer one of those
    the unit is after, is the family? Half where the unit has no strategy.
    """
    half = number(tuning.neutral)
    if not sheet.focus:
        return half
    groups, code = sheet.fact("groups"), sheet.fact("industry_code")
    heads = f"ARRAY[left({code}, 2), left({code}, 3), {code}]::text[]"
    who = sheet.base(
        f"CASE WHEN {sheet.focus['is_there']} THEN {number(1)} "
        f"WHEN {groups} IS NULL AND {code} IS NULL THEN {half} "
        f"WHEN coalesce({sheet.focus['groups']} ?| {groups}::text[], false) "
        f"OR coalesce({sheet.focus['industries']} ?| {heads}, false) "
        f"THEN {number(1)} ELSE {number(0)} END"
    )
    weights = sheet.base(sheet.focus["weights"])
    return sheet.share(
        f"coalesce({weights}[1] * {who} + {weights}[{sheet.focus[offer.family]}], {half})"
    )
