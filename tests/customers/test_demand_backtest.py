"""Forecasts held against what was opened in the 90 days after them (b.6)."""

from datetime import date, timedelta

import pytest

from customers.models import Holding, PortraitVersion
from customers.selectors.demand_backtest import demand_backtest
from tests.factories import make_branch, make_customer

DAY = date(2026, 6, 30)


def forecast(customer, chance, *, as_of=DAY, number=1):
    PortraitVersion.objects.create(
        customer=customer,
        as_of=as_of,
        computed_at=f"{as_of}T00:00:00Z",
        trigger="nightly",
        parameters="test",
        version_no=number,
        p_payroll=chance,
    )


def opened(customer, days, family="payroll"):
    Holding.objects.create(
        customer=customer,
        contract_no=f"{customer.pk}-{days}",
        family=family,
        opened_on=DAY + timedelta(days=days),
    )


def test_twenty_forecasts_are_told_in_tenths_with_what_came_true():
    branch = make_branch()
    for place in range(20):
        customer = make_customer(branch=branch)
        forecast(customer, 0.02 + place / 25)
        if place >= 16:
            opened(customer, days=90)

    tenths = demand_backtest(as_of=DAY)

    assert [tenth.forecasts for tenth in tenths] == [2] * 10
    assert [tenth.opened for tenth in tenths] == [0] * 8 + [1, 1]
    assert tenths[-1].predicted == pytest.approx(0.02 + 18.5 / 25)


@pytest.mark.parametrize(("days", "family"), [(0, "payroll"), (91, "payroll"), (30, "insurance")])
def test_only_the_needed_family_within_ninety_days_counts(days, family):
    customer = make_customer()
    forecast(customer, 0.4)
    opened(customer, days, family)

    assert demand_backtest(as_of=DAY)[0].opened == 0


def test_the_forecast_is_the_one_known_on_the_day():
    customer = make_customer()
    forecast(customer, 0.4)
    forecast(customer, 0.9, as_of=DAY + timedelta(days=1), number=2)

    assert demand_backtest(as_of=DAY, need="payroll")[0].predicted == 0.4
    assert demand_backtest(as_of=DAY, need="insurance") == []
