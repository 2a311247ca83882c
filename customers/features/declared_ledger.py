"""What the seven data categories ask beyond the facts of the portrait (spec c).

Shares are ratios (0.3 is 30 %). A scale has the same five sentences for everybody, so that two
managers mean the same by a 4. No medical detail has a place here.
"""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared_spec import Declared, FactType

_told = partial(Declared, in_portrait=False)
_ratio = partial(_told, unit="ratio", low=0, high=1)
_code = partial(_told, type=FactType.TEXT)


def _yuan(key: str, label: Text) -> Declared:
    return _told(key, label, unit="yuan", low=0, data_class="C2")


def _soft(key: str, label: Text, *steps: Text) -> Declared:
    """A scale of soft information: five sentences from worst to best."""
    return _told(key, label, unit="scale", low=1, high=5, data_class="C2", steps=steps)


RETURNS = (
    _told("product_plan", _("Product plan agreed"), FactType.TEXT),
    _yuan("expected_flow_month", _("Flow expected through us a month")),
)
SALES = (
    _ratio("repeat_buyer_share", _("Share of buyers who come again")),
    _yuan("order_backlog", _("Orders in hand")),
    _ratio("told_return_rate", _("Return rate as told")),
    _code(
        "local_demand",
        _("Local supply and demand"),
        choices=(
            ("short", _("Demand exceeds supply")),
            ("balanced", _("Balanced")),
            ("glut", _("Supply exceeds demand")),
        ),
    ),
    _told("price_change_1y", _("Prices against a year ago"), unit="ratio", low=-1, high=10),
)
COST_SHARES = (
    _ratio("cost_material", _("Cost share: material"), data_class="C2"),
    _ratio("cost_labour", _("Cost share: labour"), data_class="C2"),
    _ratio("cost_rent", _("Cost share: rent"), data_class="C2"),
    _ratio("cost_energy", _("Cost share: energy"), data_class="C2"),
    _ratio("cost_logistics", _("Cost share: logistics"), data_class="C2"),
    _ratio("cost_finance", _("Cost share: finance"), data_class="C2"),
    _ratio("cost_tax", _("Cost share: tax"), data_class="C2"),
    _ratio("cost_other", _("Cost share: other"), data_class="C2"),
)
SOFT = (
    _soft(
        "soft_family_support",
        _("Family support"),
        _("The family is against the business"),
        _("The family takes no part and doubts it"),
        _("The family lets it go on"),
        _("The family helps when asked"),
        _("The family works in it and stands behind it"),
    ),
    _soft(
        "soft_spouse_knows",
        _("Spouse knows of the loan"),
        _("The spouse is kept from knowing"),
        _("The spouse has heard of it by chance"),
        _("The spouse knows that there is a loan"),
        _("The spouse knows amount and term"),
        _("The spouse agrees and would sign, or there is no spouse"),
    ),
    _soft(
        "soft_local_roots",
        _("Local roots"),
        _("Here for less than a year, nobody vouches"),
        _("Here for one to three years, rents"),
        _("Here for three to five years"),
        _("Here for more than five years, with the family"),
        _("From here, or owns a home here"),
    ),
    _soft(
        "soft_costly_habits",
        _("Costly habits"),
        _("In debt from costly habits"),
        _("Spends far beyond the means of the business"),
        _("Spends freely, without harm so far"),
        _("Spends within means"),
        _("Frugal, puts money back into the business"),
    ),
    _soft(
        "soft_runs_daily",
        _("Able to run the business daily"),
        _("Somebody else runs it, the operator is away"),
        _("Seldom there"),
        _("There about half of the time"),
        _("There most days"),
        _("There every day and knows every figure"),
    ),
    _soft(
        "soft_reputation",
        _("Reputation with two neighbours or peers"),
        _("Both speak ill"),
        _("One speaks ill, or both avoid the question"),
        _("Nothing said either way"),
        _("One speaks well, the other has no complaint"),
        _("Both speak well and would trade on credit"),
    ),
    _soft(
        "soft_succession",
        _("Who would carry on"),
        _("The business ends with the operator"),
        _("Nobody thought of"),
        _("A relative could, without experience"),
        _("A relative or partner already helps"),
        _("A named successor or partner runs it as well"),
    ),
    _soft(
        "soft_answers_consistent",
        _("Answers consistent"),
        _("Answers contradict papers and each other"),
        _("Several answers do not fit"),
        _("Small differences, explained"),
        _("Answers fit the papers"),
        _("Answers fit papers, stock and staff"),
    ),
    _soft(
        "soft_trade_change",
        _("Reason for a change of trade"),
        _("Changed often, fled from debts"),
        _("Changed after a failure, reason not clear"),
        _("Changed once, for a plain reason"),
        _("Changed to a neighbouring trade with a plan"),
        _("Always in this trade"),
    ),
    _soft(
        "soft_credit_attitude",
        _("Attitude to credit"),
        _("Thinks that loans need not be repaid"),
        _("Repays when pressed"),
        _("Repays, sometimes late"),
        _("Repays on the day"),
        _("Repays early, keeps papers in order"),
    ),
    _told(
        "soft_gambling",
        _("Gambling seen or heard of"),
        unit="flag",
        low=0,
        high=1,
        data_class="C2",
        is_sealed=True,
    ),
)
HOURS = (
    ("dawn", _("Before 9")),
    ("morning", _("9 to 11")),
    ("noon", _("11 to 14")),
    ("afternoon", _("14 to 17")),
    ("evening", _("17 to 21")),
    ("night", _("After 21")),
)
DAYS = (
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
    ("holiday", _("Holidays")),
)
CONSUMERS = (
    _told("basket_value", _("Basket value"), unit="yuan", low=0),
    _told("buyers_a_day", _("Buyers a day"), unit="persons", low=0, high=1_000_000),
    _ratio("repeat_rate", _("Repeat rate of consumers")),
    _told("peak_hours", _("Peak hours"), FactType.CODES, choices=HOURS),
    _told("peak_days", _("Peak days"), FactType.CODES, choices=DAYS),
    _ratio("share_in_store", _("Sold in the shop")),
    _ratio("share_delivery", _("Sold by delivery platforms")),
    _ratio("share_online", _("Sold online")),
    _code(
        "buyers_region",
        _("Where buyers come from"),
        choices=(
            ("street", _("The neighbourhood")),
            ("town", _("Town or district")),
            ("city", _("The city")),
            ("province", _("The province")),
            ("country", _("The whole country")),
            ("abroad", _("Abroad")),
        ),
    ),
    _ratio("prepaid_card_share", _("Share of prepaid cards in sales")),
)
LEDGER_FACTS = (*RETURNS, *SALES, *COST_SHARES, *SOFT, *CONSUMERS)
