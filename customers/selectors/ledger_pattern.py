"""The pattern card of one customer: season, cash months, differences, risks (SEV-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import IndustryPolicy
from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.ledger import figures
from customers.ledger.pattern import Observed, Pattern, Profile, Usual, differences
from customers.ledger.words import ODD_ANSWERS
from customers.models import (
    Customer,
)
from customers.selectors.ledger_known import Known
from customers.selectors.ledger_shape import Ledger

LONG_CYCLE = 180  # days from which the cycle is named as a risk


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


def _figure(ledger: Ledger, no: int, key: str) -> Any:
    return next((one.value for one in ledger.sections[no].figures if one.key == key), None)


def key_risks(
    ledger: Ledger, known: Known, policy: IndustryPolicy | None
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
    add(bool(ledger.soft.flags), ODD_ANSWERS)
    return found  # fmt: skip


def set_pattern(
    ledger: Ledger,
    known: Known,
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
