"""Repayment schedules to the fen, one row a month (spec d.2).

Interest of a month is balance x yearly rate / 12, rounded half up to the fen; the last payment
takes what rounding left, so that principal adds up to the amount and the last balance is 0.00.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from products.finance.terms import (
    EXACT,
    MONTHS_A_YEAR,
    BadTerms,
    Season,
    check_terms,
    due_date,
    fen,
)

ZERO = Decimal("0.00")
QUARTER = 3
DAYS_A_YEAR = 360  # money-market count of days: actual / 360


@dataclass(frozen=True, slots=True)
class Row:
    """One payment: yuan to the fen; ``payment`` = principal + interest; ``balance`` after it."""

    no: int
    due_on: date
    principal: Decimal
    interest: Decimal
    payment: Decimal
    balance: Decimal


@dataclass(frozen=True)
class _Plan:
    """The terms a mode reads."""

    principal: Decimal
    yearly_rate: Decimal
    months: int
    first_due: date
    season: Season = ()
    yearly_principal_share: Decimal = ZERO
    use_share: Decimal = Decimal(1)
    is_interest_monthly: bool = False

    @property
    def monthly_rate(self) -> Decimal:
        return self.yearly_rate / MONTHS_A_YEAR


def schedule(
    mode: str,
    principal: Decimal,
    yearly_rate: Decimal,
    months: int,
    first_due: date,
    *,
    season_months: Season = (),
    yearly_principal_share: Decimal = ZERO,
    use_share: Decimal = Decimal(1),
    monthly_interest: bool = False,
) -> list[Row]:
    """``months`` rows, the first due on ``first_due``, the last with a balance of exactly 0.00.

    ``mode`` is a key of ``MODES``:

    - ``equal_instalment``: A = P r (1+r)^n / ((1+r)^n - 1), r = yearly rate / 12;
    - ``equal_principal``: P / n a month and interest on the balance;
    - ``interest_first``: interest monthly, principal at the end; ``yearly_principal_share`` of the
      amount (0.10 for the technology loan) is repaid at the end of each full year before;
    - ``quarterly_principal``: interest monthly, principal in equal parts every third month;
    - ``seasonal``: nothing before the season; principal in the calendar months of ``season_months``
      (a list, or a mapping month -> weight), interest is simple and paid with it, or monthly with
      ``monthly_interest``; rows after the last season month are zero;
    - ``revolving``: an estimate: ``use_share`` of the line is drawn all the time, interest by
      actual days / 360, what is drawn repaid at the end;
    - ``bullet``: principal and simple interest together at maturity.

    BadTerms with a sentence for terms that cannot be calculated, TypeError for a float.
    """
    rule = MODES.get(mode)
    if rule is None:
        raise BadTerms(_("%(mode)s is not a mode of repayment.") % {"mode": mode})
    check_terms(principal, yearly_rate, months, first_due)
    if not 0 <= yearly_principal_share <= 1 or not 0 < use_share <= 1:
        raise BadTerms(_("A share lies between 0 and 1."))
    plan = _Plan(
        principal,
        yearly_rate,
        months,
        first_due,
        season_months,
        yearly_principal_share,
        use_share,
        monthly_interest,
    )
    with localcontext(EXACT):
        return rule(plan)


def _rows(
    plan: _Plan, amount: Decimal, principals: list[Decimal], interests: Callable[..., Decimal]
) -> list[Row]:
    """Rows from the principal of each month; ``interests(no, balance before)`` gives the rest."""
    rows, balance = [], amount
    for no, principal in enumerate(principals, 1):
        interest = interests(no, balance)
        balance -= principal
        due = due_date(plan.first_due, no)
        rows.append(Row(no, due, principal, interest, principal + interest, balance))
    return rows


def _monthly(plan: _Plan) -> Callable[[int, Decimal], Decimal]:
    """Interest on the balance of each month."""
    rate = plan.monthly_rate
    return lambda _no, balance: fen(balance * rate)


def _shared(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """``amount`` split by ``weights`` to the fen; the last weighted place takes the remainder."""
    whole, last = sum(weights), max(no for no, weight in enumerate(weights) if weight)
    parts, left = [], amount
    for no, weight in enumerate(weights):
        part = left if no == last else min(fen(amount * weight / whole), left)
        parts.append(part)
        left -= part
    return parts


def _equal_instalment(plan: _Plan) -> list[Row]:
    """The same payment every month; the last one differs by what rounding left."""
    rate, count = plan.monthly_rate, plan.months
    growth = (1 + rate) ** count
    exact = plan.principal * rate * growth / (growth - 1) if rate else plan.principal / count
    instalment = fen(exact)
    principals, balance = [], plan.principal
    for no in range(1, count + 1):
        part = instalment - fen(balance * rate)
        part = balance if no == count else min(max(part, ZERO), balance)
        principals.append(part)
        balance -= part
    return _rows(plan, plan.principal, principals, _monthly(plan))


def _equal_principal(plan: _Plan) -> list[Row]:
    """The same principal every month."""
    principals = _shared(plan.principal, [Decimal(1)] * plan.months)
    return _rows(plan, plan.principal, principals, _monthly(plan))


def _interest_first(plan: _Plan) -> list[Row]:
    """Interest every month; a share of the amount at the end of each year, the rest at maturity."""
    yearly = fen(plan.principal * plan.yearly_principal_share)
    principals, left = [], plan.principal
    for no in range(1, plan.months + 1):
        is_year_end = no % MONTHS_A_YEAR == 0
        part = left if no == plan.months else min(yearly, left) if is_year_end else ZERO
        principals.append(part)
        left -= part
    return _rows(plan, plan.principal, principals, _monthly(plan))


def _quarterly_principal(plan: _Plan) -> list[Row]:
    """Interest every month; principal every third month and at maturity."""
    weights = [Decimal(no % QUARTER == 0 or no == plan.months) for no in range(1, plan.months + 1)]
    return _rows(plan, plan.principal, _shared(plan.principal, weights), _monthly(plan))


def _seasonal(plan: _Plan) -> list[Row]:
    """Principal in the months of the season only, by their weights."""
    weights = _season_weights(plan)
    principals = _shared(plan.principal, weights)
    if plan.is_interest_monthly:
        return _rows(plan, plan.principal, principals, _monthly(plan))
    return _rows(plan, plan.principal, principals, _accrued(plan, [bool(w) for w in weights]))


def _season_weights(plan: _Plan) -> list[Decimal]:
    season = plan.season
    by_month = season if isinstance(season, Mapping) else dict.fromkeys(season, Decimal(1))
    if any(not 1 <= month <= MONTHS_A_YEAR or weight < 0 for month, weight in by_month.items()):
        raise BadTerms(_("Season months are numbers from 1 to 12, their weights not below zero."))
    months = [due_date(plan.first_due, no).month for no in range(1, plan.months + 1)]
    weights = [Decimal(by_month.get(month, 0)) for month in months]
    if not any(weights):
        raise BadTerms(_("No month of the season falls within the term."))
    return weights


def _accrued(plan: _Plan, is_paid: list[bool]) -> Callable[[int, Decimal], Decimal]:
    """Simple interest that gathers until a month in which it is paid."""
    rate, gathered = plan.monthly_rate, Decimal(0)

    def interest(no: int, balance: Decimal) -> Decimal:
        nonlocal gathered
        gathered += balance * rate
        if not is_paid[no - 1]:
            return ZERO
        due, gathered = fen(gathered), Decimal(0)
        return due

    return interest


def _revolving(plan: _Plan) -> list[Row]:
    """The drawn part all the time, interest by actual days / 360, repaid at the end."""
    drawn = max(fen(plan.principal * plan.use_share), Decimal("0.01"))

    def interest(no: int, balance: Decimal) -> Decimal:
        days = (due_date(plan.first_due, no) - due_date(plan.first_due, no - 1)).days
        return fen(balance * plan.yearly_rate * days / DAYS_A_YEAR)

    principals = [ZERO] * (plan.months - 1) + [drawn]
    return _rows(plan, drawn, principals, interest)


def _bullet(plan: _Plan) -> list[Row]:
    """Nothing until maturity, then everything."""
    principals = [ZERO] * (plan.months - 1) + [plan.principal]
    is_paid = [no == plan.months for no in range(1, plan.months + 1)]
    return _rows(plan, plan.principal, principals, _accrued(plan, is_paid))


MODES: Mapping[str, Callable[[_Plan], list[Row]]] = {
    "equal_instalment": _equal_instalment,
    "equal_principal": _equal_principal,
    "interest_first": _interest_first,
    "quarterly_principal": _quarterly_principal,
    "seasonal": _seasonal,
    "revolving": _revolving,
    "bullet": _bullet,
}
