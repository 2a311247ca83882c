"""One branch, one policy (a.8): written, submitted, approved by the unit above."""

import re
import threading
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection, transaction
from django.urls import reverse

from crm.core.errors import DomainError
from crm.core.models import Branch, IndustryCode
from customers.models import Customer, Territory, TerritoryMember
from marketing.models import BranchStrategy
from marketing.selectors.strategy import focus_lines, mix_lines, planned_lines
from marketing.services.goals import count_goals
from marketing.services.strategy import decide_strategy, submit_strategy, write_strategy
from products.models import UnitFocus
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.lent import TODAY, make_loan, rules

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
            "focus_sections": ["F"],
            "focus_divisions": ["19"],
            "styles": ["industry"],
            "goal_inclusive_balance": "1500",
            "goal_npl_ratio": "1.8",
        },
    )

    row = BranchStrategy.objects.get()
    assert row.focus_families == ["fixed_asset_loan"]
    assert row.focus_industries == ["F", "19"]
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


# --- places and product mix


@pytest.fixture
def park(branch):
    return Territory.objects.create(
        code="P1", name="科创园", kind="park", branch=branch, tenant_estimate=200
    )


def lent_to(branch, park):
    """One old and one new customer in the park, one outside; loans of two families this year."""
    rm = make_user("rm", branch)
    known = {"relation_state": Customer.RelationState.EXISTING}
    old = make_customer(rm, customer_since=date(2024, 3, 1), **known)
    new = make_customer(rm, customer_since=date(2026, 5, 6), **known)
    outside = make_customer(rm, customer_since=date(2026, 5, 6), **known)
    for one in (old, new):
        TerritoryMember.objects.create(customer=one, territory=park)
        make_portrait(one, loan_balance=30_000)
    make_loan(old, 300_000, family="working_capital_loan")
    make_loan(new, 500_000, family="working_capital_loan")
    make_loan(outside, 200_000, family="fixed_asset_loan")
    make_loan(outside, 900_000, family="loan", drawn_on=date(2025, 6, 1))
    branch.refresh_from_db()


def test_places_and_mix_stand_beside_what_was_planned(branch, park):
    """a.8: focus territories and product mix, actual versus plan; 800 of 1,000 thousand drawn."""
    lent_to(branch, park)
    row = BranchStrategy(
        branch=branch, year=2026, focus_territories=[park.pk], territory_plan={f"{park.pk}": 40},
        product_mix={"working_capital_loan": "0.7", "supply_chain_loan": "0.1"},
    )  # fmt: skip

    focus = focus_lines(strategy=row)
    mix = {one.family: (one.loans, one.actual, one.planned) for one in mix_lines(strategy=row)}

    assert [(one.label, one.customers, one.new, one.plan, one.balance) for one in focus] == [
        ("科创园", 2, 1, 40, 60_000)
    ]
    assert mix == {
        "working_capital_loan": (2, Decimal("0.8"), Decimal("0.7")),
        "fixed_asset_loan": (1, Decimal("0.2"), None),
        "supply_chain_loan": (0, Decimal(0), Decimal("0.1")),
    }


def test_each_number_of_a_strategy_opens_as_many_rows_as_it_says(client, branch, park):
    lent_to(branch, park)
    BranchStrategy.objects.create(
        branch=branch, year=2026, positioning="x", focus_territories=[park.pk],
        focus_industries=["F"], product_mix={"loan": "0.5"},
    )  # fmt: skip
    client.force_login(make_user("branch_head", branch))

    html = client.get(page_of(branch)).content.decode()
    links = re.findall(r'href="([^"]*/rows/[^"]*)"><span[^>]*>([\d,]+)<', html)

    assert sorted(int(shown) for _url, shown in links) == [1, 1, 2, 2]
    for url, shown in links:
        rows = client.get(unescape(url), headers={"HX-Request": "true"}).content.decode()
        assert rows.count('class="rowlink"') == int(shown), url


def test_a_number_that_the_strategy_does_not_have_opens_nothing(client, branch, park):
    BranchStrategy.objects.create(branch=branch, year=2026, focus_industries=["F"])
    client.force_login(make_user("branch_head", branch))
    rows = reverse("marketing:strategy_rows", args=[branch.pk, 2026])

    for asked in ("", f"?kind=territory&value={park.pk}", "?kind=industry&value=F&which=x",
                  "?kind=mix&value=deposit"):  # fmt: skip
        assert client.get(f"{rows}{asked}").status_code == 404, asked
    assert client.get(f"{rows}?kind=industry&value=F").status_code == 200


def test_the_rows_of_another_branch_stay_closed(client, branch, park):
    other = make_branch("海宁支行")
    BranchStrategy.objects.create(branch=other, year=2026, focus_industries=["F"])
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_rows", args=[other.pk, 2026])

    assert client.get(f"{url}?kind=industry&value=F").status_code == 404


def test_the_rows_cost_the_same_with_more_of_them(client, same_queries, branch, park):
    lent_to(branch, park)
    BranchStrategy.objects.create(branch=branch, year=2026, focus_territories=[park.pk])
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_rows", args=[branch.pk, 2026])

    same_queries(
        lambda: client.get(f"{url}?kind=territory&value={park.pk}"),
        grow=lambda: lent_to(branch, park),
    )


def test_the_form_keeps_places_their_numbers_and_the_mix(client, branch, park):
    plain = Territory.objects.create(code="M1", name="轻纺城", kind="market", branch=branch)
    grid = Territory.objects.create(code="G1", name="一号网格", kind="grid", branch=branch)
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_edit", args=[branch.pk, 2026])
    told = {"positioning": "园区银行", f"win_{park.pk}": "40", f"place_{plain.pk}": "on"}

    html = client.get(url).content.decode()
    client.post(url, told | {"mix_working_capital_loan": "62.5", "mix_loan": "37.5"})

    row = BranchStrategy.objects.get()
    assert f"place_{grid.pk}" not in html  # grid cells are everybody's
    assert sorted(row.focus_territories) == sorted([park.pk, plain.pk])
    assert row.territory_plan == {f"{park.pk}": 40}
    assert {key: Decimal(one) for key, one in row.product_mix.items()} == {
        "working_capital_loan": Decimal("0.625"),
        "loan": Decimal("0.375"),
    }
    again = client.get(url).content.decode()
    assert 'value="62.5"' in again
    assert 'value="40"' in again


def test_a_mix_of_more_than_the_whole_is_refused_with_its_sum(client, branch):
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_edit", args=[branch.pk, 2026])

    answer = client.post(url, {"positioning": "x", "mix_loan": "60", "mix_credit_card": "52"})

    assert answer.status_code == 422
    assert "112" in answer.content.decode()
    assert not BranchStrategy.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"focus_industries": ["ZZ"]}, "focus_industries"),
        ({"focus_families": ["gold"]}, "focus_families"),
        ({"focus_territories": [999_999]}, "focus_territories"),
        ({"territory_plan": {"1": 5}}, "territory_plan"),
        ({"product_mix": {"deposit": "0.2"}}, "product_mix"),
        ({"product_mix": {"loan": "nan"}}, "product_mix"),
        ({"goals": {"npl_ratio": "many"}}, "goals"),
    ],
)
def test_what_a_strategy_cannot_say_is_refused_at_its_place(branch, values, field):
    with pytest.raises(DomainError) as found:
        write_strategy(
            unit=branch, year=2026, values=VALUES | values, version=None,
            by=make_user("branch_head", branch),
        )  # fmt: skip

    assert list(found.value.fields) == [field]


def test_a_territory_of_another_branch_is_no_focus(branch):
    other = make_branch("海宁支行")
    far = Territory.objects.create(code="P9", name="远方园", kind="park", branch=other)

    with pytest.raises(DomainError):
        write_strategy(
            unit=branch, year=2026, values=VALUES | {"focus_territories": [far.pk]}, version=None,
            by=make_user("branch_head", branch),
        )  # fmt: skip


def test_approval_puts_the_places_in_force_for_matching(branch, park):
    maker = make_user("branch_head", branch)
    values = {"positioning": "园区银行", "focus_territories": [park.pk]}
    row = write_strategy(unit=branch, year=2026, values=values, version=None, by=maker)
    submit_strategy(strategy_id=row.pk, by=maker)
    assert not UnitFocus.objects.exists()

    above = make_user("branch_head", Branch.objects.get(parent=None))
    decide_strategy(strategy_id=row.pk, is_approved=True, by=above)

    assert UnitFocus.objects.get().territories == [park.pk]


@pytest.mark.parametrize("year", [0, 1999, 2999, 99_999])
def test_a_year_that_is_none_has_no_strategy_to_write(client, branch, year):
    client.force_login(make_user("branch_head", branch))
    url = reverse("marketing:strategy_edit", args=[branch.pk, year])

    answer = client.post(url, {"positioning": "x"})

    assert answer.status_code == 404
    assert client.get(page_of(branch, year)).status_code == 200
    assert not BranchStrategy.objects.exists()


def test_the_plan_of_another_year_is_not_held_against_the_figures_of_this_one(branch):
    head = make_user("branch_head", branch)
    make_loan(make_customer(make_user("rm", branch), size_class="small"), 100_000)
    count_goals(as_of=TODAY)

    def actual(year):
        row = BranchStrategy(branch=branch, year=year, goals={"inclusive_balance": "1000000"})
        return [line.actual for line, _plan in planned_lines(user=head, strategy=row, today=TODAY)]

    assert actual(2026) == [100_000]
    assert actual(2025) == [None]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_first_strategy_at_once_leave_one_and_one_is_told(branch):
    maker, told = make_user("branch_head", branch), []

    def act():
        try:
            write_strategy(unit=branch, year=2026, values=VALUES, version=None, by=maker)
        except DomainError as error:
            told.append(error.status)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    with transaction.atomic():  # not to be seen yet
        write_strategy(unit=branch, year=2026, values=VALUES, version=None, by=maker)
        other.start()
        other.join(timeout=1)  # it waits for this one
    other.join()

    assert told == [409]
    assert BranchStrategy.objects.count() == 1
