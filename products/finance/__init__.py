"""Exact arithmetic of credit: schedules, all-in cost, break-even. Decimal only, no clock, no rows.

``schedule`` and ``offer_cost`` are what other rooms call; every amount is yuan, every rate a yearly
share (0.0435 is 4.35 %), every result ends on a fen.
"""

from products.finance.case import Case, Side, one_side, side_by_side
from products.finance.cost import Fee, OfferCost, break_even_rate, offer_cost, yearly_saving
from products.finance.rates import base_rate, spread_bp
from products.finance.schedule import MODES, Row, schedule
from products.finance.terms import BadTerms, fen
from products.finance.yields import NoRate, all_in_yearly_cost, present_value

__all__ = [
    "MODES",
    "BadTerms",
    "Case",
    "Fee",
    "NoRate",
    "OfferCost",
    "Row",
    "Side",
    "all_in_yearly_cost",
    "base_rate",
    "break_even_rate",
    "fen",
    "offer_cost",
    "one_side",
    "present_value",
    "schedule",
    "side_by_side",
    "spread_bp",
    "yearly_saving",
]
