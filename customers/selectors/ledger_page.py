"""The ledger of one customer: facts with who said them, entities, derived figures, the pattern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import IndustryPolicy, User
from crm.core.months import last_closed
from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.features.declared import FACTS, Declared, FactType
from customers.features.declared_ledger import COST_SHARES
from customers.features.declared_source import BETTER_FOR_DAYS, QUALITY_NUMBERS
from customers.ledger import figures
from customers.ledger.categories import BY_NO, CATEGORIES
from customers.ledger.cover import KNOWN_UNTIL, cover_sql
from customers.ledger.offer import Consumers, Sentence, offers
from customers.ledger.pattern import Observed, Pattern, Profile, Usual, differences
from customers.ledger.soft import GAMBLING, SoftScore, soft_score
from customers.ledger.spec import Ask, Category, CategoryCover
from customers.models import (
    ChainLink,
    Customer,
    DeclaredFact,
    GradeReturn,
    InvoiceMonth,
    MonthRollup,
    ProcureMode,
    SettleMode,
)
from customers.selectors.ledger import covers_of, weakest

MONTHS = 24
LONG_CYCLE = 180  # days from which the cycle is named as a risk
# Facts read beside those the categories ask for.
ALSO = ("annual_revenue", "prepaid_days", "advance_days", "family_in_business", "hukou_local")
KEYS = tuple(
    dict.fromkeys([*(key for one in CATEGORIES for key in one.fact_keys), GAMBLING, *ALSO])
)


@dataclass(frozen=True)
class Said:
    """One fact: what stands, and the row that says who said it and what proves it."""

    fact: Declared
    row: DeclaredFact | None = None

    @property
    def value(self) -> Any:
        """The value in its own type, None when nobody said it."""
        if self.row is None:
            return None
        if self.fact.type == FactType.NUMBER:
            return self.row.number
        return self.row.day if self.fact.type == FactType.DAY else self.row.text or None


@dataclass(frozen=True)
class Figure:
    """A derived figure: its value, how it is made, and what is usual in the trade."""

    key: str
    label: Text
    value: Any
    unit: str  # yuan, ratio, rate, days, months, count, score, grade, month, text
    formula: Text = ""
    usual: Usual | None = None
    tone: str = ""


@dataclass
class Section:
    """One category as the page shows it."""

    category: Category
    cover: CategoryCover
    said: Sequence[Said]
    open_asks: Sequence[Ask]
    figures: Sequence[Figure] = ()
    notes: Sequence[Sentence] = ()
    offers: Sequence[Sentence] = ()


@dataclass
class Ledger:
    """All that is known under the seven headings on one day."""

    customer: Customer
    as_of: date
    cover: tuple[CategoryCover, ...]
    sections: dict[int, Section]
    links: Sequence[ChainLink] = ()
    procure: Sequence[ProcureMode] = ()
    settle: Sequence[SettleMode] = ()
    months: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)
    pattern: Pattern = field(default_factory=Pattern)
    soft: SoftScore = field(default_factory=lambda: SoftScore(None, 0))

    @property
    def weakest_first(self) -> list[Section]:
        """The sections to look at, emptiest first; those not asked come last."""
        order = [self.sections[one.no] for one in weakest(self.cover)]
        return order + [one for one in self.sections.values() if not one.cover.is_asked]

    @property
    def share(self) -> float:
        """Mean share of the categories asked."""
        asked = [one.share for one in self.cover if one.is_asked]
        return sum(asked) / len(asked) if asked else 0.0


def said_facts(*, customer: Customer, as_of: date, keys: Iterable[str] = KEYS) -> dict[str, Said]:
    """What stands of each fact on the day, by the rule of the portrait (b.1), with its row.

    Of the rows not older than 180 days before the newest: best quality, then newest.
    """
    wanted = tuple(keys)
    rows = (
        DeclaredFact.objects.filter(
            customer=customer, key__in=wanted, as_of__lte=as_of, is_withdrawn=False
        )
        .select_related("entered_by")
        .order_by("key", "-as_of", "-pk")
    )
    best: dict[str, DeclaredFact] = {}
    newest: dict[str, date] = {}
    for row in rows:
        first = newest.setdefault(row.key, row.as_of)
        if row.as_of < first - timedelta(days=BETTER_FOR_DAYS):
            continue
        held = best.get(row.key)
        if held is None or QUALITY_NUMBERS[row.quality] < QUALITY_NUMBERS[held.quality]:
            best[row.key] = row
    return {key: Said(FACTS[key], best.get(key)) for key in wanted}


def ledger_of(
    *, customer: Customer, portrait: Any | None, as_of: date, limits: Parameters
) -> Ledger:
    """The ledger of a customer that the caller found within its reach.

    ``portrait`` is the row of the same day (or None), ``limits`` the parameters of the day.
    """
    said = said_facts(customer=customer, as_of=as_of)
    cover, asked = _cover_and_asks(customer, as_of)
    sections = {
        category.no: Section(
            category,
            one,
            [said[key] for key in category.fact_keys] + _sealed(category, said),
            asked[category.no],
        )
        for category, one in zip(CATEGORIES, cover, strict=True)
    }
    standing = Q(as_of__lte=as_of) & (Q(ended_on=None) | Q(ended_on__gt=as_of))
    ledger = Ledger(
        customer=customer,
        as_of=as_of,
        cover=cover,
        sections=sections,
        links=list(ChainLink.objects.filter(customer=customer, as_of__lte=as_of)),
        procure=list(ProcureMode.objects.filter(standing, customer=customer)),
        settle=list(SettleMode.objects.filter(standing, customer=customer)),
        months=monthly(customer, as_of),
    )
    _derive(ledger, said, portrait, limits)
    return ledger


def _sealed(category: Category, said: Mapping[str, Said]) -> list[Said]:
    return [said[GAMBLING]] if category.key == "soft" else []


def _cover_and_asks(
    customer: Customer, as_of: date
) -> tuple[tuple[CategoryCover, ...], dict[int, list[Ask]]]:
    """The seven covers, and the open asks of each category."""
    sql = cover_sql("= ANY(%(ids)s::bigint[])", until=KNOWN_UNTIL, with_open=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": [customer.pk], "as_of": as_of})
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    asks = {
        no: [ask for ask in category.asks if ask.key in row[f"open_{no}"]]
        for no, category in BY_NO.items()
    }
    return covers_of(row), asks


def monthly(customer: Customer, as_of: date) -> dict[str, list[tuple[int, float]]]:
    """24 closed months: sales (invoices), acquired, inflow, and net (inflow less outflow)."""
    last = last_closed(as_of)
    span = {"customer": customer, "ym__gt": last - MONTHS, "ym__lte": last}
    found: dict[str, list[tuple[int, float]]] = {
        "sales": [
            (ym, float(sales))
            for ym, sales in InvoiceMonth.objects.filter(**span)
            .order_by("ym")
            .values_list("ym", "sales")
        ],
        "acquired": [],
        "inflow": [],
        "net": [],
    }
    rows = MonthRollup.objects.filter(**span).order_by("ym")
    for ym, inflow, business, outflow, acquired in rows.values_list(
        "ym", "inflow", "business_inflow", "outflow", "acquired"
    ):
        if acquired is not None:
            found["acquired"].append((ym, float(acquired)))
        if inflow is not None:
            taken = float(inflow if business is None else business)
            found["inflow"].append((ym, taken))
            found["net"].append((ym, taken - float(outflow or 0)))
    return found


def policy_of(customer: Customer, as_of: date) -> IndustryPolicy | None:
    """The bank's stance on the industry: the nearest one up the tree of codes."""
    code = customer.industry_id or ""
    if not code:
        return None
    above = [code[:length] for length in range(len(code), 1, -1)]
    if customer.industry is not None:
        above.append(customer.industry.section)
    rows = IndustryPolicy.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=as_of),
        industry_id__in=above,
        effective_from__lte=as_of,
    ).order_by("effective_from")
    found = {row.industry_id: row for row in rows}
    return next((found[key] for key in above if key in found), None)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


class _Known:
    """Told facts and portrait columns by name, as numbers."""

    def __init__(self, said: Mapping[str, Said], portrait: Any | None) -> None:
        self.said, self.portrait = said, portrait

    def told(self, key: str) -> Any:
        """The value of a fact."""
        return self.said[key].value

    def number(self, key: str) -> float | None:
        """A fact that is a number."""
        return _number(self.told(key))

    def column(self, key: str) -> Any:
        """A column of the portrait."""
        return None if self.portrait is None else getattr(self.portrait, key)


def _derive(
    ledger: Ledger, said: Mapping[str, Said], portrait: Any | None, limits: Parameters
) -> None:
    """Figures, notes and the pattern, from what is known."""
    known = _Known(said, portrait)
    profile = profile_of(ledger.customer)
    _returns(ledger, known, limits)
    _chain(ledger, known)
    observed = _settlement(ledger, known, profile)
    policy = policy_of(ledger.customer, ledger.as_of)
    _sales(ledger, known, limits, policy)
    _cost(ledger, known, profile)
    _soft(ledger, known)
    _consumers(ledger, known)
    _pattern(ledger, known, observed, profile, limits, policy)


def profile_of(customer: Customer) -> Profile | None:
    """The ranges of the customer's trade."""
    trade = customer.trade
    if trade is None:
        return None

    def usual(name: str) -> Usual:
        return Usual(float(getattr(trade, f"{name}_low")), float(getattr(trade, f"{name}_high")))

    return Profile(
        season=tuple(trade.season),
        inventory_days=usual("inventory_days"),
        receivable_days=usual("receivable_days"),
        payable_days=usual("payable_days"),
        gross_margin=usual("gross_margin"),
        net_margin=usual("net_margin"),
        cash_share=usual("cash_share"),
    )


def _returns(ledger: Ledger, known: _Known, limits: Parameters) -> None:
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


def _chain(ledger: Ledger, known: _Known) -> None:
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


def _settlement(ledger: Ledger, known: _Known, profile: Profile | None) -> Observed:
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
        ours = _number(known.column("inflow_coverage_12m"))
    cash = figures.share_of(ways, "in", mode="cash")
    if cash is None:
        cash = _number(known.column("cash_share_12m"))
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


def _sales(
    ledger: Ledger, known: _Known, limits: Parameters, policy: IndustryPolicy | None
) -> None:
    by_invoice = known.column("sales_cv_12m") is not None
    swing = known.column("sales_cv_12m") if by_invoice else known.column("inflow_cv_12m")
    bounds = limits.numbers("ledger.stability")
    grade = figures.stability_grade(_number(swing), bounds)
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


def _cost(ledger: Ledger, known: _Known, profile: Profile | None) -> None:
    margin = known.number("gross_margin")
    if margin is None:
        margin = _number(known.column("gross_margin"))
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


def net_margin(known: _Known) -> float | None:
    """Net profit told / revenue of the year."""
    profit, revenue = known.number("net_profit"), known.column("annual_revenue")
    if revenue is None:
        revenue = known.number("annual_revenue")
    return profit / float(revenue) if profit is not None and revenue else None


def unused_line(known: _Known) -> float | None:
    """Limits in force less what is drawn."""
    limit = known.column("limit_amount")
    if limit is None:
        return None
    return max(float(limit) - float(known.column("loan_balance") or 0), 0.0)


def _soft(ledger: Ledger, known: _Known) -> None:
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


def _consumers(ledger: Ledger, known: _Known) -> None:
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


SEASON_SOURCES: tuple[tuple[str, Text], ...] = (
    ("sales", _("Invoices")),
    ("inflow", _("Account inflow")),
    ("acquired", _("Merchant receipts")),
)


def season_of(ledger: Ledger) -> tuple[tuple[float, ...] | None, Text]:
    """The share of each month in the year, from the first source that holds a year."""
    for key, label in SEASON_SOURCES:
        found = figures.year_shares(ledger.months.get(key, ()))
        if found is not None:
            return found, label
    return None, ""


def _pattern(
    ledger: Ledger,
    known: _Known,
    observed: Observed,
    profile: Profile | None,
    limits: Parameters,
    policy: IndustryPolicy | None,
) -> None:
    season, source = season_of(ledger)
    seen = Observed(
        season=season,
        cycle_days=observed.cycle_days,
        receivable_days=observed.receivable_days,
        payable_days=observed.payable_days,
        inventory_days=observed.inventory_days,
        cash_share=observed.cash_share,
        gross_margin=_figure(ledger, 5, "gross"),
        net_margin=_figure(ledger, 5, "net"),
    )
    cash = figures.extremes(ledger.months.get("net", ()))
    gap = float(limits.decimal("ledger.season_gap"))
    ledger.pattern = Pattern(
        season=season,
        season_source=source,
        usual_season=profile.season if profile else None,
        peak_month=season.index(max(season)) + 1 if season else None,
        low_month=season.index(min(season)) + 1 if season else None,
        cash_peak_month=cash[0] if cash else None,
        cash_trough_month=cash[1] if cash else None,
        cycle_days=observed.cycle_days,
        usual_cycle=profile.cycle_days if profile else None,
        differences=differences(seen, profile, season_gap=gap) if profile else (),
        risks=key_risks(ledger, known, policy),
    )


def _figure(ledger: Ledger, no: int, key: str) -> Any:
    return next((one.value for one in ledger.sections[no].figures if one.key == key), None)


def key_risks(
    ledger: Ledger, known: _Known, policy: IndustryPolicy | None
) -> list[tuple[Text, dict[str, object]]]:
    """What to watch, each with its figure."""
    found: list[tuple[Text, dict[str, object]]] = []

    def add(is_so: bool, text: Text, **values: object) -> None:
        if is_so:
            found.append((text, values))

    def percent(value: Any) -> int:
        return round(float(value) * 100)

    buyer, supplier = _figure(ledger, 2, "top1_buyer"), _figure(ledger, 2, "top1_supplier")
    add(
        (buyer or 0) > 0.5,
        _("One buyer takes %(share)s %% of the sales."),
        share=percent(buyer or 0),
    )
    add(
        (supplier or 0) > 0.5,
        _("One supplier delivers %(share)s %% of the purchases."),
        share=percent(supplier or 0),
    )
    add(_figure(ledger, 4, "grade") == "D", _("Sales swing much beyond the season (grade D)."))
    growth = _figure(ledger, 4, "trend")
    add(
        growth is not None and growth <= -0.15,
        _("Sales fell by %(share)s %% in a year."),
        share=abs(percent(growth or 0)),
    )
    runway = _figure(ledger, 5, "runway")
    add(
        runway is not None and runway < 2,
        _("Cash pays the fixed cost for %(months)s months only."),
        months=round(runway or 0, 1),
    )
    add(
        (ledger.sections[3].figures[0].value or 0) > LONG_CYCLE,
        _("Money is bound for %(days)s days."),
        days=round(_figure(ledger, 3, "cycle") or 0),
    )
    need, month = _figure(ledger, 5, "break_even"), _figure(ledger, 4, "month")
    add(
        need is not None and month is not None and month > 0 and need > float(month),
        _("Sales of a month lie below break-even."),
    )
    add(
        policy is not None and policy.stance in ("limit", "exit"),
        _("The bank's stance on the industry: %(stance)s."),
        stance=policy.get_stance_display() if policy else "",
    )
    prepaid = known.number("prepaid_card_share")
    add(
        (prepaid or 0) > 0.2,
        _("%(share)s %% of sales are prepaid cards: a debt to consumers."),
        share=percent(prepaid or 0),
    )
    add(bool(ledger.soft.flags), _("Answers of the operator do not fit each other."))
    return found  # fmt: skip


def entity_of(*, customer: Customer, model: type[Model], pk: int) -> Any:
    """One row of chain or settlement of the customer, DoesNotExist otherwise."""
    rows = model._default_manager.filter(customer=customer)
    return (rows if model is ChainLink else rows.filter(ended_on=None)).get(pk=pk)


def sealed_fact(*, user: User, pk: int) -> DeclaredFact:
    """A fact in reach whose value is shown masked, DoesNotExist otherwise."""
    keys = [key for key, fact in FACTS.items() if fact.is_sealed]
    row: DeclaredFact = DeclaredFact.objects.visible_to(user).get(pk=pk, key__in=keys)
    return row
