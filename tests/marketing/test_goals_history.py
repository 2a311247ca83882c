"""Growth is measured from what was: no hand-over and no new class moves a year's end (e.9)."""

from datetime import date
from decimal import Decimal

import pytest

from crm.core.models import Branch
from customers.models import CustomerAssignment
from marketing.goals import METRICS
from marketing.models import GoalCohort
from marketing.selectors.goals import counted_rows, goal_sheet
from marketing.selectors.goals_units import place_of
from marketing.services.goals import count_goals
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.lent import TODAY, make_line, make_loan, rules

BASE = date(2025, 12, 31)
OLD = {"drawn_on": date(2025, 4, 1), "matures_on": date(2028, 4, 1)}


@pytest.fixture
def bank():
    """A shop that owed 1.0m and owes 1.5m, a medium-sized mill with 2.0m, both of one branch."""
    rules()
    here, there = make_branch("南湖支行"), make_branch("海宁支行")
    anna, chen = make_user("rm", here), make_user("rm", there)
    boss = make_user("auditor", Branch.objects.get(parent=None))
    shop = make_customer(anna, party_type="sole_trader")
    mill = make_customer(anna, size_class="medium")
    for one in (shop, mill):
        CustomerAssignment.objects.create(
            customer=one, manager=anna, branch=here, during=(date(2024, 1, 1), None), reason="开户"
        )
    make_loan(shop, 1_000_000, **OLD)
    make_loan(shop, 500_000)
    make_loan(mill, 2_000_000, **OLD)
    return {"here": here, "there": there, "chen": chen, "boss": boss, "shop": shop, "mill": mill}


def told(bank, unit):
    """Inclusive now and then, all loans now and then, of one unit; in ten thousands."""
    count_goals(as_of=TODAY)
    place = place_of(bank["boss"], str(unit.pk))
    sheet = goal_sheet(user=bank["boss"], place=place, today=TODAY)
    parts = next(line for line in sheet.lines if line.metric.key == "inclusive_growth").parts
    return [
        int(one / 10_000)
        for one in (parts.top, parts.bottom, parts.whole_top, parts.whole_bottom)
    ]  # fmt: skip


def hand_over(customer, manager, on):
    CustomerAssignment.objects.filter(customer=customer).update(during=(date(2024, 1, 1), on))
    CustomerAssignment.objects.create(
        customer=customer, manager=manager, branch=manager.branch, during=(on, None), reason="移交"
    )
    manager.refresh_from_db()
    customer.manager, customer.branch, customer.scope_no = (
        manager, manager.branch, manager.scope_no
    )  # fmt: skip
    customer.save()


def test_growth_is_that_of_the_worked_example(bank):
    assert told(bank, bank["here"]) == [150, 100, 350, 300]

    growth = METRICS["inclusive_growth"].value(
        next(
            line
            for line in goal_sheet(
                user=bank["boss"], place=place_of(bank["boss"], str(bank["here"].pk)), today=TODAY
            ).lines
            if line.metric.key == "inclusive_growth"
        ).parts
    )
    assert growth == Decimal(150) / 100 - Decimal(350) / 300


def test_a_borrower_classified_anew_leaves_the_years_end_as_it_was(bank):
    before = told(bank, bank["here"])

    bank["mill"].size_class = "small"
    bank["mill"].save()

    assert told(bank, bank["here"]) == [350, *before[1:]]
    assert GoalCohort.objects.get(customer=bank["mill"]).is_small is False


def test_what_was_owed_stays_with_the_unit_that_had_the_customer_then(bank):
    hand_over(bank["shop"], bank["chen"], date(2026, 6, 1))

    assert told(bank, bank["here"]) == [0, 100, 200, 300]
    assert told(bank, bank["there"]) == [150, 0, 150, 0]


def test_a_hand_over_before_the_years_end_takes_the_base_along(bank):
    hand_over(bank["shop"], bank["chen"], date(2025, 12, 31))

    assert told(bank, bank["here"]) == [0, 0, 200, 200]
    assert told(bank, bank["there"]) == [150, 100, 150, 100]


def test_total_credit_of_the_years_end_is_that_of_the_limits_in_force_then(bank):
    """Rules 3: over the limit then, within it now: it grew into the count."""
    make_line(bank["shop"], 10_000_001, until=date(2026, 3, 31))

    assert told(bank, bank["here"]) == [150, 0, 350, 300]


def test_the_base_opens_no_rows_twice(bank):
    told(bank, bank["here"])

    _rows, count = counted_rows(
        user=bank["boss"], place=place_of(bank["boss"], ""), metric=METRICS["inclusive_growth"],
        caliber="nfra_goal", period_from=date(2026, 1, 1),
    )  # fmt: skip

    assert count == 2  # the two loans of the shop
