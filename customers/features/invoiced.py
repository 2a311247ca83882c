"""What invoices tell of sales, purchases and counterparties (beyond the spec's list, I01-I15).

Void invoices count only for the void rate; red-letter ones are negative sales.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.spec import Dimension, FeatureSpec, Unit

_feature = partial(
    FeatureSpec,
    dimension=Dimension.BEHAVIOUR,
    origin="sale",
    window="w12m",
    applies="has_invoices",
    trail_months=12,
)
_money = partial(_feature, unit=Unit.YUAN, data_class="C2")
_ratio = partial(_feature, unit=Unit.RATIO)

TURNOVER = (
    _money(
        key="sales_month_12m",
        code="I01",
        label=_("Invoiced sales a month"),
        sql="coalesce(sales_12m, 0) / invoice_months",
        formula=_("Sales invoices without void ones, 12 months / months covered"),
    ),
    _money(
        key="purchases_month_12m",
        code="I02",
        label=_("Invoiced purchases a month"),
        sql="coalesce(purchases_12m, 0) / invoice_months",
        origin="purchase",
        formula=_("Purchase invoices without void ones, 12 months / months covered"),
    ),
    _money(
        key="value_added_12m",
        code="I03",
        label=_("Value added, 12 months"),
        sql="CASE WHEN sells_by_invoice AND buys_by_invoice THEN sales_12m - purchases_12m END",
        origin="invoice",
        formula=_("Invoiced sales less invoiced purchases"),
    ),
    _ratio(
        key="gross_margin",
        code="I03",
        label=_("Gross margin"),
        sql="coalesce(d_gross_margin, CASE WHEN sells_by_invoice AND buys_by_invoice "
        "AND sales_12m > 0 THEN 1 - purchases_12m / sales_12m END)",
        origin="invoice",
        declared_keys=("gross_margin",),
        formula=_("As told, else 1 - invoiced purchases / invoiced sales"),
    ),
    _feature(
        key="sales_growth_12m",
        code="I04",
        label=_("Sales against the year before"),
        unit=Unit.CHANGE,
        sql="CASE WHEN invoice_is_two_years THEN "
        "coalesce(sales_12m, 0) / nullif(greatest(sales_year_before, 0), 0) - 1 END",
        window="w24m",
        trail_months=24,
        formula=_("Sales of 12 months / sales of the 12 before - 1"),
    ),
    _feature(
        key="sales_growth_lunar",
        code="I05",
        label=_("Sales against the same lunar period"),
        unit=Unit.CHANGE,
        sql="CASE WHEN invoice_first_ym <= invoice_last_ym - 16 THEN "
        "coalesce(sales_3m, 0) / nullif(greatest(sales_like_3m, 0), 0) - 1 END",
        window="w3m",
        trail_months=17,
        formula=_("Sales of 3 months / sales of the same lunar days a year ago - 1"),
    ),
    _ratio(
        key="sales_cv_12m",
        code="I06",
        label=_("Sales swings, 12 months"),
        sql="CASE WHEN invoice_months >= 6 AND sales_mean_even > 0 THEN "
        "sqrt(greatest(sales_even_squares_12m / invoice_months "
        "- sales_mean_even * sales_mean_even, 0)) / sales_mean_even END",
        formula=_("Standard deviation / mean of monthly sales, season taken out"),
    ),
    _feature(
        key="sales_peak_month",
        code="I07",
        label=_("Best month of the year"),
        unit=Unit.MONTH_OF_YEAR,
        sql="CASE WHEN invoice_is_a_year AND sales_12m > 0 "
        "THEN mod(sales_peak_code_12m::numeric, 16) END",
        formula=_("Month with the highest sales of the last 12"),
    ),
    _ratio(
        key="season_strength",
        code="I07",
        label=_("Strength of the season"),
        sql="CASE WHEN invoice_is_a_year AND sales_12m > 0 "
        "THEN sales_peak_12m * 12 / sales_12m END",
        formula=_("Best month / mean month"),
    ),
)
HABITS = (
    _ratio(
        key="void_rate_12m",
        code="I08",
        label=_("Void rate of sales invoices"),
        sql="sale_voids_12m::float8 / nullif(sale_count_12m + sale_voids_12m, 0)",
        formula=_("Void invoices / all sales invoices"),
    ),
    _ratio(
        key="return_rate_12m",
        code="I09",
        label=_("Return rate (red-letter)"),
        sql="sale_red_12m / nullif(sale_plus_12m, 0)",
        formula=_("Red-letter amount / positive sales"),
    ),
    _ratio(
        key="purchase_return_rate_12m",
        code="I09",
        label=_("Returned purchases (red-letter)"),
        sql="purchase_red_12m / nullif(purchase_plus_12m, 0)",
        origin="purchase",
        formula=_("Red-letter amount / positive purchases"),
    ),
    _feature(
        key="invoices_12m",
        code="I01",
        label=_("Sales invoices, 12 months"),
        unit=Unit.COUNT,
        sql="sale_count_12m",
        formula=_("Count without void ones"),
    ),
    _feature(
        key="months_without_sales_12m",
        code="I14",
        label=_("Months without sales"),
        unit=Unit.MONTHS,
        sql="invoice_months - coalesce(sale_months_12m, 0)",
        formula=_("Covered months of the last 12 without a sales invoice"),
    ),
    _feature(
        key="longest_silence_days_12m",
        code="I13",
        label=_("Longest silence"),
        unit=Unit.DAYS,
        sql="silence_12m",
        formula=_("Most days between two sales invoices, the later one in the window"),
    ),
    _feature(
        key="last_activity_on",
        code="I15",
        label=_("Last activity"),
        unit=Unit.DATE,
        sql="invoice_on_is",
        origin="invoice",
        formula=_("Newest invoice of either side"),
    ),
    _feature(
        key="days_since_activity",
        code="I15",
        label=_("Days since the last activity"),
        unit=Unit.DAYS,
        ages=True,
        sql="{as_of} - last_activity_on",
        origin="invoice",
        formula=_("Days from the newest invoice to today"),
    ),
)


def _partners(side: str, words: dict[str, Text], origin: str) -> tuple[FeatureSpec, ...]:
    """Concentration and change of one side's counterparties."""
    code = "I10" if side == "buyer" else "I11"
    share = partial(_ratio, code=code, origin=origin)
    count = partial(_feature, code="I12", unit=Unit.COUNT, origin=origin)
    known = f"invoice_is_a_year AND {'sells' if side == 'buyer' else 'buys'}_by_invoice"
    return (
        share(
            key=f"top1_{side}_share_12m",
            label=words["top1"],
            sql=f"{side}_top1 / nullif({side}_total, 0)",
            formula=_("Largest counterparty / all, 12 months"),
        ),
        share(
            key=f"top5_{side}_share_12m",
            label=words["top5"],
            sql=f"{side}_top5 / nullif({side}_total, 0)",
            formula=_("Five largest counterparties / all, 12 months"),
        ),
        share(
            key=f"{side}_hhi_12m",
            label=words["hhi"],
            sql=f"{side}_squares / nullif({side}_total * {side}_total, 0)",
            formula=_("Sum of squared shares, 12 months"),
        ),
        count(
            key=f"{side}s_12m",
            label=words["count"],
            sql=f"CASE WHEN {side}_count > 0 THEN {side}_count END",
            formula=_("Counterparties with a positive balance, 12 months"),
        ),
        count(
            key=f"new_{side}s_6m",
            label=words["new"],
            sql=f"CASE WHEN {known} THEN {side}_new END",
            window="w6m",
            formula=_("Seen in the last 6 months and not in the 18 before"),
        ),
        count(
            key=f"lost_{side}s_6m",
            label=words["lost"],
            sql=f"CASE WHEN {known} THEN {side}_lost END",
            window="w6m",
            formula=_("Seen in the 12 months before the last 6, and not since"),
        ),
    )


PARTNERS = _partners(
    "buyer",
    {
        "top1": _("Share of the largest buyer"),
        "top5": _("Share of the five largest buyers"),
        "hhi": _("Concentration of buyers (HHI)"),
        "count": _("Buyers, 12 months"),
        "new": _("New buyers, 6 months"),
        "lost": _("Lost buyers, 6 months"),
    },
    "sale",
) + _partners(
    "supplier",
    {
        "top1": _("Share of the largest supplier"),
        "top5": _("Share of the five largest suppliers"),
        "hhi": _("Concentration of suppliers (HHI)"),
        "count": _("Suppliers, 12 months"),
        "new": _("New suppliers, 6 months"),
        "lost": _("Lost suppliers, 6 months"),
    },
    "purchase",
)
FEATURES = TURNOVER + HABITS + PARTNERS
