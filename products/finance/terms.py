"""What every calculation starts from: the fen, the day of a payment, and terms that make sense."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils.translation import gettext as _

FEN = Decimal("0.01")
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)  # far more digits than any result keeps
MONTHS_A_YEAR = 12
MAX_MONTHS = 600
MAX_AMOUNT = Decimal(10) ** 14
MAX_RATE = Decimal(10)
FIRST_YEAR, LAST_YEAR = 1900, 2999  # of a first payment: every payment after it is a day, too

Season = Sequence[int] | Mapping[int, Decimal]


class BadTerms(ValueError):
    """The terms cannot be calculated; the message is a sentence that names what is wrong."""


def fen(value: Decimal) -> Decimal:
    """``value`` yuan to the fen, halves away from zero."""
    return value.quantize(FEN, ROUND_HALF_UP, EXACT)


def due_date(first_due: date, no: int) -> date:
    """The day of payment ``no`` (from 1): the day of month of the first, or the month's last day.

    A first payment on the 31st is due on month ends: 01-31, 02-28, 03-31.
    """
    months = first_due.year * MONTHS_A_YEAR + first_due.month - 1 + no - 1
    year, month = divmod(months, MONTHS_A_YEAR)
    return date(year, month + 1, min(first_due.day, monthrange(year, month + 1)[1]))


def check_terms(principal: Decimal, yearly_rate: Decimal, months: int, first_due: date) -> None:
    """BadTerms unless amount, rate, term and first day are such that a schedule exists."""
    if not (isinstance(principal, Decimal) and isinstance(yearly_rate, Decimal)):
        raise TypeError("Amounts and rates are Decimal; a float has no exact fen.")
    if not principal.is_finite() or not 0 < principal <= MAX_AMOUNT:
        raise BadTerms(_("The amount must be above zero: %(value)s.") % {"value": principal})
    if principal != fen(principal):
        raise BadTerms(_("The amount goes down to the fen: %(value)s.") % {"value": principal})
    if not yearly_rate.is_finite() or not 0 <= yearly_rate <= MAX_RATE:
        raise BadTerms(
            _("The yearly rate must be between 0 and 1000 %%: %(value)s.") % {"value": yearly_rate}
        )
    if not 1 <= months <= MAX_MONTHS:
        raise BadTerms(
            _("The term must be between 1 and %(most)s months: %(value)s.")
            % {"most": MAX_MONTHS, "value": months}
        )
    if not FIRST_YEAR <= first_due.year <= LAST_YEAR:
        raise BadTerms(
            _("The first payment must be due in the years %(first)s to %(last)s: %(value)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR, "value": first_due}
        )
