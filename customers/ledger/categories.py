"""The seven categories with their asks and weights (docs/ledger.md lists them)."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from customers.features.catalogue import COLUMNS
from customers.features.declared import FACTS
from customers.features.declared_ledger import COST_SHARES
from customers.ledger.soft import GAMBLING, ITEMS
from customers.ledger.spec import Ask, Category

IS_HOLDER = "c.relation_state <> 'prospect'"
HAS_LOAN = "coalesce(p.loan_balance, 0) > 0"

RETURNS = Category(
    1,
    "returns",
    _("Risk against return"),
    _("Computed from our books; confirm the product plan and the flows expected."),
    (
        Ask(
            "income",
            _("Income and cost of the relation"),
            3,
            _("Computed with the portrait."),
            columns=("contribution_12m",),
            applies=IS_HOLDER,
        ),
        Ask(
            "grade",
            _("Credit grade"),
            1,
            _("Run the scorecard."),
            columns=("credit_grade",),
            applies=HAS_LOAN,
        ),
        Ask(
            "cover",
            _("Collateral cover"),
            1,
            _("Value the collateral, or note that there is none."),
            columns=("collateral_cover",),
            applies=HAS_LOAN,
        ),
        Ask(
            "plan",
            _("Product plan"),
            2,
            _("Which products do you want to use with us this year?"),
            facts=("product_plan",),
        ),
        Ask(
            "flow",
            _("Flow expected"),
            2,
            _("How much will run through us a month?"),
            facts=("expected_flow_month",),
        ),
    ),
    dated="CASE WHEN p.contribution_12m IS NOT NULL THEN p.as_of END",
)
CHAIN = Category(
    2,
    "chain",
    _("Suppliers and buyers"),
    _("Ask for the five largest of each side; photograph three contracts or delivery notes."),
    (
        Ask(
            "suppliers",
            _("Main suppliers"),
            3,
            _("Who are your five largest suppliers, and how much do you buy from each?"),
            columns=("top1_supplier_share_12m",),
            sql="l.suppliers >= 1",
            entity="links",
        ),
        Ask(
            "buyers",
            _("Main buyers"),
            3,
            _("Who are your five largest buyers, and how much does each take?"),
            columns=("top1_buyer_share_12m",),
            sql="l.buyers >= 1",
            entity="links",
        ),
        Ask(
            "terms",
            _("Days of credit along the chain"),
            1,
            _("After how many days do they pay, and do you?"),
            sql="l.has_terms",
            entity="links",
        ),
        Ask(
            "contracts",
            _("Written contracts"),
            1,
            _("Is there a contract with the largest ones?"),
            sql="l.has_contracts",
            entity="links",
        ),
        Ask(
            "replaceable",
            _("How easily each is replaced"),
            1,
            _("If the largest one left, how soon would you find another?"),
            sql="l.has_replaceable",
            entity="links",
        ),
        Ask(
            "position",
            _("Place in the chain"),
            1,
            _("Do you sell to makers, to firms that sell on, or to end users?"),
            facts=("sells_to",),
            sql="p.chain_position <> 'unknown'",
        ),
    ),
    entities=("links",),
    dated="CASE WHEN p.top1_buyer_share_12m IS NOT NULL OR p.top1_supplier_share_12m IS NOT NULL "
    "THEN p.last_activity_on END",
)
SETTLEMENT = Category(
    3,
    "settlement",
    _("Purchase and settlement"),
    _("Ask for the last three purchases; look at wallet and bank app with consent."),
    (
        Ask(
            "purchases",
            _("How it buys"),
            3,
            _("What were your last three purchases: how much, how paid, at what price?"),
            sql="b.modes >= 1",
            entity="procure",
        ),
        Ask(
            "receipts",
            _("How buyers pay"),
            2,
            _("How do your buyers pay: cash, code, transfer, on credit? In what shares?"),
            sql="s.ways_in >= 1",
            entity="settle",
        ),
        Ask(
            "payments",
            _("How it pays suppliers"),
            2,
            _("How do you pay suppliers, and through which bank?"),
            sql="s.ways_out >= 1",
            entity="settle",
        ),
        Ask(
            "stock_days",
            _("Inventory days"),
            1,
            _("How long do goods lie before they are sold?"),
            facts=("inventory_days",),
        ),
        Ask(
            "receivable_days",
            _("Receivable days"),
            1,
            _("How long do you wait for your money?"),
            facts=("receivable_days",),
        ),
        Ask(
            "payable_days",
            _("Payable days"),
            1,
            _("How long may you owe your suppliers?"),
            facts=("payable_days",),
        ),
        Ask(
            "cash",
            _("Share of cash"),
            1,
            _("How much of the sales is cash?"),
            facts=("cash_share",),
            columns=("cash_share_12m",),
        ),
    ),
    entities=("procure", "settle"),
    dated="CASE WHEN p.cash_share_12m IS NOT NULL THEN p.flow_on END",
)
SALES = Category(
    4,
    "sales",
    _("Steadiness of sales and risk of the trade"),
    _("Look at the sales book or the platform's back office, and at price lists a year apart."),
    (
        Ask(
            "months",
            _("Sales by month"),
            3,
            _("May I see the sales of the last twelve months?"),
            columns=("sales_month_12m", "inflow_month_12m"),
        ),
        Ask(
            "repeat",
            _("Buyers who come again"),
            2,
            _("Of ten buyers, how many bought before?"),
            facts=("repeat_buyer_share",),
        ),
        Ask(
            "backlog",
            _("Orders in hand"),
            1,
            _("For how much do you have orders?"),
            facts=("order_backlog",),
        ),
        Ask(
            "returns",
            _("Return rate"),
            1,
            _("How much comes back?"),
            facts=("told_return_rate",),
            columns=("return_rate_12m",),
        ),
        Ask(
            "local",
            _("Local supply and demand"),
            1,
            _("Are there more sellers than buyers hereabouts?"),
            facts=("local_demand",),
        ),
        Ask(
            "prices",
            _("Prices against a year ago"),
            1,
            _("What did your main goods cost a year ago?"),
            facts=("price_change_1y",),
        ),
        Ask(
            "industry",
            _("Industry"),
            1,
            _("What exactly do you make or sell?"),
            sql="c.industry_id IS NOT NULL",
        ),
    ),
    dated="greatest(p.last_activity_on, CASE WHEN p.inflow_month_12m IS NOT NULL "
    "THEN p.flow_on END)",
)
COST = Category(
    5,
    "cost",
    _("Cost structure"),
    _("Ask for the wages list, the lease and the power bill; the shares add up to 100 %."),
    (
        Ask(
            "shares",
            _("Shares of cost"),
            4,
            _("Of 100 yuan of cost, how much is material, labour, rent, energy, transport?"),
            facts=tuple(fact.key for fact in COST_SHARES),
            all_facts=True,
        ),
        Ask(
            "fixed",
            _("Fixed cost a month"),
            2,
            _("What must be paid each month even when nothing is sold?"),
            facts=("fixed_cost_month",),
        ),
        Ask(
            "margin",
            _("Gross margin"),
            2,
            _("What do you buy it for, and sell it for?"),
            facts=("gross_margin",),
            columns=("gross_margin",),
        ),
        Ask(
            "profit",
            _("Net profit"),
            1,
            _("What was left last year?"),
            facts=("net_profit",),
        ),
        Ask(
            "cash",
            _("Cash at hand"),
            1,
            _("How much could you pay today?"),
            facts=("cash_on_hand",),
        ),
    ),
)
SOFT = Category(
    6,
    "soft",
    _("The operator"),
    _("Talk with operator and spouse; ask two neighbours or peers. No medical detail."),
    tuple(
        Ask(item.key, item.label, item.weight, item.question, facts=(item.key,)) for item in ITEMS
    ),
)
CONSUMERS = Category(
    7,
    "consumers",
    _("How its customers buy"),
    _("Watch for half an hour at a peak and off-peak; only sums, never single consumers."),
    (
        Ask(
            "basket",
            _("Basket value"),
            2,
            _("What does one buyer spend?"),
            facts=("basket_value",),
            sql="p.acquiring_receipts_3m > 0",
        ),
        Ask("buyers", _("Buyers a day"), 2, _("How many a day?"), facts=("buyers_a_day",)),
        Ask(
            "repeat",
            _("Repeat rate"),
            2,
            _("Of ten, how many come again within a month?"),
            facts=("repeat_rate",),
        ),
        Ask("hours", _("Peak hours"), 1, _("At what hours is it full?"), facts=("peak_hours",)),
        Ask("days", _("Peak days"), 1, _("On which days?"), facts=("peak_days",)),
        Ask(
            "channels",
            _("Channel mix"),
            1,
            _("How much is sold in the shop, by delivery, online?"),
            facts=("share_in_store", "share_delivery", "share_online"),
        ),
        Ask("region", _("Where buyers come from"), 1, _("From how far?"), facts=("buyers_region",)),
        Ask(
            "prepaid",
            _("Prepaid cards"),
            1,
            _("How much is paid with cards you sold in advance?"),
            facts=("prepaid_card_share",),
        ),
    ),
    dated="CASE WHEN p.acquiring_receipts_3m > 0 THEN p.acquiring_on END",
    applies="coalesce(p.chain_position, 'unknown') IN ('downstream', 'mixed', 'unknown') "
    "OR p.acquiring_receipts_3m > 0",
)
CATEGORIES = (RETURNS, CHAIN, SETTLEMENT, SALES, COST, SOFT, CONSUMERS)
BY_NO = {category.no: category for category in CATEGORIES}


def sealed_keys(category: Category) -> tuple[str, ...]:
    """Facts of the category that count for no ask and are shown masked."""
    return (GAMBLING,) if category.key == "soft" else ()


for _category in CATEGORIES:
    _unknown = [key for key in _category.fact_keys if key not in FACTS]
    _unknown += [key for ask in _category.asks for key in ask.columns if key not in COLUMNS]
    if _unknown:
        raise ImproperlyConfigured(f"Category {_category.no} asks for unknown {_unknown}.")
