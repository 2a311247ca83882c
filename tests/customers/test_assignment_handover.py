"""Hand-overs: all or none, dated, and the rows follow."""

import pytest

from crm.core.errors import DomainError
from customers.models import Customer, CustomerAssignment
from customers.services.assignment import assign_customers, possible_managers, start_assignment
from tests.factories import make_branch, make_customer, make_user

DAY = "2026-11-21"


@pytest.fixture
def team():
    """A team with its leader, two managers and one of another team."""
    branch = make_branch()
    own, next_door = (make_branch(parent=branch, level="team") for _ in range(2))
    people = [make_user("team_lead", own), make_user("rm", own), make_user("rm", own)]
    people.append(make_user("rm", next_door))
    for person in people:
        person.refresh_from_db()
        person.branch.refresh_from_db()
    return people


def begun(customer, day="2026-01-05"):
    from datetime import date

    start_assignment(customer, by=None, on=date.fromisoformat(day), reason="开户")
    return customer


def test_a_hand_over_moves_the_customer_and_keeps_its_history(team):
    """ROL-5."""
    lead, old, new, _far = team
    customer = begun(make_customer(old))

    assign_customers(customer_ids=[customer.pk], manager_id=new.pk, by=lead, reason="休假交接")

    customer.refresh_from_db()
    assert (customer.manager, customer.scope_no, customer.version) == (new, new.scope_no, 2)
    assert not Customer.objects.visible_to(old).exists()
    assert Customer.objects.visible_to(new).exists()
    first, second = CustomerAssignment.objects.order_by("during")
    assert (first.manager, second.manager) == (old, new)
    assert first.during.upper == second.during.lower
    assert (second.during.upper, second.decided_by, second.reason) == (None, lead, "休假交接")


def test_a_hand_over_twice_on_one_day_leaves_one_open_span(team):
    lead, old, new, _far = team
    customer = begun(make_customer(old))

    for manager in (new, old, new, new):
        assign_customers(customer_ids=[customer.pk], manager_id=manager.pk, by=lead, reason="交接")

    spans = list(CustomerAssignment.objects.order_by("during"))
    assert [span.manager for span in spans] == [old, new]


def test_many_are_handed_over_together_or_not_at_all(team):
    lead, old, new, far = team
    mine = [begun(make_customer(old)) for _ in range(3)]
    theirs = begun(make_customer(far))

    with pytest.raises(DomainError):
        assign_customers(
            customer_ids=[*(c.pk for c in mine), theirs.pk],
            manager_id=new.pk,
            by=lead,
            reason="交接",
        )

    assert Customer.objects.filter(manager=old).count() == 3
    assert CustomerAssignment.objects.count() == 4


def test_nobody_is_handed_to_a_manager_of_another_team(team):
    lead, old, _new, far = team
    customer = make_customer(old)

    with pytest.raises(DomainError):
        assign_customers(customer_ids=[customer.pk], manager_id=far.pk, by=lead, reason="交接")

    assert far not in possible_managers(lead)


def test_a_branch_head_hands_over_across_teams(team):
    lead, old, _new, far = team
    head = make_user("branch_head", lead.branch.parent)
    customer = begun(make_customer(old))

    assign_customers(customer_ids=[customer.pk], manager_id=far.pk, by=head, reason="调整")

    customer.refresh_from_db()
    assert (customer.manager, customer.branch) == (far, far.branch)


@pytest.mark.parametrize("role", ["rm", "risk_officer", "auditor"])
def test_other_roles_hand_over_nothing(client, role):
    client.force_login(make_user(role))

    assert client.get("/customers/assign/").status_code == 403


def test_the_dialog_names_the_customers_and_the_form_moves_them(client, team):
    lead, old, new, _far = team
    chosen = [begun(make_customer(old)) for _ in range(2)]
    keys = [customer.pk for customer in chosen]
    client.force_login(lead)

    asked = client.get("/customers/assign/", {"c": keys}, headers={"HX-Request": "true"})
    done = client.post("/customers/assign/", {"c": keys, "manager": new.pk, "reason": "休假交接"})

    assert all(customer.name in asked.content.decode() for customer in chosen)
    assert done.status_code == 302
    assert Customer.objects.filter(manager=new).count() == 2


def test_an_open_form_clashes_after_a_hand_over(team):
    from customers.services.customer import Clash, change_customer

    lead, old, new, _far = team
    customer = begun(make_customer(old))
    assign_customers(customer_ids=[customer.pk], manager_id=new.pk, by=lead, reason="交接")

    with pytest.raises(Clash):
        change_customer(customer_id=customer.pk, version=1, values={"address": "甲"}, by=new)
