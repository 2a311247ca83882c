"""Penetration (e.8, k.16): our customers over the market, each number with the rows behind it."""

from datetime import date

import pytest

from crm.core.models import User
from customers.models import Territory, TerritoryMember
from marketing.market.cells import DIMENSIONS
from marketing.models import MarketCount
from marketing.selectors.penetration import (
    Cell,
    Market,
    Ours,
    cell_customers,
    market_grid,
    top_cells,
)
from marketing.selectors.survey import MarketCell, Standing
from marketing.services.board_refresh import ask_moved_counts
from marketing.services.market_counts import ask_count, count_market
from marketing.views.market import address
from tests.factories import head_office, make_branch, make_customer, make_user
from tests.marketing.factories import load_rules
from tests.marketing.market_rows import (
    TODAY,
    lines,
    make_firm,
    make_industries,
    make_region,
    make_survey,
    make_trader,
)

FINE = Standing(0, is_old=False, is_doubtful=False)


@pytest.fixture(autouse=True)
def rules(db) -> None:
    load_rules()
    make_industries()


def cell(**fields) -> Cell:
    """A cell of 200 operators, 10 of them ours, in a bank that averages 8 %."""
    given = {
        "dimension": "kind", "place": "330402", "value": "catering",
        "market": MarketCell(200, None, None), "ours": Ours(known=15, holders=10), "bank": 10,
        "view": "holders", "standing": FINE, "average": 0.08, "expected": 1000.0,
    } | fields  # fmt: skip
    return Cell(**given)


def test_the_worked_example_of_the_index():
    found = cell()

    assert found.penetration == 0.05
    assert found.missing == 6
    assert found.index == pytest.approx((0.08 - 0.05) * 200 * 1000)
    assert found.ours.prospects == 5


def test_new_customers_are_held_against_new_registrations_where_they_are_known():
    known = cell(market=MarketCell(200, 40, None), ours=Ours(15, 10, 4, new_holders=6))

    assert known.share_of_new == 0.15
    assert cell().share_of_new is None


def test_a_cell_above_the_average_is_no_campaign_even_where_customers_cost_money():
    assert not cell(bank=30, expected=-500.0).is_worth  # two minuses
    assert not cell(expected=-500.0).is_worth
    assert not cell(expected=None).is_worth
    assert cell().is_worth


def market_of(user) -> Market:
    return Market(user=user, today=TODAY)


def test_penetration_is_customers_over_the_survey_count_for_each_kind():
    region, rm = make_region(), make_user("rm")
    make_survey(rm.branch, region, lines("kind", catering=40, other_services=10))
    for _no in range(3):
        make_firm(rm, region, "catering")
    make_firm(rm, region, "catering", holds=False)
    make_firm(rm, region, "other_services", loan_balance=50_000)
    make_firm(rm, region, "catering", size_class="large")  # not a small firm
    make_trader(rm, region)  # no firm at all
    count_market(as_of=TODAY)

    found = {one.value: one for one in market_of(rm).cells("kind")}

    assert found["catering"].penetration == 3 / 40
    assert found["catering"].ours == Ours(known=4, holders=3)
    assert found["other_services"].penetration == 1 / 10
    assert found["catering"].average == 4 / 50
    credit = {one.value: one for one in market_of(rm).cells("kind", "borrowers")}
    assert (credit["catering"].count, credit["other_services"].count) == (0, 1)


def test_a_survey_older_than_eighteen_months_is_flagged():
    region, rm = make_region(), make_user("rm")
    make_survey(rm.branch, region, lines("kind", catering=40), as_of=date(2025, 5, 1))

    (found,) = market_of(rm).cells("kind")

    assert found.standing.is_old
    assert found.standing.is_flagged


def test_a_city_counts_the_customers_of_its_counties():
    county, other, rm = make_region("330402"), make_region("330481", "海宁市"), make_user("rm")
    make_survey(rm.branch, county.parent, lines("kind", catering=100))
    make_firm(rm, county, "catering")
    make_firm(rm, other, "catering")
    make_firm(rm, make_region("330106", "西湖区"), "catering")
    count_market(as_of=TODAY)

    (found,) = market_of(rm).cells("kind")

    assert found.count == 2
    assert set(_rows(rm, found, "holders").values_list("region", flat=True)) == {
        "330402", "330481"
    }  # fmt: skip


def _rows(user, found: Cell, which: str):
    return cell_customers(
        user=user,
        dimension=found.dimension,
        place=found.place,
        value=found.value,
        which=which,
        as_of=TODAY,
    )


def busy_market():
    """Customers of every kind with two managers, all cells surveyed."""
    region, near = make_region(), make_region("330411", "秀洲区")
    branch = make_branch()
    one, two = make_user("rm", branch), make_user("rm", branch)
    territory = Territory.objects.create(code="PARK1", name="园区", kind="park", branch=branch)
    counts = lines("kind", catering=50, other_services=60)
    counts += lines("trade", F=80, **{"62": 20}) + lines(
        "age", **{"<25": 9, "35-44": 30, "55+": 11}
    )
    for place in (region, near):
        make_survey(branch, place, counts)
    make_survey(branch, region, lines("kind", catering=30) + lines("age", **{"55+": 5}),
                territory=territory)  # fmt: skip
    for no in range(12):
        who, place = (one, two)[no % 2], (region, near)[no % 3 == 0]
        since = date(2026, 3, 1) if no % 4 else date(2020, 1, 1)
        firm = make_firm(
            who, place, ("catering", "other_services")[no % 5 > 2], holds=no % 3 > 0,
            customer_since=since, loan_balance=1000 * (no % 2), contribution_12m=100.0 * no,
            size_class=("small", "micro", "medium", "unknown")[no % 4],
        )  # fmt: skip
        make_trader(
            who, place, holds=no % 2 > 0, industry_id=("5211", "62", "F", None)[no % 4],
            controller_age=(None, 22, 24, 25, 34, 35, 44, 45, 54, 55, 80, 40)[no],
            customer_since=since, contribution_12m=50.0,
        )  # fmt: skip
        if no % 2:
            TerritoryMember.objects.create(customer=firm, territory=territory)
    make_customer(one, region=region, party_type="individual")
    count_market(as_of=TODAY)
    return one, branch


@pytest.mark.parametrize("role", ["rm", "team_lead", "auditor"])
def test_every_number_of_every_cell_opens_exactly_its_customers(role):
    manager, branch = busy_market()
    user = manager if role == "rm" else make_user(role, branch)
    market = market_of(user)

    for dimension in (one.key for one in DIMENSIONS):
        cells = market.cells(dimension)
        assert cells, dimension
        for one in cells:
            told = {
                "known": one.ours.known,
                "holders": one.ours.holders,
                "borrowers": one.ours.borrowers,
                "new": one.ours.new_holders,
                "prospects": one.ours.prospects,
            }
            opened = {which: _rows(user, one, which).count() for which in told}
            assert opened == told, (dimension, one.place, one.value)


def test_new_customers_are_those_of_the_day_of_the_count_and_so_are_the_rows(client):
    rm, region = make_user("rm"), make_region()
    make_survey(rm.branch, region, lines("kind", catering=40))
    make_firm(rm, region, "catering", customer_since=date(2020, 3, 1))
    count_market(as_of=date(2020, 11, 20))
    client.force_login(rm)

    (found,) = market_of(rm).cells("kind")
    html = client.get(address(found, "new")).content.decode()

    assert found.ours.new_holders == html.count("rowlink") == 1


def test_nothing_is_told_by_the_numbers_of_a_tree_that_is_no_more(run_jobs):
    """A new unit gives every unit behind it other numbers: the count was of somebody else's."""
    manager, _branch = busy_market()
    auditor = make_user("auditor", head_office())
    run_jobs()
    known = [one.ours.known for one in market_of(manager).cells("party")]
    whole = [one.ours.known for one in market_of(auditor).cells("party")]

    make_branch()
    manager = User.objects.get(pk=manager.pk)
    after = market_of(manager)
    ask_moved_counts()
    run_jobs()

    assert sum(known) > 0
    assert after.cells("party") == []
    assert not market_grid(market=after, dimension="party", view="holders").is_current
    assert [one.ours.known for one in market_of(auditor).cells("party")] == whole
    assert [one.ours.known for one in market_of(manager).cells("party")] == known


def test_a_manager_counts_own_customers_and_the_branch_counts_all_of_them():
    manager, branch = busy_market()
    lead = make_user("team_lead", branch)

    mine = sum(one.ours.known for one in market_of(manager).cells("party"))
    ours = sum(one.ours.known for one in market_of(lead).cells("party"))

    assert 0 < mine < ours
    assert market_of(manager).average("party", "holders") == market_of(lead).average(
        "party", "holders"
    )


def test_the_gap_is_the_banks_whoever_looks():
    manager, branch = busy_market()
    lead = make_user("team_lead", branch)

    def gaps(user):
        return {(c.place, c.value): c.missing for c in market_of(user).cells("kind")}

    assert gaps(manager) == gaps(lead)
    assert all(one.bank >= one.count for one in market_of(manager).cells("kind"))


def test_only_surveyed_places_and_trades_are_counted():
    busy_market()
    rm = make_user("rm")
    make_trader(rm, make_region("330481", "海宁市"), industry_id="5211")

    count_market(as_of=TODAY)

    assert set(MarketCount.objects.values_list("place", flat=True)) == {
        "330402", "330411", "PARK1"
    }  # fmt: skip
    trades = MarketCount.objects.filter(dimension="trade").values_list("value", flat=True)
    assert set(trades) == {"F", "62"}


def test_counting_twice_gives_the_same_rows():
    busy_market()
    before = set(
        MarketCount.objects.values_list("scope_no", "dimension", "place", "value", "known")
    )

    count_market(as_of=TODAY)

    after = set(MarketCount.objects.values_list("scope_no", "dimension", "place", "value", "known"))
    assert after == before


def test_a_count_asked_for_twice_is_one_job_and_a_worker_does_it(run_jobs):
    rm, region = make_user("rm"), make_region()
    make_firm(rm, region, "catering")
    make_survey(rm.branch, region, lines("kind", catering=10))  # asks for a count itself

    first, second = ask_count(), ask_count()
    run_jobs()

    assert first.pk == second.pk
    assert MarketCount.objects.filter(dimension="kind", value="catering").exists()


def test_the_best_gaps_come_first_and_no_more_than_the_parameter_says():
    manager, _branch = busy_market()
    market = market_of(manager)

    found = top_cells(market=market, dimensions=("kind", "trade", "age", "territory"))

    assert found
    assert len(found) <= 20
    assert [one.index for one in found] == sorted((one.index for one in found), reverse=True)
    assert all(one.is_worth for one in found)


def test_the_grid_has_the_surveyed_places_and_values_and_says_its_age():
    manager, _branch = busy_market()

    grid = market_grid(market=market_of(manager), dimension="age", view="holders")

    assert [code for code, _name in grid.places] == ["330402", "330411"]
    assert [value for value, _label in grid.values] == ["<25", "35-44", "55+"]
    assert grid.counted_at is not None
    assert len(grid.surveys) == 2
