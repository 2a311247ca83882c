"""The reference data the demo bank is drawn from, as arrays: trades, districts, size bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from borax.calendars.lunardate import LunarDate

from crm.core.models import IndustryCode, RegionCode, SizeStandard, TradeProfile
from customers.demo.plan import Floats, Ints
from customers.demo.words import TOWNS

FARM, FACTORY, WHOLESALE, SHOP, SERVICE = range(5)
ALL_YEAR = np.full(12, 1 / 12)


class ReferenceMissing(Exception):
    """The reference tables have not been loaded."""


@dataclass(frozen=True)
class Trades:
    """One row a trade, in the order of their keys; money in yuan."""

    keys: list[str]
    branch: Ints  # FARM .. SERVICE
    industries: list[list[str]]
    size_group: list[str]
    season: Floats  # (trade, 12), each row sums to one
    margin: Floats  # (trade, 2)
    net_margin: Floats
    stock_days: Floats
    receivable_days: Floats
    payable_days: Floats
    cash: Floats
    heads: Floats
    revenue: Floats


@dataclass(frozen=True)
class Reference:
    """What a run reads once."""

    trades: Trades
    districts: list[tuple[str, str]]  # code, name
    bounds: dict[
        str, list[tuple[str, float, float, float]]
    ]  # group -> indicator, micro up to large


def load_reference_arrays() -> Reference:
    """The reference data of this database; ReferenceMissing when it has none."""
    profiles = list(TradeProfile.objects.order_by("key"))
    regions = dict(RegionCode.objects.filter(code__in=TOWNS).values_list("code", "name_zh"))
    if not profiles or len(regions) < len(TOWNS):
        raise ReferenceMissing
    return Reference(
        trades=_trades(profiles),
        districts=[(code, regions[code]) for code in TOWNS],
        bounds=_bounds(),
    )


def _trades(profiles: list[TradeProfile]) -> Trades:
    known = set(IndustryCode.objects.values_list("code", flat=True))

    def pair(low: str, high: str) -> Floats:
        return np.array([[float(getattr(p, low)), float(getattr(p, high))] for p in profiles])

    season = np.array([p.season for p in profiles], dtype=float)
    return Trades(
        keys=[p.key for p in profiles],
        branch=np.array([_branch_of(p) for p in profiles]),
        industries=[[c for c in p.industry_codes if c in known] or [""] for p in profiles],
        size_group=[p.size_group for p in profiles],
        season=season / season.sum(axis=1, keepdims=True),
        margin=pair("gross_margin_low", "gross_margin_high"),
        net_margin=pair("net_margin_low", "net_margin_high"),
        stock_days=pair("inventory_days_low", "inventory_days_high"),
        receivable_days=pair("receivable_days_low", "receivable_days_high"),
        payable_days=pair("payable_days_low", "payable_days_high"),
        cash=pair("cash_share_low", "cash_share_high"),
        heads=pair("headcount_low", "headcount_high"),
        revenue=pair("revenue_low_amount", "revenue_high_amount"),
    )


def _branch_of(profile: TradeProfile) -> int:
    """The kind of business, from the sizing group and the place in the chain."""
    by_group = {"S01": FARM, "S02": FACTORY, "S04": WHOLESALE}
    if profile.size_group in by_group:
        return by_group[profile.size_group]
    return SHOP if profile.chain_position == "downstream" else SERVICE


def _bounds() -> dict[str, list[tuple[str, float, float, float]]]:
    found: dict[str, list[tuple[str, float, float, float]]] = {}
    for row in SizeStandard.objects.order_by("group", "indicator", "effective_from"):
        bounds = (float(row.small_min), float(row.medium_min), float(row.large_min))
        found.setdefault(row.group, []).append((row.indicator, *bounds))
    return found


def season_by_month(trades: Trades, months: Ints) -> Floats:
    """Each trade's weight in each month (1 is an average month), the new year where it falls.

    The profiles are written for a Spring Festival around 5 February. When it falls later, January
    to March look partly like the month before them, when earlier partly like the month after.
    """
    weight = trades.season * 12
    found = weight[:, months % 12].copy()
    for column, ym in enumerate(months.tolist()):
        month = ym % 12
        if month in (0, 1, 2):
            shift = _festival_shift(ym // 12)
            other = (month - 1) % 12 if shift > 0 else month + 1
            found[:, column] += abs(shift) * (weight[:, other] - weight[:, month])
    return found


def _festival_shift(year: int) -> float:
    """How many months the Spring Festival falls after 5 February, -0.5 to 0.5."""
    festival = LunarDate(year, 1, 1).to_solar_date()
    days = (festival - festival.replace(month=2, day=5)).days
    return max(-0.5, min(0.5, days / 30.4))
