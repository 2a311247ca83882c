"""The derived figures of the seven categories of one customer (spec c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.models import IndustryPolicy
from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.features.declared_ledger import COST_SHARES
from customers.ledger import figures
from customers.ledger.offer import Consumers, Sentence, offers
from customers.ledger.pattern import Observed, Profile
from customers.ledger.soft import soft_score
from customers.models import (
    ChainLink,
    GradeReturn,
    SettleMode,
)
from customers.selectors.ledger_facts import Said
from customers.selectors.ledger_known import Known, number_of
from customers.selectors.ledger_pattern import policy_of, profile_of, season_of, set_pattern
from customers.selectors.ledger_shape import Figure, Ledger


def derive(
    ledger: Ledger, said: Mapping[str, Said], portrait: Any | None, limits: Parameters
) -> None:
    """Figures, notes and the pattern, from what is known."""
    known = Known(said, portrait)
    profile = profile_of(ledger.customer)
    _returns(ledger, known, limits)
    _chain(ledger, known)
    observed = _settlement(ledger, known, profile)
    policy = policy_of(ledger.customer, ledger.as_of)
    _sales(ledger, known, limits, policy)
    _cost(ledger, known, profile)
    _soft(ledger, known)
    _consumers(ledger, known)
    set_pattern(ledger, known, observed, profile, limits, policy)


def _returns(ledger: Ledger, known: Known, limits: Parameters) -> None:
    balance, column = known.column("loan_balance"), known.column
    parts = [
        Figure("spread", _("Spread income"), column("spread_income"), "yuan",
               _("Interest of a year less the price of funds")),
        Figure("other", _("Comprehensive income"), column("comprehensive_income"), "yuan",
               _("Deposits at their margin, fees, receipts and payroll")),
        Figure("risk", _("Risk cost"), column("risk_cost"), "yuan", _("PD x LGD x balance")),
        Figure("cost", _("Servicing cost"), column("servicing_cost"), "yuan",
               _("Visits x unit cost + fixed cost")),
        Figure("contribution", _("Contribution, 12 months"), column("contribution_12m"), "yuan",
               _("Spread + comprehensive - risk - servicing")),
        Figure("raroc", _("Return on risk capital"), column("raroc"), "ratio",
               _("Contribution / (balance x 8 %)")),
        Figure("cover", _("Collateral cover"), column("collateral_cover"), "ratio",
               _("Lendable value / balance")),
    ]  # fmt: skip
    if balance and column("risk_cost") is not None:
        inputs = {
            "funds_rate": float(limits.decimal("econ.ftp_loan")),
            "risk_cost": float(column("risk_cost")),
            "servicing_cost": float(column("servicing_cost")),
            "balance": float(balance),
        }
        other = float(column("comprehensive_income") or 0)
        parts += [
            Figure("break_even", _("Break-even rate, loan alone"),
                   figures.break_even_rate(**inputs), "rate",
                   _("Price of funds + (risk cost + servicing cost) / balance")),
            Figure("break_even_all", _("Break-even rate of the relation"),
                   figures.break_even_rate(**inputs, other_income=other), "rate",
                   _("The same, less comprehensive income / balance")),
            Figure("own_return", _("Return of this customer"),
                   float(column("contribution_12m")) / float(balance), "rate",
                   _("Contribution / balance")),
        ]  # fmt: skip
    grade = column("credit_grade") or "none"
    if balance:
        row = GradeReturn.objects.filter(grade=grade, as_of__lte=ledger.as_of).first()
        if row is not None:
            parts.append(
                Figure("grade_return", _("Return of its risk grade"), row.rate, "rate",
                       _("Contribution / balance of all borrowers of the grade"))
            )  # fmt: skip
    ledger.sections[1].figures = parts


SIDES = (
    (ChainLink.Side.SUPPLIER, "supplier", _("Largest supplier"), _("Five largest suppliers"),
     _("Concentration of suppliers (HHI)")),
    (ChainLink.Side.BUYER, "buyer", _("Largest buyer"), _("Five largest buyers"),
     _("Concentration of buyers (HHI)")),
)  # fmt: skip


def _chain(ledger: Ledger, known: Known) -> None:
    """Invoices say it best; without them the links as told."""
    found: list[Figure] = []
    for side, name, top1, top5, hhi in SIDES:
        if known.column(f"top1_{name}_share_12m") is not None:
            values = (
                known.column(f"top1_{name}_share_12m"),
                known.column(f"top5_{name}_share_12m"),
                known.column(f"{name}_hhi_12m"),
            )
            how: Text = _("Invoices of 12 months")
        else:
            mine = [link for link in ledger.links if link.side == side]
            told = figures.concentration(
                [link.yearly_amount for link in mine], [link.share for link in mine]
            )
            values = (told.top1, told.top5, told.hhi) if told else (None, None, None)
            how = _("Suppliers and buyers as told")
        found += [
            Figure(f"top1_{name}", top1, values[0], "ratio", how,
                   tone="warn" if (values[0] or 0) > 0.5 else ""),
            Figure(f"top5_{name}", top5, values[1], "ratio", how),
            Figure(f"hhi_{name}", hhi, values[2], "count", how),
        ]  # fmt: skip
    found.append(
        Figure(
            "position", _("Place in the chain"), known.column("chain_position"), "chain_position"
        )
    )
    ledger.sections[2].figures = found


def _settlement(ledger: Ledger, known: Known, profile: Profile | None) -> Observed:
    ways = [
        figures.Way(row.direction, row.mode, row.share, row.term_days, row.bank)
        for row in ledger.settle
    ]
    receivable = known.number("receivable_days")
    if receivable is None:
        receivable = figures.term_days(ways, "in")
    payable = known.number("payable_days")
    if payable is None:
        payable = figures.term_days(ways, "out")
    inventory = known.number("inventory_days")
    cycle = figures.cash_cycle(
        inventory=inventory,
        receivable=receivable,
        payable=payable,
        prepaid=known.number("prepaid_days"),
        advance=known.number("advance_days"),
    )
    ours = figures.share_of(ways, "in", bank="ours")
    if ours is None:
        ours = number_of(known.column("inflow_coverage_12m"))
    cash = figures.share_of(ways, "in", mode="cash")
    if cash is None:
        cash = number_of(known.column("cash_share_12m"))
    if cash is None:
        cash = known.number("cash_share")
    usual = profile
    ledger.sections[3].figures = [
        Figure("cycle", _("Cash cycle"), cycle, "days",
               _("Stock + receivable - payable + prepaid - advance days"),
               usual.cycle_days if usual else None),
        Figure("receivable", _("Receivable days"), receivable, "days",
               _("As told, else by the manners of settlement"),
               usual.receivable_days if usual else None),
        Figure("payable", _("Payable days"), payable, "days",
               _("As told, else by the manners of settlement"),
               usual.payable_days if usual else None),
        Figure("ours", _("Share through us"), ours, "ratio",
               _("Receipts through us / receipts, else inflow here / revenue")),
        Figure("cash", _("Share of cash in sales"), cash, "ratio",
               _("Cash / receipts, as told or by our account"),
               usual.cash_share if usual else None),
    ]  # fmt: skip
    notes: list[Sentence] = []
    for direction, label in SettleMode.Direction.choices:
        whole = figures.whole_of(way.share for way in ways if way.direction == direction)
        if whole is not None and whole != 1:
            notes.append(
                (_("%(side)s: the shares told add up to %(whole)s %%."),
                 {"side": label, "whole": (whole * 100).normalize()})
            )  # fmt: skip
    ledger.sections[3].notes = notes
    return Observed(
        cycle_days=cycle,
        receivable_days=receivable,
        payable_days=payable,
        inventory_days=inventory,
        cash_share=cash,
    )


def _sales(ledger: Ledger, known: Known, limits: Parameters, policy: IndustryPolicy | None) -> None:
    by_invoice = known.column("sales_cv_12m") is not None
    swing = known.column("sales_cv_12m") if by_invoice else known.column("inflow_cv_12m")
    bounds = limits.numbers("ledger.stability")
    grade = figures.stability_grade(number_of(swing), bounds)
    growth = known.column("sales_growth_12m")
    if growth is None:
        growth = known.column("inflow_trend")
    level = policy.risk_level if policy else None
    returned = known.column("return_rate_12m")
    season, _source = season_of(ledger)
    peak = season.index(max(season)) + 1 if season else known.column("sales_peak_month")
    ledger.sections[4].figures = [
        Figure("grade", _("Steadiness of sales"), grade or None, "grade",
               _("A to 0.2, B to 0.35, C to 0.5 of swings after season, else D"),
               tone={"A": "good", "B": "good", "D": "bad"}.get(grade, "")),
        Figure("swing", _("Swings after season"), swing, "count",
               _("Standard deviation / mean of monthly sales, season taken out")),
        Figure("trend", _("Trend"), growth, "change", _("Against the year before")),
        Figure("peak", _("Peak month"), peak, "month"),
        Figure("month", _("Sales a month"), known.column("sales_month_12m")
               or known.column("inflow_month_12m"), "yuan", _("Mean of 12 months")),
        Figure("returns", _("Return rate"), returned if returned is not None
               else known.number("told_return_rate"), "ratio"),
        Figure("risk_level", _("Risk level of the industry"), level, "scale"),
        Figure("stance", _("Policy direction"),
               policy.get_stance_display() if policy else None, "text"),
        Figure("trade_score", _("Industry score"),
               figures.trade_score(level, policy.stance if policy else ""), "score",
               _("100 less 25 a risk level above 1; encourage +15, restrict -15, withdraw 0")),
    ]  # fmt: skip


def _cost(ledger: Ledger, known: Known, profile: Profile | None) -> None:
    margin = known.number("gross_margin")
    if margin is None:
        margin = number_of(known.column("gross_margin"))
    net = net_margin(known)
    fixed, cash = known.number("fixed_cost_month"), known.number("cash_on_hand")
    unused = unused_line(known)
    runway = figures.cash_runway(cash=cash, unused_line=unused, fixed_cost=fixed)
    ledger.sections[5].figures = [
        Figure("gross", _("Gross margin"), margin, "ratio", _("As told, else by invoices"),
               profile.gross_margin if profile else None),
        Figure("net", _("Net margin"), net, "ratio", _("Net profit / revenue of the year"),
               profile.net_margin if profile else None),
        Figure("break_even", _("Break-even revenue a month"),
               figures.break_even_revenue(fixed, margin), "yuan",
               _("Fixed cost a month / gross margin")),
        Figure("runway", _("Cash runway"), runway, "months",
               _("(Cash + unused line) / fixed cost a month"),
               tone="bad" if runway is not None and runway < 2 else ""),
    ]  # fmt: skip
    whole = figures.whole_of(known.told(fact.key) for fact in COST_SHARES)
    if whole is not None and whole != 1:
        ledger.sections[5].notes = [
            (_("The cost shares told add up to %(whole)s %%, not to 100."),
             {"whole": (whole * 100).normalize()})
        ]  # fmt: skip


def net_margin(known: Known) -> float | None:
    """Net profit told / revenue of the year."""
    profit, revenue = known.number("net_profit"), known.column("annual_revenue")
    if revenue is None:
        revenue = known.number("annual_revenue")
    return profit / float(revenue) if profit is not None and revenue else None


def unused_line(known: Known) -> float | None:
    """Limits in force less what is drawn."""
    limit = known.column("limit_amount")
    if limit is None:
        return None
    return max(float(limit) - float(known.column("loan_balance") or 0), 0.0)


def _soft(ledger: Ledger, known: Known) -> None:
    answers: dict[str, Any] = {key: one.value for key, one in known.said.items()}
    answers["years_in_business"] = known.column("years_in_business")
    answers["bureau_has_overdue"] = known.column("bureau_has_overdue")
    ledger.soft = soft_score(answers)
    ledger.sections[6].figures = [
        Figure("score", _("Soft score"), ledger.soft.score, "score",
               _("Weighted steps of the items answered, from 8 of 12 on")),
        Figure("answered", _("Items answered of 12"), ledger.soft.answered, "count"),
    ]  # fmt: skip
    ledger.sections[6].notes = [(text, {}) for text in ledger.soft.flags]


def _consumers(ledger: Ledger, known: Known) -> None:
    receipts, payers = known.column("acquiring_receipts_3m"), known.column("acquiring_payers_3m")
    received = known.column("acquiring_month_3m")
    monthly_receipts = float(receipts) / 3 if receipts else None
    basket = known.number("basket_value")
    if basket is None and received and monthly_receipts:
        basket = float(received) / monthly_receipts
    repeat = figures.repeat_index(
        receipts_a_month=monthly_receipts,
        payers_a_month=payers,
        repeat_rate=known.number("repeat_rate"),
    )
    buyers = known.number("buyers_a_day")
    if buyers is None and monthly_receipts:
        buyers = monthly_receipts / 30
    demand = figures.year_shares(ledger.months.get("acquired", ()))
    section = ledger.sections[7]
    section.figures = [
        Figure("basket", _("Basket value"), basket, "yuan",
               _("As told, else received / receipts")),
        Figure("buyers", _("Buyers a day"), buyers, "count",
               _("As told, else receipts of a month / 30")),
        Figure("repeat", _("Purchases a buyer"), repeat, "count",
               _("Receipts / payers of a month, else 1 / (1 - repeat rate)")),
        Figure("demand_peak", _("Month of most demand"),
               demand.index(max(demand)) + 1 if demand else None, "month",
               _("Merchant receipts of 24 months by calendar month")),
    ]  # fmt: skip
    section.offers = offers(
        Consumers(
            basket=basket,
            repeat=repeat,
            peak_hours=(known.told("peak_hours") or "").split(),
            peak_days=(known.told("peak_days") or "").split(),
            delivery=known.number("share_delivery"),
            prepaid=known.number("prepaid_card_share"),
        )
    )
