"""What differs between two portraits of one customer, the weightiest first (POR-4, POR-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from customers.features.catalogue import COLUMNS, still_columns
from customers.features.spec import ColumnSpec, Dimension, FeatureSpec, Unit
from customers.features.tags import RISK_TAGS

HEAVY = 3  # features of this weight make a change material
MOVE = 0.2
MATERIAL_CODES = ("stage", "tier", "credit_grade")
EFFECTS = frozenset({"stage", "tier", "tags", "groups", "primary_group", "size_class"})
FIRST = {"stage": 40.0, "tags": 30.0, "tier": 20.0, "credit_grade": 20.0, "verified_share": -99.0}
SILENT = frozenset({"size_group_key", "peer_basis", "need_basis"})  # say nothing to a reader
RISING_IS_GOOD = frozenset(
    {
        "employees", "employees_change", "annual_revenue", "revenue_change", "total_assets",
        "paid_in_ratio", "registered_capital", "contact_completeness", "approval_rate_24m",
        "on_time_share_24m", "inflow_month_12m", "inflow_trend", "inflow_trend_before",
        "deposit_average_3m", "deposit_trend", "deposit_to_loan_3m", "acquiring_month_3m",
        "acquiring_receipts_3m", "acquiring_payers_3m", "payroll_heads_3m", "mean_wage_3m",
        "digital_days_3m", "active_months_12m", "inflow_coverage_12m", "electricity_change",
        "sales_month_12m", "value_added_12m", "gross_margin", "sales_growth_12m",
        "sales_growth_lunar", "invoices_12m", "buyers_12m", "suppliers_12m", "new_buyers_6m",
        "wallet_share", "guarantee_value", "property_value", "debt_service_cover",
        "collateral_cover", "verified_share", "credit_score", "revenue_percentile",
        "margin_percentile", "families_held", "contribution_12m", "spread_income",
        "comprehensive_income", "raroc", "stickiness", "potential_12m",
    }
)  # fmt: skip
FALLING_IS_GOOD = frozenset(
    {
        "longest_delay_days_24m", "days_past_due", "overdue_amount", "months_over_90_12m",
        "months_tight_2m", "inflow_cv_12m", "sales_cv_12m", "cash_share_12m", "void_rate_12m",
        "return_rate_12m", "purchase_return_rate_12m", "months_without_sales_12m",
        "longest_silence_days_12m", "top1_buyer_share_12m", "top5_buyer_share_12m",
        "buyer_hhi_12m", "top1_supplier_share_12m", "top5_supplier_share_12m",
        "supplier_hhi_12m", "lost_buyers_6m", "lost_suppliers_6m", "lenders",
        "hard_queries_6m", "bureau_overdue_months", "debt_ratio", "outside_guarantee_ratio",
        "open_enforcements", "penalties_24m", "lawsuits_24m", "risk_cost", "is_dishonest",
        "is_abnormal", "bureau_has_overdue", "is_credit_suppressed",
    }
)  # fmt: skip
STAGE_RANK = {"decline": 0, "unknown": 1, "start_up": 2, "mature": 3, "growth": 4}
TIER_RANK = {"unknown": 0, "D": 1, "C": 2, "B": 3, "A": 4}
GRADE_RANK = {"D": 0, "C": 1, "B2": 2, "B1": 3, "A2": 4, "A1": 5}
RANKS = {"stage": STAGE_RANK, "tier": TIER_RANK, "credit_grade": GRADE_RANK}


@dataclass(frozen=True)
class Change:
    """One column that differs; ``ratio`` the relative move of a number."""

    column: ColumnSpec
    old: Any
    new: Any
    ratio: float | None
    is_material: bool

    @property
    def is_up(self) -> bool | None:
        """Whether it rose; None where there is no up and down."""
        if self.old is None or self.new is None:
            return None
        if self.column.key in RANKS:
            rank = RANKS[self.column.key]
            return rank.get(self.new, 1) > rank.get(self.old, 1)
        if self.column.is_number or self.column.unit in (Unit.DATE, Unit.FLAG):
            return bool(self.new > self.old)
        return None

    @property
    def meaning(self) -> str:
        """good, bad or plain."""
        if self.column.key == "tags":
            return self._tags_meaning()
        if self.is_up is None:
            return "plain"
        if self.column.key in RANKS or self.column.key in RISING_IS_GOOD:
            return "good" if self.is_up else "bad"
        if self.column.key in FALLING_IS_GOOD:
            return "bad" if self.is_up else "good"
        return "plain"

    @property
    def added(self) -> list[str]:
        """Codes that came."""
        return [code for code in self.new or () if code not in (self.old or ())]

    @property
    def gone(self) -> list[str]:
        """Codes that went."""
        return [code for code in self.old or () if code not in (self.new or ())]

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of a feature; None of what is derived from several."""
        return self.column.dimension if isinstance(self.column, FeatureSpec) else None

    @property
    def weight(self) -> float:
        """What it is read by: material first, then how far a heavy figure moved."""
        base = float(getattr(self.column, "weight", 0)) or 0.5
        if self.column.key in FIRST:
            base = FIRST[self.column.key]
        move = min(abs(self.ratio), 2) if self.ratio is not None else 0.3
        return (100 if self.is_material else 0) + base * move

    def _tags_meaning(self) -> str:
        if RISK_TAGS.intersection(self.added):
            return "bad"
        return "good" if RISK_TAGS.intersection(self.gone) else "plain"


def changes_between(old: Any | None, new: Any | None) -> list[Change]:
    """Every column that a fact moved, the weightiest first; none without two portraits."""
    if old is None or new is None:
        return []
    return sorted(_changes(old, new), key=lambda change: (-change.weight, change.column.key))


def _changes(old: Any, new: Any) -> Iterator[Change]:
    for column in still_columns():
        if not column.label or column.key in SILENT:
            continue
        before, after = getattr(old, column.key), getattr(new, column.key)
        if before != after and not (before in (None, []) and after in (None, [])):
            ratio = _ratio(column, before, after)
            material = _is_material(column, before, after, ratio)
            yield Change(column, before, after, ratio, material)


def _ratio(column: ColumnSpec, before: Any, after: Any) -> float | None:
    if before is None or after is None or not column.is_number or not before:
        return None
    return (float(after) - float(before)) / abs(float(before))


def _is_material(column: ColumnSpec, before: Any, after: Any, ratio: float | None) -> bool:
    """POR-5: stage, tier, grade, a risk tag, or a heavy figure that moved by a fifth."""
    if column.key in MATERIAL_CODES:
        return True
    if column.key == "tags":
        return bool(RISK_TAGS.intersection(before or ()) ^ RISK_TAGS.intersection(after or ()))
    heavy = getattr(column, "weight", 0) >= HEAVY
    return heavy and ratio is not None and abs(ratio) > MOVE and column.key in COLUMNS
