"""Both sides of a quote: what it costs the customer, what it brings the bank.

``work_out(case)`` is pure and exact: the same case gives the same figures to the last digit, and
totals are the sums of the lines. The price without the bundle reads the line's own rate and fees
only: it cannot depend on what else is taken or refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from products.finance import Fee, NoRate, OfferCost, Row, all_in_yearly_cost, fen, offer_cost
from products.finance.rates import BASIS_POINT
from products.finance.terms import EXACT, MONTHS_A_YEAR
from products.selectors.economics import (
    PLACES,
    ZERO,
    Income,
    loan_income,
    loan_raroc,
    lowest_rate,
    relation_raroc,
    service_income,
)
from products.selectors.quote_case import FOREVER_APART, Line, QuoteCase


@dataclass(frozen=True)
class Cost:
    """What one line costs the customer over its term, at one price."""

    rate: Decimal
    interest: Decimal
    fees: Decimal
    premiums: Decimal
    all_in: Decimal | None
    flows: tuple[Decimal, ...]
    by_year: tuple[Decimal, ...]
    rows: tuple[Row, ...] = ()

    @property
    def total(self) -> Decimal:
        """Interest, fees and premiums."""
        return self.interest + self.fees + self.premiums


@dataclass(frozen=True)
class LineFigures:
    """One line: its cost as quoted and without the bundle, and the bank's year with it."""

    line: Line
    cost: Cost
    without: Cost
    mean_balance: Decimal
    income: Income
    raroc: Decimal | None
    raroc_without: Decimal | None
    lowest_rate: Decimal | None

    @property
    def saved(self) -> Decimal:
        """What the bundle takes off this line over its term."""
        return self.without.total - self.cost.total


@dataclass(frozen=True)
class Figures:
    """A quote worked out. ``lines`` has every line; totals are those of the taken ones."""

    lines: tuple[LineFigures, ...]
    has_price_effect: bool
    interest: Decimal
    fees: Decimal
    premiums: Decimal
    total: Decimal
    total_without: Decimal
    by_year: tuple[Decimal, ...]
    all_in: Decimal | None
    income: Income
    contribution_after: Decimal
    raroc_before: Decimal | None
    raroc_after: Decimal | None

    @property
    def saved(self) -> Decimal:
        """What the bundle takes off in all."""
        return self.total_without - self.total

    @property
    def taken(self) -> tuple[LineFigures, ...]:
        """The lines that are not refused."""
        return tuple(one for one in self.lines if one.line.is_taken)


def work_out(case: QuoteCase) -> Figures:
    """The figures of the case. BadTerms for terms that cannot be calculated."""
    with localcontext(EXACT):
        works = has_price_effect(case)
        lines = tuple(_line(case, line, works=works) for line in case.lines)
        taken = [one for one in lines if one.line.is_taken]
        income = sum((one.income for one in taken), Income())
        after, exposure = _after(case, taken, income)
        return Figures(
            lines=lines,
            has_price_effect=works,
            interest=sum((one.cost.interest for one in taken), ZERO),
            fees=sum((one.cost.fees for one in taken), ZERO),
            premiums=sum((one.cost.premiums for one in taken), ZERO),
            total=sum((one.cost.total for one in taken), ZERO),
            total_without=sum((one.without.total for one in taken), ZERO),
            by_year=_added([one.cost.by_year for one in taken]),
            all_in=_all_in(_added([one.cost.flows for one in taken])),
            income=income,
            contribution_after=after,
            raroc_before=_before(case),
            raroc_after=relation_raroc(after, exposure, case.planning),
        )


def counting(lines: Sequence[Line]) -> list[Line]:
    """The lines that must be taken for the bundle's price.

    Never a loan itself, never insurance, never what the customer cannot have or what a forbidden
    pair takes out (``counts``).
    """
    return [
        line
        for line in lines
        if line.counts
        and not line.is_credit
        and line.family not in FOREVER_APART
        and line.outcome != "n"
    ]


def has_price_effect(case: QuoteCase) -> bool:
    """Whether the bundle's price holds: it has one, and all that counts is taken.

    A rate discount that nothing counts for would hang on insurance or on nothing: it never holds.
    A discount on fees needs nobody to take anything.
    """
    if not case.discount_bp and not case.fee_discount:
        return False
    needed = counting(case.lines)
    return all(line.is_taken for line in needed) and bool(needed or not case.discount_bp)


def discounted(line: Line, discount_bp: int) -> Decimal:
    """The rate with the bundle: never below the lowest rate of the version, never dearer."""
    return min(line.rate, max(line.floor, line.rate - discount_bp * BASIS_POINT))


def _line(case: QuoteCase, line: Line, *, works: bool) -> LineFigures:
    without = _cost(case, line, line.rate, line.fees)
    cost = without
    if works and line.is_taken and not line.is_insurance:
        rate = discounted(line, case.discount_bp) if line.is_loan else line.rate
        cost = _cost(case, line, rate, [_cheaper(fee, case.fee_discount) for fee in line.fees])
    if not line.is_loan:
        income = _service_income(case, line, cost)
        return LineFigures(line, cost, without, ZERO, income, None, None, None)
    loan = _loan(case, line, cost)
    return LineFigures(
        line=line,
        cost=cost,
        without=without,
        mean_balance=loan.mean_balance,
        income=_loan_income(case, line, loan),
        raroc=_raroc(case, line, loan),
        raroc_without=_raroc(case, line, _loan(case, line, without)),
        lowest_rate=lowest_rate(
            case.pd, case.planning, risk_weight=line.risk_weight, loss_share=_loss(case, line)
        ),
    )


def _cheaper(fee: Fee, share: Decimal) -> Fee:
    """The fee less the bundle's share of it."""
    if fee.sum_amount is not None:
        return replace(fee, sum_amount=fee.sum_amount * (1 - share))
    return replace(fee, share=(fee.share or ZERO) * (1 - share))


def _cost(case: QuoteCase, line: Line, rate: Decimal, fees: Sequence[Fee]) -> Cost:
    """The line over its term at this price: by schedule for a loan, its tariff for the rest."""
    if line.is_loan:
        offer = _offer(case, line, rate, fees)
        interest, charged, flows, rows = offer.interest, offer.fees, offer.flows, offer.rows
    else:
        interest, rows = ZERO, ()
        charged = _charged(fees, line)
        flows = tuple(-fee for fee in charged)
    paid = sum(charged, ZERO)
    is_premium = line.is_insurance
    return Cost(
        rate=rate,
        interest=interest,
        fees=ZERO if is_premium else paid,
        premiums=paid if is_premium else ZERO,
        all_in=_all_in(flows) if line.is_loan else None,
        flows=flows,
        by_year=_yearly(line, rows, fees),
        rows=rows,
    )


def _offer(case: QuoteCase, line: Line, rate: Decimal, fees: Sequence[Fee]) -> OfferCost:
    return offer_cost(
        mode=line.mode,
        amount=line.amount,
        yearly_rate=rate,
        months=line.months,
        first_due=case.first_due,
        fees=fees,
        season_months=line.season_months,
        yearly_principal_share=line.yearly_share,
    )


def _charged(fees: Sequence[Fee], line: Line) -> tuple[Decimal, ...]:
    """Fees by month, month 0 first."""
    by_month = [ZERO] * (line.months + 1)
    for fee in fees:
        for month in fee.months(line.months):
            by_month[month] += fee.of(line.amount)
    return tuple(by_month)


def _yearly(line: Line, rows: Sequence[Row], fees: Sequence[Fee]) -> tuple[Decimal, ...]:
    """Interest and fees by year: payment 12 ends the first year, a yearly fee begins one."""
    years = [ZERO] * max(1, -(-line.months // MONTHS_A_YEAR))
    for fee in fees:
        for month in fee.months(line.months):
            is_first_day = fee.timing != "monthly"
            year = month // MONTHS_A_YEAR if is_first_day else (month - 1) // MONTHS_A_YEAR
            years[year] += fee.of(line.amount)
    for row in rows:
        years[(row.no - 1) // MONTHS_A_YEAR] += row.interest
    return tuple(years)


def _all_in(flows: Sequence[Decimal]) -> Decimal | None:
    """12 x the internal rate, to six decimals; None where no money is lent."""
    try:
        return all_in_yearly_cost(flows).quantize(PLACES)
    except NoRate:
        return None


def _added(rows: Sequence[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    """Rows of different length added place by place."""
    longest = max((len(row) for row in rows), default=0)
    return tuple(
        sum((row[place] for row in rows if place < len(row)), ZERO) for place in range(longest)
    )


@dataclass(frozen=True)
class _Loan:
    """A year of a loan at its average balance."""

    mean_balance: Decimal
    interest: Decimal
    fees: Decimal


def _loan(case: QuoteCase, line: Line, cost: Cost) -> _Loan:
    befores = [row.balance + row.principal for row in cost.rows]
    share = Decimal(MONTHS_A_YEAR) / line.months
    return _Loan(fen(sum(befores, ZERO) / len(befores)), cost.interest * share, cost.fees * share)


def _loss(case: QuoteCase, line: Line) -> Decimal:
    return case.planning.families[line.family].loss


def _loan_income(case: QuoteCase, line: Line, loan: _Loan) -> Income:
    return loan_income(
        line.family,
        balance=loan.mean_balance,
        interest=loan.interest,
        fees=loan.fees,
        pd=case.pd,
        plan=case.planning,
    )


def _raroc(case: QuoteCase, line: Line, loan: _Loan) -> Decimal | None:
    if not loan.mean_balance:
        return None
    return loan_raroc(
        loan.interest / loan.mean_balance,
        loan.fees / loan.mean_balance,
        case.pd,
        case.planning,
        risk_weight=line.risk_weight,
        loss_share=_loss(case, line),
    )


def _service_income(case: QuoteCase, line: Line, cost: Cost) -> Income:
    """A year of anything that is no loan; of a premium the bank keeps its commission."""
    share = Decimal(MONTHS_A_YEAR) / line.months
    if line.version_id is None:
        return Income()
    if line.is_insurance:
        kept = cost.premiums * share * case.planning.insurance_commission
        fees = kept if cost.premiums else None
    else:
        fees = cost.fees * share if any(_is_timed(fee) for fee in line.fees) else None
    volume, lent = line.amount, ZERO
    if line.is_credit:  # a card: the share of its limit that is used
        volume, lent = volume * case.planning.families[line.family].share, case.pd
    return service_income(line.family, volume=volume, plan=case.planning, fees=fees, pd=lent)


def _is_timed(fee: Fee) -> bool:
    """Whether it falls due by itself; fees per use are planned, not known."""
    return fee.timing != "use"


def _before(case: QuoteCase) -> Decimal | None:
    told = case.before
    if told.contribution is None:
        return None
    return relation_raroc(told.contribution, told.loans, case.planning)


def _after(
    case: QuoteCase, taken: Sequence[LineFigures], income: Income
) -> tuple[Decimal, Decimal]:
    """A year's contribution and the exposure with the quote; a renewal ends what it replaces."""
    before, plan = case.before, case.planning
    ended = min(sum((o.line.amount for o in taken if o.line.replaces_old), ZERO), before.loans)
    share = ended / before.loans if before.loans else ZERO
    base = -plan.fixed_cost if before.contribution is None else before.contribution
    contribution = fen(base - (before.spread - before.risk) * share + income.profit)
    exposure = before.loans - ended + sum((o.mean_balance for o in taken), ZERO)
    return contribution, exposure
