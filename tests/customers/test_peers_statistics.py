"""Figures of the bank and of peers against numpy; one customer and all agree (b.8, C09)."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from customers.models import (
    MonthRollup,
    PeerBand,
    PeerMonth,
    PeerStatistic,
    Portrait,
    RunThreshold,
)
from customers.selectors.peers import commonality
from customers.services.peers import refresh_peers
from customers.services.statistics import bank_figures, refresh_statistics, statistics_day
from tests.customers.derive import TODAY, derive, derive_one, seed_parameters
from tests.factories import make_branch, make_customer

SMALL_FIRM = {"trade_key": "restaurant", "size_class": "small"}


@pytest.fixture
def bank():
    """Forty small restaurants, seven micro ones, with drawn figures."""
    seed_parameters()
    branch = make_branch()
    rng = np.random.default_rng(7)
    rows = []
    for number in range(47):
        customer = make_customer(branch=branch)
        rows.append(
            Portrait(
                customer=customer,
                as_of=TODAY,
                computed_at=f"{TODAY}T00:00:00Z",
                trigger="nightly",
                parameters="test",
                version_no=1,
                trade_key="restaurant",
                size_class="small" if number < 40 else "micro",
                groups=["modern_services", "micro_small"] if number % 2 else ["micro_small"],
                primary_group="micro_small",
                annual_revenue=Decimal(int(rng.integers(100_000, 9_000_000))),
                gross_margin=round(float(rng.normal(0.3, 0.1)), 6),
                inflow_trend=round(float(rng.normal(0, 0.2)), 6) if number % 5 else None,
                contribution_12m=Decimal(int(rng.integers(-500, 50_000))),
                potential_12m=Decimal(int(rng.integers(0, 20_000))),
            )
        )
    Portrait.objects.bulk_create(rows)
    return rows


def figures(rows, key, **same):
    found = [
        float(getattr(row, key))
        for row in rows
        if getattr(row, key) is not None
        and all(getattr(row, name) == value for name, value in same.items())
    ]
    return np.array(found)


def test_tier_bounds_are_the_percentiles_of_the_whole_bank(bank):
    refresh_statistics(as_of=TODAY)

    found = dict(RunThreshold.objects.values_list("key", "value"))

    values = figures(bank, "contribution_12m")
    for tier, percent in (("a", 90), ("b", 70), ("c", 30)):
        expected = np.percentile(values, percent)
        assert found[f"tier.{tier}.contribution"] == pytest.approx(expected, abs=0.01)
    shares = {
        tier: np.mean(values >= found[f"tier.{tier}.contribution"]) for tier in ("a", "b", "c")
    }
    assert shares == {"a": pytest.approx(0.1, abs=0.03), "b": pytest.approx(0.3, abs=0.03),
                      "c": pytest.approx(0.7, abs=0.03)}  # fmt: skip


def test_peer_bands_are_the_percentiles_of_trade_and_size_from_eight_firms_on(bank):
    refresh_statistics(as_of=TODAY)

    band = PeerBand.objects.get()  # the seven micro firms are too few

    assert (band.size_class, band.firms) == ("small", 40)
    expected = np.percentile(figures(bank, "annual_revenue", size_class="small"), range(1, 100))
    assert band.revenue == pytest.approx(list(expected))
    margins = np.percentile(figures(bank, "gross_margin", size_class="small"), range(1, 100))
    assert band.margin == pytest.approx(list(margins))


def test_a_customer_stands_where_numpy_puts_it_among_its_peers(bank):
    refresh_statistics(as_of=TODAY)
    band = PeerBand.objects.get()

    for row in bank[:40:7]:
        value = float(row.annual_revenue)
        found = derive(
            ["revenue_percentile", "peer_basis"],
            annual_revenue=value,
            size_class="small",
            peers_revenue_small=band.revenue,
        )
        assert found == {
            "revenue_percentile": int(np.searchsorted(band.revenue, value, side="right")),
            "peer_basis": "peers",
        }


@pytest.mark.parametrize(("revenue", "place"), [(50, 10), (150, 50), (200, 90), (1, 5), (900, 95)])
def test_with_too_few_peers_the_range_of_the_trade_answers(revenue, place):
    found = derive(
        ["revenue_percentile", "peer_basis"],
        annual_revenue=float(revenue),
        size_class="small",
        profile_revenue_low=100.0 if revenue != 50 else 50.0,
        profile_revenue_high=200.0,
    )

    assert found == {"revenue_percentile": place, "peer_basis": "profile"}


def test_without_revenue_there_is_no_place():
    assert (
        derive_one("revenue_percentile", profile_revenue_low=1.0, profile_revenue_high=2.0) is None
    )


def test_a_portrait_is_measured_by_the_newest_day_before_its_own(bank):
    assert statistics_day(TODAY) is None
    assert bank_figures(TODAY) == {"peer_as_of": None}

    assert refresh_statistics(as_of=TODAY) is True  # the first figures: compute the day again
    assert statistics_day(TODAY) == TODAY
    tomorrow = TODAY + timedelta(days=1)
    assert refresh_statistics(as_of=tomorrow) is False

    assert statistics_day(tomorrow) == TODAY
    assert statistics_day(TODAY) == TODAY  # never by a later day
    assert statistics_day(TODAY - timedelta(days=1)) is None
    assert bank_figures(tomorrow)["tier.a.contribution"] == pytest.approx(
        np.percentile(figures(bank, "contribution_12m"), 90), abs=0.01
    )


def test_statistics_twice_a_day_leave_one_set(bank):
    refresh_statistics(as_of=TODAY)
    refresh_statistics(as_of=TODAY)

    assert RunThreshold.objects.filter(as_of=TODAY).count() == 6
    assert PeerBand.objects.count() == 1


def test_an_empty_bank_has_figures_that_change_nothing():
    seed_parameters()

    refresh_statistics(as_of=TODAY)

    assert statistics_day(TODAY) == TODAY


def test_quartiles_of_groups_and_peers_are_those_of_numpy(bank):
    refresh_peers(as_of=TODAY)

    row = PeerStatistic.objects.get(kind="peers", segment="restaurant:small", column="inflow_trend")
    values = figures(bank, "inflow_trend", size_class="small")
    assert (row.members, row.known) == (40, len(values))
    assert [row.low_quartile, row.median, row.high_quartile] == pytest.approx(
        list(np.percentile(values, [25, 50, 75]))
    )
    group = PeerStatistic.objects.get(
        kind="group", segment="modern_services", column="annual_revenue"
    )
    odd = figures(bank[1::2], "annual_revenue")
    assert (group.members, group.median) == (len(odd), pytest.approx(np.median(odd)))


def test_groups_of_fewer_than_eight_have_no_quartiles(bank):
    refresh_peers(as_of=TODAY)

    assert not PeerStatistic.objects.filter(segment="restaurant:micro").exists()


def test_one_set_of_quartiles_a_month(bank):
    refresh_peers(as_of=date(2026, 11, 3))
    refresh_peers(as_of=date(2026, 11, 21))
    refresh_peers(as_of=date(2026, 12, 1))

    days = set(PeerStatistic.objects.values_list("as_of", flat=True))

    assert days == {date(2026, 11, 21), date(2026, 12, 1)}


def test_the_peer_line_of_the_chart_is_the_median_of_each_month(bank):
    rng = np.random.default_rng(3)
    inflow = rng.integers(1_000, 90_000, (40, 2)).astype(float)
    MonthRollup.objects.bulk_create(
        MonthRollup(customer=row.customer, ym=24320 + month, inflow=value, business_inflow=value)
        for row, values in zip(bank[:40], inflow, strict=True)
        for month, value in enumerate(values)
    )

    refresh_peers(as_of=TODAY)

    found = dict(PeerMonth.objects.values_list("ym", "inflow_median"))
    assert found == {
        24320: pytest.approx(np.median(inflow[:, 0])),
        24321: pytest.approx(np.median(inflow[:, 1])),
    }


def test_what_a_group_has_in_common_is_told_by_feature(bank):
    refresh_peers(as_of=TODAY)

    told = commonality(kind="group", segment="micro_small", as_of=TODAY)

    assert [line.column.key for line in told if line.column.key == "inflow_trend"]
    assert all(line.known >= 8 for line in told)
