"""Fit of the terms in plain Python: repayment, guarantee, price, speed, channel (d.4 step 2)."""

from datetime import date
from typing import Any

from products.matching.season import due_share
from products.models import ProductVersion

NEUTRAL, RATE_GAP = 0.5, 0.01
NO_COLLATERAL = {"credit", "risk_fund", "public_fund", "core_firm", "as_old"}
REACHED = {
    "visit": {"rm"}, "phone": {"rm"}, "wecom": {"rm", "online"}, "branch": {"branch"},
    "mobile": {"mobile", "online"},
}  # fmt: skip
HOURS = {5: 24, 4: 72, 3: 168, 2: 360, 1: 100_000}


def wanted_range(version: ProductVersion, portrait: dict[str, Any]) -> tuple[Any, Any]:
    told = portrait["wanted_amount"]
    if version.product.family == "fixed_asset_loan":
        told = told if portrait["equipment_sum"] is None else portrait["equipment_sum"]
        return told, told
    if told is not None or portrait["need_high"] is None:
        return told, told
    return portrait["need_low"] or 0, portrait["need_high"]


def repayment(
    version: ProductVersion, portrait: dict[str, Any], world: dict[str, Any], as_of: date
) -> float:
    """Due in strong months, and liked."""
    found = []
    season = world["seasons"].get(portrait["trade_key"])
    if season is not None:
        months = version.draw_max_months or version.term_max_months or 12
        found.append(
            due_share(
                version.repayment_modes, months, as_of.month % 12 + 1, season,
                version.season_months,
            )
        )  # fmt: skip
    if portrait["repayment_preference"] is not None:
        found.append(
            float(bool(set(portrait["repayment_preference"]) & set(version.repayment_modes)))
        )
    return sum(found) / len(found) if found else NEUTRAL


def guarantee(mode: str, version: ProductVersion, portrait: dict[str, Any]) -> float:
    """How far the customer's means cover the sum under this mode."""
    if mode in NO_COLLATERAL:
        return 1.0
    if mode == "equipment" and version.product.family == "fixed_asset_loan":
        return 1.0
    if mode == "ip":
        return float(bool({"sci_tech", "zjtx"} & set(portrait["groups"] or ())))
    lent = {kind: float(share) for kind, share in version.loan_to_value.items()}
    if mode == "mortgage":
        held, share = portrait["property_value"], max(lent.values(), default=0.6)
    else:
        held, share = portrait["guarantee_value"], lent.get(mode, 0.5)
    most = wanted_range(version, portrait)[1]
    if held is None:
        return NEUTRAL
    if held <= 0:
        return 0.0
    return min(held * share / most, 1.0) if most and most > 0 else 1.0


def price(low: float, mine: float, others: list[float], portrait: dict[str, Any]) -> float:
    """Rank in the family by how much price matters, and against the other lender."""
    rank = NEUTRAL
    if len(others) > 1:
        cheaper = sum(other < mine for other in others)
        rank = (cheaper + (others.count(mine) - 1) / 2) / (len(others) - 1)
    care = portrait["price_sensitivity"]
    if care is None:
        care = 4 if portrait["asset_style"] == "traditional" else 3
    ranked = 1 - (care - 1) / 4 * rank
    theirs = portrait["competitor_rate"]
    if theirs is None:
        return ranked
    return (ranked + max(1 - max(low - theirs, 0) / RATE_GAP, 0)) / 2


def speed(version: ProductVersion, portrait: dict[str, Any]) -> float:
    """Decided as soon as needed."""
    if version.processing_hours is None or portrait["speed_need"] is None:
        return NEUTRAL
    return min(HOURS[portrait["speed_need"]] / max(version.processing_hours, 1), 1.0)


def channel(version: ProductVersion, portrait: dict[str, Any]) -> float:
    """Had where the customer likes to be met."""
    liked = portrait["channel_preference"]
    if not version.channels or liked is None:
        return NEUTRAL
    return float(bool(REACHED[liked] & set(version.channels)))
