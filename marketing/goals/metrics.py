"""Every metric of e.9; one more is one more entry here, and it is counted, shown and listed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from marketing.goals.inclusive import (
    BAD_CLASSES,
    INCLUSIVE,
    INCLUSIVE_BASE,
    INCLUSIVE_FARM,
)
from marketing.goals.spec import Direction, Formula, Metric, Source, Unit

_BAD = ", ".join(f"'{name}'" for name in BAD_CLASSES)
_WIDE = ("nfra_goal", "pboc_tool", "s71_scope")
_GOAL = ("nfra_goal",)
_OPEN = "r.balance > 0"
_NEW = "l.drawn_on BETWEEN %(from)s AND %(as_of)s"
_UNSECURED = "l.guarantee_mode = 'credit'"
_LONG = "l.matures_on > l.drawn_on + interval '1 year'"
_ITEM_NEW = "i.received_on BETWEEN %(from)s AND %(as_of)s"
_DECIDED = "i.state IN ('approved', 'refused', 'helped') AND i.decided_at IS NOT NULL"
_DECIDED_ON = "(i.decided_at AT TIME ZONE 'Asia/Shanghai')::date"
_CONTACT_ASKED = f"({_ITEM_NEW} AND (i.contacted_on IS NOT NULL OR i.contact_due_on < %(as_of)s))"
_DECISION_ASKED = f"({_ITEM_NEW} AND (({_DECIDED}) OR i.due_on < %(as_of)s))"


def _balance(key: str, label: Text, help_: Text, where: str, calibers: tuple[str, ...]) -> Metric:
    """Balance of the loans that meet a condition."""
    return Metric(
        key,
        label,
        help_,
        Unit.YUAN,
        Formula.SUM,
        counts=f"{where} AND {_OPEN}",
        top=f"CASE WHEN {where} THEN r.balance ELSE 0 END",
        calibers=calibers,
    )


def _share(key: str, label: Text, help_: Text, where: str) -> Metric:
    """Share of the inclusive balance whose loans meet a condition."""
    return Metric(
        key,
        label,
        help_,
        Unit.SHARE,
        Formula.RATIO,
        counts=f"{INCLUSIVE} AND {where} AND {_OPEN}",
        top=f"CASE WHEN {INCLUSIVE} AND {where} THEN r.balance ELSE 0 END",
        bottom=f"CASE WHEN {INCLUSIVE} THEN r.balance ELSE 0 END",
        calibers=_WIDE,
    )


METRICS: Catalogue[Metric] = Catalogue("metrics of the goals")
METRICS.add(
    _balance(
        "inclusive_balance",
        _("Inclusive balance"),
        _("Business loans to small and micro borrowers within the caliber's total credit."),
        INCLUSIVE,
        _WIDE,
    ),
    Metric(
        "inclusive_growth",
        _("Growth against all loans"),
        _("Growth of the inclusive balance since the last year's end less growth of all loans."),
        Unit.POINTS,
        Formula.GROWTH,
        counts=f"{INCLUSIVE} AND {_OPEN}",
        top=f"CASE WHEN {INCLUSIVE} THEN r.balance ELSE 0 END",
        bottom=f"CASE WHEN {INCLUSIVE_BASE} THEN r.base_balance ELSE 0 END",
        whole_top="r.balance",
        whole_bottom="r.base_balance",
        calibers=_GOAL,
    ),
    Metric(
        "inclusive_customers",
        _("Inclusive customers"),
        _("Customers with an inclusive balance."),
        Unit.COUNT,
        Formula.COUNT,
        counts=f"{INCLUSIVE} AND {_OPEN}",
        top=f"CASE WHEN {INCLUSIVE} THEN r.balance ELSE 0 END",
        source=Source.CUSTOMER,
        calibers=_WIDE,
    ),
    Metric(
        "first_borrowers",
        _("First-time borrowers"),
        _("First loans ever, drawn in the period, by small and micro borrowers."),
        Unit.COUNT,
        Formula.COUNT,
        counts=f"{INCLUSIVE} AND l.is_first_loan AND {_NEW}",
        calibers=_GOAL,
        is_flow=True,
    ),
    _share(
        "unsecured_share",
        _("Unsecured share"),
        _("Inclusive balance without collateral or guarantor, of the inclusive balance."),
        _UNSECURED,
    ),
    Metric(
        "renewal_count",
        _("Renewals without principal, number"),
        _("Renewed in the period without paying the principal back first."),
        Unit.COUNT,
        Formula.COUNT,
        counts=f"{INCLUSIVE} AND l.is_renewal AND {_NEW}",
        calibers=_GOAL,
        is_flow=True,
    ),
    Metric(
        "renewal_amount",
        _("Renewals without principal, amount"),
        _("Principal renewed in the period without paying it back first."),
        Unit.YUAN,
        Formula.SUM,
        counts=f"{INCLUSIVE} AND l.is_renewal AND {_NEW}",
        top=f"CASE WHEN {INCLUSIVE} AND l.is_renewal AND {_NEW} THEN l.principal_amount ELSE 0 END",
        calibers=_GOAL,
        is_flow=True,
    ),
    _share(
        "medium_long_share",
        _("Medium and long-term share"),
        _("Inclusive balance with an original term over one year, of the inclusive balance."),
        _LONG,
    ),
    _balance(
        "manufacturing_balance",
        _("Manufacturing loans"),
        _("Business loans to firms of divisions 13 to 43."),
        "(r.is_business AND r.is_manufacturing)",
        ("",),
    ),
    _balance(
        "sci_tech_balance",
        _("Sci-tech loans"),
        _("Business loans to holders of a valid tech-SME, high-tech or zjtx certificate."),
        "(r.is_business AND r.is_sci_tech)",
        ("",),
    ),
    _balance(
        "farm_balance",
        _("Inclusive farm-related loans"),
        _("Farm households within their limit, small farm-related firms and cooperatives."),
        INCLUSIVE_FARM,
        _GOAL,
    ),
    _balance(
        "sole_trader_balance",
        _("Sole-trader loans"),
        _("Inclusive loans to sole traders."),
        f"({INCLUSIVE} AND r.is_sole_trader)",
        _GOAL,
    ),
    _balance(
        "new_citizen_balance",
        _("New-citizen loans"),
        _("Business loans to new citizens, sole traders among them."),
        "(r.is_business AND r.is_new_citizen)",
        ("",),
    ),
    Metric(
        "new_rate",
        _("Average rate of new loans"),
        _("Yearly rate of inclusive loans drawn in the period, weighted by principal."),
        Unit.RATE,
        Formula.RATIO,
        counts=f"{INCLUSIVE} AND {_NEW}",
        top=f"CASE WHEN {INCLUSIVE} AND {_NEW} THEN l.rate * l.principal_amount ELSE 0 END",
        bottom=f"CASE WHEN {INCLUSIVE} AND {_NEW} THEN l.principal_amount ELSE 0 END",
        direction=Direction.DOWN,
        calibers=_GOAL,
        is_flow=True,
    ),
    Metric(
        "new_all_in_cost",
        _("All-in cost of new loans"),
        _("The rate and, where a guarantor stands in, the guarantee fee of the parameters."),
        Unit.RATE,
        Formula.RATIO,
        counts=f"{INCLUSIVE} AND {_NEW}",
        top=f"CASE WHEN {INCLUSIVE} AND {_NEW} THEN (l.rate + CASE l.guarantee_mode "
        "WHEN 'guarantee' THEN %(guarantee_fee)s ELSE 0 END) * l.principal_amount ELSE 0 END",
        bottom=f"CASE WHEN {INCLUSIVE} AND {_NEW} THEN l.principal_amount ELSE 0 END",
        direction=Direction.DOWN,
        calibers=_GOAL,
        is_flow=True,
    ),
    Metric(
        "npl_ratio",
        _("Bad-loan ratio"),
        _("Inclusive balance classed substandard or worse, of the inclusive balance."),
        Unit.SHARE,
        Formula.RATIO,
        counts=f"{INCLUSIVE} AND l.five_class IN ({_BAD}) AND {_OPEN}",
        top=f"CASE WHEN {INCLUSIVE} AND l.five_class IN ({_BAD}) THEN r.balance ELSE 0 END",
        bottom=f"CASE WHEN {INCLUSIVE} THEN r.balance ELSE 0 END",
        direction=Direction.DOWN,
        calibers=_WIDE,
    ),
    Metric(
        "coordination_contact",
        _("Coordination list: contacted in time"),
        _("Items of the period contacted within their days, of those contacted or due."),
        Unit.SHARE,
        Formula.RATIO,
        counts=f"{_CONTACT_ASKED} AND i.contacted_on <= i.contact_due_on",
        top=f"({_CONTACT_ASKED} AND coalesce(i.contacted_on <= i.contact_due_on, false))::int",
        bottom=f"({_CONTACT_ASKED})::int",
        source=Source.ITEM,
        is_flow=True,
    ),
    Metric(
        "coordination_decision",
        _("Coordination list: decided in time"),
        _("Items of the period decided within their days, of those decided or due."),
        Unit.SHARE,
        Formula.RATIO,
        counts=f"{_DECISION_ASKED} AND {_DECIDED} AND {_DECIDED_ON} <= i.due_on",
        top=f"({_DECISION_ASKED} AND {_DECIDED} "
        f"AND coalesce({_DECIDED_ON} <= i.due_on, false))::int",
        bottom=f"({_DECISION_ASKED})::int",
        source=Source.ITEM,
        is_flow=True,
    ),
    Metric(
        "coordination_approval",
        _("Coordination list: approved"),
        _("Items of the period approved, of those decided."),
        Unit.SHARE,
        Formula.RATIO,
        counts=f"{_ITEM_NEW} AND {_DECIDED} AND i.state = 'approved'",
        top=f"({_ITEM_NEW} AND {_DECIDED} AND i.state = 'approved')::int",
        bottom=f"({_ITEM_NEW} AND {_DECIDED})::int",
        source=Source.ITEM,
        is_flow=True,
    ),
    Metric(
        "coordination_days",
        _("Coordination list: days to the decision"),
        _("Mean of calendar days from receipt to decision of the items of the period."),
        Unit.DAYS,
        Formula.RATIO,
        counts=f"{_ITEM_NEW} AND {_DECIDED}",
        top=f"CASE WHEN {_ITEM_NEW} AND {_DECIDED} THEN {_DECIDED_ON} - i.received_on ELSE 0 END",
        bottom=f"({_ITEM_NEW} AND {_DECIDED})::int",
        source=Source.ITEM,
        direction=Direction.DOWN,
        is_flow=True,
    ),
)
