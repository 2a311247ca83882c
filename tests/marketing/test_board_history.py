"""History stays where it was made (ROL-5): hand-overs, moves of people and of whole units."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.services.numbering import place_person, renumber
from crm.core.services.org import update_branch
from customers.services.assignment import assign_customers, start_assignment
from marketing.boards.measures import MEASURES
from marketing.models import BoardCharge, OrgSpan, StageEvent
from marketing.selectors.board import board
from marketing.selectors.board_sight import BoardQuery
from marketing.services.board_counts import count_boards
from marketing.services.board_places import ALWAYS, FOREVER, Stay, Way, unit_ways
from tests.factories import head_office, make_branch, make_customer, make_user
from tests.marketing.factories import load_rules, make_opportunity, make_visit

AS_OF = date(2026, 11, 22)
OCTOBER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
MOVED = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def rules(db):
    load_rules()


def visits(user, **query):
    count_boards(as_of=AS_OF)
    found = board(user=user, query=BoardQuery("12m", **query))
    return found.shown(MEASURES["visits"]).rows


def entered(user, **query):
    found = board(user=user, query=BoardQuery("12m", **query))
    return found.shown(MEASURES["entered"]).rows


def moved_at(kind, ref, at):
    """The move that was just made happened at this time."""
    OrgSpan.objects.filter(kind=kind, ref=ref, until_at__isnull=False).update(until_at=at)
    OrgSpan.objects.filter(kind=kind, ref=ref, until_at=None).update(from_at=at)


def make_event(customer, at=OCTOBER):
    opportunity = make_opportunity(customer, at=at)
    return StageEvent.objects.create(
        customer=customer,
        opportunity=opportunity,
        to_stage="lead",
        at=at,
        scope_no=customer.scope_no,
        amount=100,
    )


def test_a_customer_handed_over_leaves_its_history_behind(rules):
    old, new = make_user("rm"), make_user("rm")
    head = make_user("auditor", head_office())
    lead = make_user("branch_head", head_office())
    customer = make_customer(old)
    start_assignment(customer, by=None, on=date(2026, 1, 1), reason="新客户")
    make_event(customer)
    make_visit(customer, by=old, at=OCTOBER)
    assign_customers(
        customer_ids=[customer.pk], manager_id=new.pk, by=lead, reason="调整", on=date(2026, 11, 2)
    )
    opportunity = StageEvent.objects.get().opportunity
    StageEvent.objects.create(
        customer=customer,
        opportunity=opportunity,
        from_stage="lead",
        to_stage="qualified",
        at=datetime(2026, 11, 5, tzinfo=UTC),
        scope_no=new.scope_no,
        days_in_stage=24,
    )

    assert visits(head, manager=old.pk) == 1
    assert visits(head, manager=new.pk) == 0
    assert entered(head, manager=old.pk) == 1
    assert entered(head, manager=new.pk) == 1


def test_renumbering_the_tree_moves_no_history(rules):
    rm = make_user("rm")
    head = make_user("auditor", head_office())
    customer = make_customer(rm)
    make_visit(customer, by=rm, at=OCTOBER)
    make_event(customer)
    before = visits(head, unit=rm.branch_id), entered(head, unit=rm.branch_id)
    for _no in range(3):
        make_user("rm", make_branch())

    renumber()

    assert (visits(head, unit=rm.branch_id), entered(head, unit=rm.branch_id)) == before == (1, 1)


def test_a_unit_that_moves_leaves_its_history_with_the_unit_above_it_then(rules):
    north, south = make_branch("北区", level="region"), make_branch("南区", level="region")
    branch = make_branch("城东支行", parent=north)
    rm = make_user("rm", branch)
    heads = {unit.pk: make_user("branch_head", unit) for unit in (north, south)}
    auditor = make_user("auditor", head_office())
    customer = make_customer(rm)
    make_visit(customer, by=rm, at=OCTOBER)

    update_branch(
        by=auditor, branch_id=branch.pk, name=branch.name, level=branch.level, parent=south,
        region_code="",
    )  # fmt: skip
    moved_at("unit", branch.pk, MOVED)
    make_visit(customer, by=rm, at=datetime(2026, 11, 10, tzinfo=UTC))
    for user in (*heads.values(), rm):
        user.refresh_from_db()
        user.__dict__.pop("_reach", None)

    assert visits(heads[north.pk]) == 1
    assert visits(heads[south.pk]) == 1
    assert visits(auditor, unit=branch.pk) == 2
    assert visits(rm) == 2


def test_a_person_who_moves_leaves_the_visits_with_the_old_team(rules):
    old, new = make_branch("一部"), make_branch("二部")
    rm = make_user("rm", old)
    auditor = make_user("auditor", head_office())
    customer = make_customer(branch=old)
    make_visit(customer, by=rm, at=OCTOBER)

    rm.branch = new
    rm.save()
    place_person(rm)
    moved_at("person", rm.pk, MOVED)
    make_visit(customer, by=rm, at=datetime(2026, 11, 10, tzinfo=UTC))

    assert visits(auditor, unit=old.pk) == 1
    assert visits(auditor, unit=new.pk) == 1
    assert visits(auditor, manager=rm.pk) == 2


def test_who_left_before_the_period_is_not_compared_in_the_old_unit(rules):
    """Visits a working day divide by who works there; the ranking holds them alone."""
    old, new = make_branch("一部"), make_branch("二部")
    gone, stays = make_user("rm", old), make_user("rm", old)
    auditor = make_user("auditor", head_office())
    for rm in (gone, stays):
        make_visit(make_customer(branch=old), by=rm, at=OCTOBER)
    make_visit(make_customer(stays), by=stays, at=datetime(2026, 11, 10, tzinfo=UTC))
    gone.branch = new
    gone.save()
    place_person(gone)
    moved_at("person", gone.pk, datetime(2026, 10, 20, tzinfo=UTC))
    count_boards(as_of=AS_OF)

    def at_work(unit, period):
        found = board(user=auditor, query=BoardQuery(period, unit=unit.pk))
        return {one.pk for one in found.managers}, found.shown(MEASURES["visits_a_day"]).value

    assert at_work(old, "last_month")[0] == {gone.pk, stays.pk}
    assert at_work(new, "last_month")[0] == {gone.pk}
    assert at_work(old, "month") == ({stays.pk}, pytest.approx(1 / 15))  # to Friday 20 November
    assert at_work(new, "month")[0] == {gone.pk}


def test_every_moment_of_every_customer_is_in_exactly_one_charge(rules):
    lead = make_user("branch_head", head_office())
    people = [make_user("rm") for _no in range(3)]
    customer = make_customer(people[0])
    start_assignment(customer, by=None, on=date(2026, 2, 1), reason="新客户")
    lead.branch.refresh_from_db()
    for day, person in ((date(2026, 5, 1), people[1]), (date(2026, 8, 1), people[2])):
        assign_customers(
            customer_ids=[customer.pk], manager_id=person.pk, by=lead, reason="调整", on=day
        )

    count_boards(as_of=AS_OF)

    rows = list(BoardCharge.objects.order_by("from_at").values_list("from_at", "until_at"))
    assert rows[0][0] == ALWAYS
    assert rows[-1][1] == FOREVER
    assert [row[1] for row in rows[:-1]] == [row[0] for row in rows[1:]]
    assert len(rows) == 3


@st.composite
def moving_trees(draw):
    """Units with random parents above them, which change at random times."""
    count = draw(st.integers(2, 9))
    units = {1: [Stay(ALWAYS, FOREVER, None)]}
    for unit in range(2, count + 1):
        cuts = sorted(draw(st.sets(st.integers(1, 28), max_size=3)))
        edges = [ALWAYS, *(datetime(2026, 6, day, tzinfo=UTC) for day in cuts), FOREVER]
        units[unit] = [
            Stay(low, high, draw(st.integers(1, unit - 1))) for low, high in pairwise(edges)
        ]
    return units


@given(moving_trees(), st.integers(1, 28))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_at_every_moment_a_unit_hangs_in_one_chain_of_parents(units, day):
    at = datetime(2026, 6, day, 12, tzinfo=UTC)

    ways = unit_ways(units)

    for unit, rows in ways.items():
        held = [way for way in rows if way.from_at <= at < way.until_at]
        assert len(held) == 1
        chain = held[0].path
        assert chain[0] == 1
        assert chain[-1] == unit
        for above, below in pairwise(chain):
            stay = next(s for s in units[below] if s.from_at <= at < s.until_at)
            assert stay.above == above
        assert all(isinstance(way, Way) for way in rows)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.data())
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_unit_is_the_sum_of_its_children_in_any_tree(rules, parents, data):
    """Totals of a branch = its own rows and those of its children, to the cent."""
    units = [head_office()]
    for number in parents:
        units.append(make_branch(parent=units[min(number, len(units) - 1)]))
    for unit in units:
        rm = make_user("rm", unit)
        for no in range(data.draw(st.integers(0, 2))):
            customer = make_customer(rm)
            make_opportunity(customer, amount=data.draw(st.integers(0, 10**7)) + no / 100)
    auditor = make_user("auditor", head_office())
    count_boards(as_of=AS_OF)

    def total(unit):
        shown = board(user=auditor, query=BoardQuery("month", unit=unit.pk)).shown(
            MEASURES["open_amount"]
        )
        return shown.rows, shown.value

    for unit in units:
        children = [total(child) for child in unit.children.all()]
        own = board(user=auditor, query=BoardQuery("month", unit=unit.pk))
        people = [
            own.of_manager(MEASURES["open_amount"], person.pk)
            for person in unit.people.filter(role="rm")
        ]
        rows, value = total(unit)
        assert rows == sum(n for n, _v in children) + sum(one.rows for one in people)
        assert round(value * 100) == sum(round(v * 100) for _n, v in children) + sum(
            round(one.value * 100) for one in people
        )
