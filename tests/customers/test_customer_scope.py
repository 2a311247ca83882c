"""Who sees which customer: the interval rule equals the rule in words, for any tree of units."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.models import Branch, User
from crm.core.roles import Reach
from crm.core.services.numbering import renumber
from customers.models import Customer
from tests.factories import make_branch, make_customer, make_user

ROLES = ("rm", "team_lead", "branch_head", "risk_officer", "auditor", "sys_admin", "catalog_admin")


@st.composite
def banks(draw):
    """Parents of units, units and roles of people, keepers of customers (None: the unit's own)."""
    parents = [draw(st.integers(-1, unit - 1)) for unit in range(draw(st.integers(1, 6)))]
    unit = st.integers(0, len(parents) - 1)
    people = draw(st.lists(st.tuples(st.sampled_from(ROLES), unit), min_size=1, max_size=6))
    keeper = st.one_of(st.none(), st.integers(0, len(people) - 1))
    customers = draw(st.lists(st.tuples(keeper, unit), max_size=8))
    return parents, people, customers


def above(unit):
    """The unit and every unit above it."""
    while unit is not None:
        yield unit.pk
        unit = unit.parent


def in_words(user, customer):
    """The rule as people say it: own, unit and below, bank, none."""
    if user.duty.reach == Reach.NONE:
        return False
    if user.duty.reach == Reach.BANK:
        return True
    if user.duty.reach == Reach.OWN:
        return customer.manager_id == user.pk
    where = customer.manager.branch if customer.manager else customer.branch
    return user.branch_id in above(where)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(bank=banks())
def test_visible_to_is_the_rule_in_words_for_any_tree(bank):
    parents, people, held = bank
    Customer.objects.all().delete()
    User.objects.all().delete()
    for unit in Branch.objects.order_by("-scope_lo"):
        unit.delete()
    units = []
    for parent in parents:
        above_it = units[parent] if parent >= 0 else None
        units.append(make_branch(parent=above_it, level="" if above_it else "head_office"))
    users = [make_user(role, units[place]) for role, place in people]
    for keeper, place in held:
        make_customer(users[keeper] if keeper is not None else None, branch=units[place])
    renumber()

    for user in User.objects.all():
        seen = set(Customer.objects.visible_to(user).values_list("pk", flat=True))
        rows = Customer.objects.select_related("manager__branch", "branch")
        assert seen == {row.pk for row in rows if in_words(user, row)}, user.role


@pytest.fixture
def two_managers():
    """RM A, RM B, and a customer of B."""
    branch = make_branch()
    a, b = make_user("rm", branch), make_user("rm", branch)
    return a, b, make_customer(b, name="济南恒丰精密五金厂", uscc="91370100MA3C0XJ123")


PAGES = ["", "profile/", "holdings/", "chain/", "history/", "edit/", "panels/risk.signals/"]


@pytest.mark.parametrize("page", PAGES)
def test_rm_a_finds_nothing_at_any_page_of_rm_bs_customer(client, two_managers, page):
    """Scenario k.13; missing and foreign rows look alike."""
    a, _b, customer = two_managers
    client.force_login(a)

    foreign = client.get(f"/customers/{customer.pk}/{page}")
    missing = client.get(f"/customers/{customer.pk + 1000}/{page}")

    assert foreign.status_code == missing.status_code == 404


def test_rm_a_cannot_write_to_rm_bs_customer(client, two_managers):
    """Scenario k.13."""
    a, _b, customer = two_managers
    client.force_login(a)

    edit = client.post(f"/customers/{customer.pk}/edit/", {"name": "别人的"})
    number = client.post(
        f"/customers/{customer.pk}/identifiers/", {"kind": "other_no", "number": "12345678"}
    )
    assign = client.post("/customers/assign/", {"c": customer.pk})

    assert (edit.status_code, number.status_code, assign.status_code) == (404, 404, 403)
    customer.refresh_from_db()
    assert customer.name == "济南恒丰精密五金厂"


def test_rm_b_opens_the_page_and_the_view_is_on_record(client, two_managers):
    """ROL-4."""
    from crm.core.models import AuditEntry

    _a, b, customer = two_managers
    client.force_login(b)

    response = client.get(f"/customers/{customer.pk}/profile/")

    assert response.status_code == 200
    entry = AuditEntry.objects.get(event="customers.viewed")
    assert (entry.actor, entry.row_pk, entry.kind) == (b, str(customer.pk), "read")
