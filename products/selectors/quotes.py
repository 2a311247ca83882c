"""Quotes as they were saved: those in reach, one with all it needs, and the figures as text."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from crm.core.masking import reads_bands
from crm.core.models import User
from customers.models import Customer
from products.models import Quote
from products.selectors.quote_case import QuoteCase
from products.selectors.quote_figures import Cost, Figures, LineFigures, work_out


def quotes_in_reach(*, user: User) -> QuerySet[Quote]:
    """Quotes for customers that this user may see, newest first."""
    rows: QuerySet[Quote] = (
        Quote.objects.visible_to(user)
        .select_related("customer", "made_by", "made_by__branch", "bundle_version__bundle")
        .defer("customer__name_pieces", "customer__name_pinyin", "customer__name_initials")
        .order_by("-made_at", "-pk")
    )
    return rows


def quote_in_reach(*, user: User, pk: int) -> Quote:
    """One quote, or DoesNotExist where it is missing or out of reach."""
    return quotes_in_reach(user=user).get(pk=pk)


def quotes_of(*, user: User, customer: Customer) -> QuerySet[Quote]:
    """The quotes of one customer, without their figures."""
    return quotes_in_reach(user=user).filter(customer=customer).defer("lines")


def sees_bank_side(user: User) -> bool:
    """Whether what the bank earns is shown: to the manager, the branch and risk, not to others."""
    return not reads_bands(user)


def customer_side(figures: dict[str, Any]) -> dict[str, Any]:
    """Stored figures of a quote without the bank's side and what it was worked out from."""
    return {key: value for key, value in figures.items() if key not in ("bank", "case")}


def customer_line(line: dict[str, Any]) -> dict[str, Any]:
    """A stored line without the bank's side."""
    kept = {key: line["figures"][key] for key in ("cost", "without", "saved")}
    return line | {"figures": kept}


def case_kept(quote: Quote) -> QuoteCase:
    """The case as it was frozen."""
    return QuoteCase.from_data(quote.figures["case"], quote.lines)


def worked_again(quote: Quote) -> Figures:
    """The figures worked out anew from the frozen case: the same to the last digit."""
    return work_out(case_kept(quote))


def figures_data(figures: Figures) -> dict[str, Any]:
    """Totals of both sides as plain JSON."""
    return {
        "has_price_effect": figures.has_price_effect,
        "customer": {
            "interest": str(figures.interest),
            "fees": str(figures.fees),
            "premiums": str(figures.premiums),
            "total": str(figures.total),
            "total_without": str(figures.total_without),
            "saved": str(figures.saved),
            "by_year": [str(year) for year in figures.by_year],
            "all_in": _text(figures.all_in),
        },
        "bank": {
            **figures.income.to_data(),
            "contribution_after": str(figures.contribution_after),
            "raroc_before": _text(figures.raroc_before),
            "raroc_after": _text(figures.raroc_after),
        },
    }


def line_data(one: LineFigures) -> dict[str, Any]:
    """A line of the case with its figures as plain JSON."""
    return one.line.to_data() | {
        "figures": {
            "cost": _cost_data(one.cost),
            "without": _cost_data(one.without),
            "saved": str(one.saved),
            "mean_balance": str(one.mean_balance),
            "income": one.income.to_data(),
            "raroc": _text(one.raroc),
            "raroc_without": _text(one.raroc_without),
            "lowest_rate": _text(one.lowest_rate),
        }
    }


def _cost_data(cost: Cost) -> dict[str, Any]:
    first = next((row for row in cost.rows if row.payment), None)
    peak = max(cost.rows, key=lambda row: row.payment, default=None)
    return {
        "rate": str(cost.rate),
        "interest": str(cost.interest),
        "fees": str(cost.fees),
        "premiums": str(cost.premiums),
        "total": str(cost.total),
        "all_in": _text(cost.all_in),
        "by_year": [str(year) for year in cost.by_year],
        "first": _payment(first),
        "peak": _payment(peak),
        "last_on": cost.rows[-1].due_on.isoformat() if cost.rows else None,
    }


def _payment(row: Any) -> dict[str, str] | None:
    return {"on": row.due_on.isoformat(), "amount": str(row.payment)} if row else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
