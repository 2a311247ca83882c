"""One branch, one policy (a.8): written, submitted, approved by the unit above."""

import pytest
from django.urls import reverse

from crm.core.errors import DomainError
from crm.core.models import Branch, IndustryCode
from customers.models import Customer
from marketing.models import BranchStrategy
from marketing.selectors.strategy import focus_lines
from marketing.services.strategy import decide_strategy, submit_strategy, write_strategy
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.lent import rules

LIST = reverse("marketing:strategies")
VALUES = {"positioning": "做小店小铺的主办银行", "focus_groups": ["self_employed"]}


@pytest.fixture
def branch():
    rules()
    return make_branch("南湖支行")


def page_of(unit, year=2026):
    return reverse("marketing:strategy", args=[unit.pk, year])


def submitted(unit, by):
    row = write_strategy(unit=unit, year=2026, values=VALUES, version=None, by=by)
    return submit_strategy(strategy_id=row.pk, by=by)


def test_a_strategy_is_approved_by_the_unit_above_and_never_by_its_maker(branch):
    """a.8: approved by the parent unit."""
    maker, peer = make_user("branch_head", branch), make_user("branch_head", branch)
    above = make_user("branch_head", Branch.objects.get(parent=None))
    row = submitted(branch, maker)

    for person in (maker, peer):
        with pytest.raises(DomainError):
            decide_strategy(strategy_id=row.pk, is_approved=True, by=person)
    row = decide_strategy(strategy_id=row.pk, is_approved=True, by=above)

    assert (row.state, row.decided_by) == ("approved", above)
    assert decide_strategy(strategy_id=row.pk, is_approved=False, by=above).state == "approved"


def test_an_empty_strategy_is_not_submitted(branch):
    maker = make_user("branch_head", branch)
    row = write_strategy(
        unit=branch, year=2026, values={"positioning": "x"}, version=None, by=maker
    )

    with pytest.raises(DomainError):
        submit_strategy(strategy_id=row.pk, by=maker)


def test_who_read_an_older_one_does_not_write_over_a_newer_one(branch):
    maker = make_user("branch_head", branch)
    first = write_strategy(unit=branch, year=2026, values=VALUES, version=None, by=maker)
    write_strategy(unit=branch, year=2026, values=VALUES, version=first.version, by=maker)

    with pytest.raises(DomainError):
        write_strategy(unit=branch, year=2026, values=VALUES, version=first.version, by=maker)


def test_what_was_sent_back_is_a_draft_with_the_note(branch):
    above = make_user("branch_head", Branch.objects.get(parent=None))
    row = submitted(branch, make_user("branch_head", branch))

    row = decide_strategy(strategy_id=row.pk, is_approved=False, note="补充数字", by=above)

    assert (row.state, row.note, row.decided_by) == ("draft", "补充数字", None)


def test_the_form_keeps_what_was_chosen(client, branch):
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_edit", args=[branch.pk, 2026])

    client.post(
        url,
        {
            "positioning": "皮革城里的设备行",
            "focus_families": ["fixed_asset_loan"],
            "focus_industries": ["19"],
            "styles": ["industry"],
            "goal_inclusive_balance": "1500",
            "goal_npl_ratio": "1.8",
        },
    )

    row = BranchStrategy.objects.get()
    assert row.focus_families == ["fixed_asset_loan"]
    assert row.focus_industries == ["19"]
    assert {key: float(value) for key, value in row.goals.items()} == {
        "inclusive_balance": 15_000_000,
        "npl_ratio": 0.018,
    }
    assert client.get(url).status_code == client.get(page_of(branch)).status_code == 200


def test_focus_counts_customers_of_the_section_the_division_and_the_group(branch):
    rm = make_user("rm", branch)
    known = {"relation_state": Customer.RelationState.EXISTING}
    shop = make_customer(rm, industry_id="5211", **known)
    make_portrait(shop, groups=["self_employed"], families=["loan"], loan_balance=50_000)
    make_portrait(make_customer(rm, industry_id="5111", **known), loan_balance=20_000)
    make_customer(rm, industry_id="3411", **known)
    assert IndustryCode.objects.get(pk="5211").section == "F"
    branch.refresh_from_db()
    row = BranchStrategy(
        branch=branch, year=2026, focus_industries=["F", "52"], focus_groups=["self_employed"],
        focus_families=["loan"],
    )  # fmt: skip

    told = [(one.customers, one.balance) for one in focus_lines(strategy=row)]

    assert told == [(2, 70_000), (1, 50_000), (1, 50_000), (1, 50_000)]


def test_a_branch_head_sees_the_own_branch_only(client, branch):
    other = make_branch("海宁支行")
    client.force_login(make_user("branch_head", branch))

    html = client.get(LIST).content.decode()

    assert "南湖支行" in html
    assert "海宁支行" not in html
    assert client.get(page_of(other)).status_code == 404


def test_htmx_gets_the_list_alone(client, branch):
    client.force_login(make_user("branch_head", branch))

    assert "<html" not in client.get(LIST, headers={"HX-Request": "true"}).content.decode()


def test_the_list_costs_the_same_with_more_units(client, same_queries, branch):
    client.force_login(make_user("auditor", Branch.objects.get(parent=None)))

    def grow():
        for _no in range(5):
            unit = make_branch()
            submitted(unit, make_user("branch_head", unit))

    same_queries(lambda: client.get(LIST), grow=grow)


@pytest.mark.parametrize("role", ["rm", "team_lead", "auditor"])
def test_other_roles_write_no_strategy(client, branch, role):
    client.force_login(make_user(role, branch))
    url = reverse("marketing:strategy_edit", args=[branch.pk, 2026])

    assert client.get(url).status_code == 403
