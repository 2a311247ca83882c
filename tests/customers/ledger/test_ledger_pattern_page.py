"""The card of the operating pattern: season, months of cash, what differs from the trade."""

import pytest
from django.utils import timezone

from crm.core.models import TradeProfile
from crm.core.parameters import parameters
from customers.models import InvoiceMonth, MonthRollup
from customers.selectors.ledger_page import ledger_of
from tests.customers.ledger.rows import say, text_of, url
from tests.customers.portrait_facts import make_reference


def season(customer, heavy=12):
    """Two years of inflow: 100 a month, 300 in the heavy one; outflow 80, 400 in March."""
    last = timezone.localdate().year * 12 + timezone.localdate().month - 2
    for ym in range(last - 23, last + 1):
        month = ym % 12 + 1
        MonthRollup.objects.create(
            customer=customer, ym=ym, inflow=300 if month == heavy else 100,
            outflow=400 if month == 3 else 80,
        )  # fmt: skip


def test_the_pattern_card_tells_season_cash_months_and_what_differs(desk, client):
    make_reference()
    _manager, customer = desk
    customer.trade = TradeProfile.objects.get(key="restaurant")
    customer.save()
    season(customer)
    say(customer, inventory_days=60, receivable_days=30, payable_days=10, gross_margin="0.20")

    ledger = ledger_of(
        customer=customer, portrait=None, as_of=timezone.localdate(),
        limits=parameters(timezone.localdate()),
    )  # fmt: skip
    shown = client.get(url("ledger_pattern", customer)).content.decode()

    pattern = ledger.pattern
    assert (pattern.peak_month, pattern.cash_peak_month, pattern.cash_trough_month) == (12, 12, 3)
    assert pattern.season[11] == pytest.approx(300 / 1400)
    assert pattern.cycle_days == 80
    # a restaurant: margin 45-65 %, stock 3-12, receivable 0-10, payable 10-30 days, December 9 %
    told = {(one.key, one.month): (one.own, one.usual.low, one.usual.high)
            for one in pattern.differences}  # fmt: skip
    assert told["gross_margin", 0] == pytest.approx((0.20, 0.45, 0.65))
    assert told["cycle_days", 0] == pytest.approx((80, 3 + 0 - 30, 12 + 10 - 10))
    assert told["season", 12] == pytest.approx((300 / 1400, 0.09, 0.09))
    assert "45% – 65%" in text_of(shown)
    assert "20%" in text_of(shown)


def test_invoices_that_ended_years_ago_still_tell_the_season(desk):
    _manager, customer = desk
    last = 2019 * 12 + 9  # October 2019
    for ym in range(last - 29, last + 1):
        sales = 300 if ym % 12 + 1 == 8 else 100
        InvoiceMonth.objects.create(customer=customer, ym=ym, sales=sales)

    ledger = ledger_of(
        customer=customer, portrait=None, as_of=timezone.localdate(),
        limits=parameters(timezone.localdate()),
    )  # fmt: skip

    assert [ym for ym, _sales in ledger.months["sales"]] == list(range(last - 23, last + 1))
    assert ledger.pattern.peak_month == 8
    assert ledger.pattern.season[7] == pytest.approx(300 / 1400)
