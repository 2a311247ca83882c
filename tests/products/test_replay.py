"""A changed rule set against today's customers: who enters, who leaves, and who may see them."""

from datetime import date

import pytest
from django.urls import reverse

from customers.models import Customer, Portrait
from products.selectors.replay import changed_customers, replay
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version

DAY = date(2026, 11, 22)
FROM_5 = {"feature": "employees", "op": ">=", "value": 5}
FROM_8 = {"feature": "employees", "op": ">=", "value": 8}
TRADE = {"feature": "industry_code", "op": "starts", "value": ["52"]}


@pytest.fixture
def branches():
    return make_branch("东支行"), make_branch("西支行")


@pytest.fixture
def people(branches):
    """A manager in each branch; staff of 4, 6 and 9 heads each, and one of unknown size."""
    managers = [make_user("rm", branch) for branch in branches]
    for manager in managers:
        for heads in (4, 6, 9, None):
            customer = make_customer(manager)
            make_portrait(customer, employees=heads, industry_code="5211", red_flags=[])
    return managers


@pytest.fixture
def versions():
    """Version 1 asks for five heads; the draft asks for eight."""
    product = make_product("PY09", family="payroll")
    first, second = make_version(product), make_version(product, state="draft")
    make_rule(first, FROM_5, code="heads")
    make_rule(second, FROM_8, code="heads", text_zh="从业人数 8 人以上")
    return first, second


def test_a_stricter_rule_names_how_many_leave_and_by_which_rule(people, versions):
    found = replay(versions[1], user=make_user("catalog_admin"), as_of=DAY)

    assert found.base == versions[0]
    assert (found.whole.before.passed, found.whole.after.passed) == (4, 2)
    assert (found.whole.entering, found.whole.leaving) == (0, 2)
    assert found.whole.after.unknown == 2
    assert found.reasons == [("从业人数 8 人以上", 2)]


def test_groups_add_up_to_the_whole(people, versions, branches):
    found = replay(versions[1], user=make_user("catalog_admin"), as_of=DAY)

    assert [(one.label, one.leaving) for one in found.branches] == [("东支行", 1), ("西支行", 1)]
    assert sum(one.leaving for one in found.industries) == found.whole.leaving


def test_a_team_counts_for_its_branch(versions, branches):
    team = make_branch("一部", parent=branches[0], level="team")
    make_portrait(make_customer(make_user("rm", team)), employees=6)

    found = replay(versions[1], user=make_user("catalog_admin"), as_of=DAY)

    assert [one.label for one in found.branches] == ["东支行"]


def test_a_looser_rule_lets_customers_enter(people, versions):
    rule = versions[1].rules.get()
    rule.condition = {"any": [FROM_5, {"feature": "employees", "op": "missing"}]}
    rule.save()

    found = replay(versions[1], user=make_user("catalog_admin"), as_of=DAY)

    assert (found.whole.entering, found.whole.leaving) == (2, 0)


def test_the_first_version_of_a_product_lets_in_everybody_who_passes(people):
    version = make_version(make_product("PY10", family="payroll"), state="draft")
    make_rule(version, FROM_5)

    found = replay(version, user=make_user("catalog_admin"), as_of=DAY)

    assert found.base is None
    assert (found.whole.entering, found.whole.before.passed) == (4, 0)


def test_a_version_in_force_is_set_against_the_one_before_that_was_in_force(people):
    product = make_product("PY12", family="payroll")
    first = make_version(product, state="superseded")
    make_version(product, state="withdrawn", effective_from=None)  # a draft that was given up
    third = make_version(product)
    make_rule(first, FROM_5)
    make_rule(third, FROM_8)

    found = replay(third, user=make_user("catalog_admin"), as_of=DAY)

    assert found.base == first
    assert (found.whole.entering, found.whole.leaving) == (0, 2)


def test_a_version_without_rules_lets_everybody_pass(people, versions):
    versions[1].rules.all().delete()

    found = replay(versions[1], user=make_user("catalog_admin"), as_of=DAY)

    assert found.whole.after.passed == 8


def test_red_flags_count_on_both_sides_of_a_credit(people):
    product = make_product("WC99")
    first, second = make_version(product), make_version(product, state="draft")
    make_rule(first, FROM_8)
    make_rule(second, FROM_5)
    flagged = Portrait.objects.filter(employees=6).first()
    Portrait.objects.filter(pk=flagged.pk).update(red_flags=["overdue"])

    found = replay(second, user=make_user("catalog_admin"), as_of=DAY)

    assert found.whole.entering == 1


def test_a_manager_sees_the_numbers_and_names_of_own_customers_only(people, versions):
    found = replay(versions[1], user=people[0], as_of=DAY)
    _page, rows = changed_customers(versions[1], user=people[0], side="leave", as_of=DAY)

    assert found.whole.total == 4
    assert [customer.manager for customer, _way in rows] == [people[0]]
    assert rows[0][1] == "从业人数 8 人以上"


def test_lists_of_customers_are_for_roles_that_have_customers(people, versions, client):
    url = reverse("products:replay_customers", args=["PY09", 2, "leave"])

    versions[1].__class__.objects.filter(pk=versions[1].pk).update(state="submitted")

    client.force_login(make_user("catalog_admin"))
    assert client.get(url).status_code == 403
    client.force_login(make_user("auditor"))
    assert len(client.get(url).context["rows"]) == 2


def test_the_list_has_pages(people):
    product = make_product("PY11", family="payroll")
    first, second = make_version(product), make_version(product, no=2, state="submitted")
    make_rule(first, FROM_5)
    make_rule(second, FROM_8)
    for _ in range(55):
        make_portrait(make_customer(people[0]), employees=6)
    page, rows = changed_customers(second, user=people[0], side="leave", as_of=DAY)

    rest, others = changed_customers(
        second, user=people[0], side="leave", as_of=DAY, place=page.next
    )

    assert (len(rows), len(others)) == (50, 6)
    assert not {c.pk for c, _way in rows} & {c.pk for c, _way in others}
    assert rest.next is None


def test_a_list_costs_as_many_queries_for_more_customers(people, versions, same_queries):
    def act():
        changed_customers(versions[1], user=people[0], side="leave", as_of=DAY)

    same_queries(
        act, grow=lambda: [make_portrait(make_customer(people[0]), employees=6) for _ in range(5)]
    )


def test_replay_is_a_page_and_a_fragment(people, versions, client):
    client.force_login(make_user("catalog_admin"))
    url = reverse("products:replay", args=["PY09", 2])

    page = client.get(url)
    fragment = client.get(url, headers={"HX-Request": "true"})

    assert page.status_code == fragment.status_code == 200
    assert b"<html" in page.content and b"<html" not in fragment.content
    assert Customer.objects.count() == 8
