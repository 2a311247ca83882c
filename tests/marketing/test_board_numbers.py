"""Single numbers of the board against plain Python over the same rows."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median as middle
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.months import ym_of
from customers.models import Loan
from marketing.boards.measures import MEASURES
from marketing.boards.periods import PERIODS, period_of
from marketing.boards.populations import AGES
from marketing.boards.spec import MONTHS_KEPT
from marketing.models import Opportunity, StageEvent, Visit
from marketing.pipeline.clock import is_overdue
from marketing.selectors.board import board, median
from marketing.selectors.board_ranking import percentile, ranking
from marketing.selectors.board_sight import BoardQuery
from marketing.services.board_counts import count_boards
from tests.factories import head_office, make_branch, make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules, make_opportunity, make_visit

AS_OF = date(2026, 11, 22)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def bank(db):
    """Two branches of two managers with drawn visits, opportunities and loans."""
    load_rules()
    draw = Random(7)
    for _no in range(2):
        branch = make_branch()
        for _rm in range(2):
            rm = make_user("rm", branch, joined_on=date(2024, 3, 1))
            for _customer in range(4):
                customer = make_customer(rm, size_class="micro")
                make_portrait(
                    customer, loan_balance=1e5, limit_amount=2e5, families_held=draw.randint(0, 3)
                )
                _work(draw, customer, rm)
    count_boards(as_of=AS_OF)
    return make_user("auditor", head_office())


def _work(draw, customer, rm):
    for _visit in range(draw.randint(0, 6)):
        at = datetime(2026, 11, 21, 3, tzinfo=UTC) - timedelta(hours=draw.randint(0, 24 * 150))
        make_visit(customer, by=rm, at=at, quality=draw.choice([None, 1, 3, 5]))
    for family in draw.sample(["loan", "deposit", "payroll"], draw.randint(0, 3)):
        at = datetime(2026, 11, 20, 3, tzinfo=UTC) - timedelta(days=draw.randint(0, 90))
        opportunity = make_opportunity(
            customer,
            at=at,
            family=family,
            amount=Decimal(draw.randint(1, 10**8)) / 100,
            probability=draw.choice([0.1, 0.25, 0.6]),
            stage_due_on=at.date() + timedelta(days=draw.randint(1, 60)),
        )
        StageEvent.objects.create(
            customer=customer,
            opportunity=opportunity,
            from_stage="lead",
            to_stage=draw.choice(["qualified", "qualified", "lost"]),
            at=at,
            scope_no=rm.scope_no,
            days_in_stage=draw.uniform(0, 7.9),
        )
    for _loan in range(draw.randint(0, 2)):
        drawn = AS_OF - timedelta(days=draw.randint(0, 500))
        principal = Decimal(draw.randint(10**6, 10**8)) / 100
        Loan.objects.create(
            customer=customer,
            loan_no=f"L{Loan.objects.count()}",
            family="loan",
            principal_amount=principal,
            balance_amount=principal / 2,
            rate=Decimal("0.045"),
            drawn_on=drawn,
            matures_on=drawn + timedelta(days=540),
            repayment_mode="bullet",
            guarantee_mode="credit",
            five_class=draw.choice(["normal", "normal", "substandard"]),
            is_first_loan=draw.random() < 0.3,
        )


def in_period(moment, period):
    return period.first <= ym_of(moment.astimezone(CHINA).date()) <= period.last


def shown(user, key, cut="", **query):
    return board(user=user, query=BoardQuery(**query)).shown(MEASURES[key], cut)


def test_visits_of_a_quarter(bank):
    period = period_of("quarter", AS_OF)
    rows = [visit for visit in Visit.objects.all() if in_period(visit.started_at, period)]
    scored = [visit.quality for visit in rows if visit.quality is not None]

    assert shown(bank, "visits").value == len(rows)
    assert shown(bank, "visited").value == len({visit.customer_id for visit in rows})
    assert shown(bank, "quality").value == pytest.approx(sum(scored) / len(scored))
    assert shown(bank, "visits_valid").value == sum(
        visit.quality is None or visit.quality >= 3 for visit in rows
    )


@pytest.mark.parametrize("key", ["month", "last_month", "12m", "2026-07..2026-09"])
def test_each_customer_visited_counts_once_in_any_period(bank, key):
    period = period_of(key, AS_OF)
    met = {
        visit.customer_id for visit in Visit.objects.all() if in_period(visit.started_at, period)
    }

    assert shown(bank, "visited", period=key).value == len(met)


def test_open_opportunities_with_their_weights_and_ages(bank):
    rows = list(Opportunity.objects.all())
    cents = sum(round(row.amount * Decimal(str(row.probability)) * 100) for row in rows)

    assert shown(bank, "open_amount").value == pytest.approx(float(sum(r.amount for r in rows)))
    assert shown(bank, "weighted_amount").value == pytest.approx(cents / 100, abs=0.01 * len(rows))
    assert shown(bank, "overdue").value == sum(is_overdue(row, AS_OF) for row in rows)
    ages = [(AS_OF - row.opened_at.astimezone(CHINA).date()).days for row in rows]
    assert shown(bank, "aged_2").value == sum(15 <= age <= 30 for age in ages)
    assert sum(shown(bank, f"aged_{no}").value for no in range(5)) == len(rows)


def test_conversion_and_median_days_of_a_stage(bank):
    period = period_of("12m", AS_OF)
    rows = [event for event in StageEvent.objects.all() if in_period(event.at, period)]
    on = sum(event.to_stage != "lost" for event in rows)

    conversion = shown(bank, "conversion", "credit:lead>*", period="12m")
    days = shown(bank, "stage_days", "credit:lead>*", period="12m")

    assert conversion.value == pytest.approx(on / len(rows))
    assert conversion.rows == len(rows)
    ordered = sorted(int(event.days_in_stage) for event in rows)
    assert days.value == ordered[(len(ordered) - 1) // 2]


def test_loans_their_quality_and_their_rate(bank):
    loans = list(Loan.objects.all())
    bad = sum(loan.balance_amount for loan in loans if loan.five_class == "substandard")
    period = period_of("12m", AS_OF)
    new = [loan for loan in loans if period.from_on <= loan.drawn_on < period.until_on]

    assert shown(bank, "npl").value == pytest.approx(
        float(bad / sum(loan.balance_amount for loan in loans)), abs=1e-6
    )
    assert shown(bank, "new_rate", period="12m").value == pytest.approx(0.045, abs=1e-6)
    assert shown(bank, "drawn_amount", period="12m").value == pytest.approx(
        float(sum(loan.principal_amount for loan in new))
    )
    assert shown(bank, "first_loans", period="12m").value == sum(one.is_first_loan for one in new)


def test_points_follow_the_table_of_acts(bank):
    found = board(user=bank, query=BoardQuery("quarter"))
    period = period_of("quarter", AS_OF)
    days = defaultdict(list)
    for visit in Visit.objects.all():
        if in_period(visit.started_at, period) and (visit.quality is None or visit.quality >= 3):
            days[visit.manager_id, visit.started_at.astimezone(CHINA).date()].append(visit)
    first = defaultdict(int)
    for loan in Loan.objects.filter(is_first_loan=True).select_related("customer"):
        if period.from_on <= loan.drawn_on < period.until_on:
            first[loan.customer.manager_id] += 1

    for line in ranking(found):
        visits = sum(min(len(rows), 8) for (pk, _d), rows in days.items() if pk == line.manager.pk)
        assert line.points == 5 * visits + 15 * first[line.manager.pk]


def test_the_month_begins_at_midnight_in_china(db):
    load_rules()
    rm = make_user("rm")
    customer = make_customer(rm)
    make_visit(customer, by=rm, at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
    make_visit(customer, by=rm, at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))

    count_boards(as_of=AS_OF)

    assert shown(rm, "visits", period="month").rows == 1
    assert shown(rm, "visits", period="last_month").rows == 1


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(sorted(PERIODS)))
def test_a_period_is_whole_months_that_are_kept(as_of, key):
    period = period_of(key, as_of)

    assert period.first <= period.last <= ym_of(as_of)
    assert ym_of(as_of) - period.first < MONTHS_KEPT
    assert period.from_on.day == period.until_on.day == 1


@given(st.text(max_size=20))
def test_an_address_that_is_no_period_gives_the_first_one(text):
    period = period_of(text, AS_OF)

    assert ym_of(AS_OF) - MONTHS_KEPT < period.first <= period.last <= ym_of(AS_OF)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=60))
def test_the_median_of_short_stays_is_exact(days):
    spread = [sum(day == step for day in days) for step in range(len(AGES) + 1)]

    found = median([spread])

    low = sorted(days)[(len(days) - 1) // 2]
    assert found == low
    assert abs(found - middle(days)) <= max(days) - min(days)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=20))
def test_percentiles_of_a_band_have_their_middle_at_fifty(values):
    values = sorted(values)
    found = [percentile(value, values) for value in values]

    assert sum(found) / len(found) == pytest.approx(50)
    assert percentile(max(values), values) == max(found)
    assert percentile(max(values), values, "down") == min(
        percentile(value, values, "down") for value in values
    )
