"""From what was chosen on the composer to the lines of a case, refusing what cannot be quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.money import exact_money, money_figure
from products.finance.terms import due_date
from products.models import BundleVersion
from products.models.terms import AmountFormula
from products.selectors.compose import DEFAULT_MONTHS, Item, Subject
from products.selectors.quote_case import Before, Line, QuoteCase

MOST_SERVICE_MONTHS = 36
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Choice:
    """What was chosen for one item; None leaves the item's own value."""

    is_taken: bool = True
    amount: Decimal | None = None
    months: int | None = None
    rate: Decimal | None = None
    mode: str = ""


def case_of(
    *,
    subject: Subject,
    items: Sequence[Item],
    choices: Mapping[str, Choice],
    bundle: BundleVersion | None,
) -> QuoteCase:
    """The case of these choices. DomainError 422 with a sentence for each place that is wrong."""
    wrong: dict[str, str] = {}
    for item in items:
        found = problems(item, choices.get(item.key, Choice(is_taken=item.can_be_taken)))
        wrong |= {f"{item.key}-{name}": f"{item.name}: {text}" for name, text in found.items()}
    if wrong:
        raise DomainError(" ".join(wrong.values()), status=422, fields=dict(wrong))
    lines = [
        _line(item, choices.get(item.key, Choice(is_taken=item.can_be_taken))) for item in items
    ]
    return QuoteCase(
        as_of=subject.as_of,
        first_due=due_date(subject.as_of, 2),
        lines=_over_the_loans(lines),
        planning=subject.planning,
        pd=subject.pd,
        before=before_of(subject),
        discount_bp=bundle.rate_discount_bp if bundle else 0,
        fee_discount=bundle.fee_discount if bundle else Decimal(0),
    )


def before_of(subject: Subject) -> Before:
    """What the relation brings now, as the portrait has it."""
    known = subject.facts
    return Before(
        contribution=known.get("contribution_12m"),
        spread=known.get("spread_income") or Decimal(0),
        risk=known.get("risk_cost") or Decimal(0),
        loans=known.get("loan_balance") or Decimal(0),
    )


def problems(item: Item, choice: Choice) -> dict[str, str]:
    """What cannot be quoted, by field: a refused item never has a problem."""
    if not choice.is_taken:
        return {}
    if not item.can_be_taken:
        told = item.obstacles[0].text if item.obstacles else _("not on sale")
        return {"take": _("the customer cannot have it: %(rule)s.") % {"rule": told}}
    found = {
        "amount": _amount_problem(item, choice.amount),
        "months": _months_problem(item, choice.months) if item.is_loan else "",
        "rate": _rate_problem(item, choice.rate) if item.is_loan else "",
        "mode": _mode_problem(item, choice.mode) if item.is_loan else "",
    }
    return {name: text for name, text in found.items() if text}


def _amount_problem(item: Item, amount: Decimal | None) -> str:
    if amount is None:
        return ""
    low, high = item.bounds.amount
    if item.is_loan and (amount <= 0 or (low is not None and amount < low)):
        return _("at least %(amount)s.") % {"amount": _money(low or Decimal(1))}
    if amount < 0:
        return _("not below zero.")
    if high is not None and amount > high:
        told = _("at most %(amount)s.") % {"amount": _money(high)}
        return f"{told} {item.bounds.note}".strip()
    step = item.bounds.step
    if item.is_loan and step and amount % step and amount != high:
        return _("in steps of %(amount)s.") % {"amount": _money(step)}
    return ""


def _months_problem(item: Item, months: int | None) -> str:
    low, high = item.bounds.months
    if months is None or ((low or 1) <= months <= (high or months)):
        return ""
    return _("between %(low)s and %(high)s months.") % {"low": low or 1, "high": high}


def _rate_problem(item: Item, rate: Decimal | None) -> str:
    low, high = item.bounds.rate
    if rate is None or ((low or 0) <= rate <= (rate if high is None else high)):
        return ""
    bounds = {"low": _percent(low), "high": _percent(high)}
    return _("a rate between %(low)s%% and %(high)s%%.") % bounds


def _mode_problem(item: Item, mode: str) -> str:
    return _("this repayment is not offered.") if mode and mode not in item.bounds.modes else ""


def _money(amount: Decimal) -> str:
    """A bound to the yuan: what a figure in 万 would round away is told in full."""
    return exact_money(amount) if amount % TEN_THOUSAND else str(money_figure(amount))


def _percent(rate: Decimal | None) -> str:
    return f"{(rate or Decimal(0)) * 100:.2f}"


def _line(item: Item, choice: Choice) -> Line:
    version = item.version
    amount = item.amount if choice.amount is None else choice.amount
    if version is None:
        chinese, english = item.service
        return Line(
            item.seq, "", name_zh=chinese, name_en=english, role=item.role,
            is_taken=choice.is_taken and item.can_be_taken, outcome=item.outcome,
        )  # fmt: skip
    return Line(
        seq=item.seq,
        family=item.family,
        version_id=version.pk,
        code=version.product.code,
        no=version.no,
        name_zh=version.product.name_zh,
        name_en=version.product.name_en,
        role=item.role,
        is_taken=choice.is_taken and item.can_be_taken,
        amount=amount,
        months=(item.months if choice.months is None else choice.months) if item.is_loan else 0,
        mode=(choice.mode or item.mode) if item.is_loan else "",
        rate=(item.rate if choice.rate is None else choice.rate) if item.is_loan else Decimal(0),
        floor=item.bounds.rate[0] or Decimal(0),
        season_months=tuple(version.season_months),
        yearly_share=version.yearly_principal_share or Decimal(0),
        fees=item.fees,
        risk_weight=version.risk_weight,
        replaces_old=version.amount_formula == AmountFormula.OLD_BALANCE,
        counts=item.counts,
        outcome=item.outcome,
    )


def _over_the_loans(lines: Sequence[Line]) -> tuple[Line, ...]:
    """What is no loan is counted over the longest loan taken: a year at least, three at most."""
    longest = max((line.months for line in lines if line.is_loan and line.is_taken), default=0)
    years = -(-max(longest, DEFAULT_MONTHS) // 12)
    months = min(years * 12, MOST_SERVICE_MONTHS)
    return tuple(line if line.is_loan else replace(line, months=months) for line in lines)
