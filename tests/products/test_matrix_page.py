"""The grid: whose numbers, that a cell opens exactly its customers, and what it costs."""

import re
from datetime import date
from html import unescape

import pytest

from crm.core.conditions import Clause
from customers.models import Portrait
from customers.services.assignment import assign_customers
from products.models import CustomerMatch, MatchCount, Product
from products.selectors.fits import fit_rows, read_fit_query
from products.selectors.matrix import match_grid
from products.services.grid_counts import recount_scopes
from products.services.matching import match_customers, run_full
from tests.demo_bank import AS_OF
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version
from tests.products.matched import make_count, make_fit

HX = {"HX-Request": "true"}
LINK = re.compile(r'<td class="heat heat--\d"><a href="([^"]+)" title="[^"]*">(\d+)')


@pytest.fixture
def versions():
    return [make_version(make_product(code, family="deposit")) for code in ("AA01", "AA02")]


def test_an_rm_sees_own_numbers_and_a_head_the_sum_of_the_branch(versions):
    branch = make_branch()
    anna, bo, far = make_user("rm", branch), make_user("rm", branch), make_user("rm")
    head = make_user("branch_head", branch)
    for user in (anna, bo, far, head):
        user.refresh_from_db()
        user.branch.refresh_from_db()
    make_count(anna.scope_no, "growth", {versions[0]: 3, versions[1]: 1}, customers=5)
    make_count(bo.scope_no, "growth", {versions[0]: 2, versions[1]: 0}, customers=3)
    make_count(far.scope_no, "growth", {versions[0]: 9, versions[1]: 9}, customers=9)

    own, whole = (match_grid(user=user, dimension="stage") for user in (anna, head))

    assert [cell.fits for cell in own.lines[0].cells] == [3]
    assert own.customers == 5
    assert [line.total.fits for line in whole.lines] == [5, 1]
    assert whole.lines[0].cells[0].share == pytest.approx(5 / 8)


def test_a_catalogue_admin_sees_the_banks_numbers_without_a_link(client, versions):
    rm = make_user("rm")
    make_count(rm.scope_no, "growth", {versions[0]: 7}, customers=9)
    client.force_login(make_user("catalog_admin"))

    html = client.get("/products/matrix/?by=stage").content.decode()

    assert re.search(r"heat--\d\"><span title=\"78%\">7<", html)
    assert not LINK.search(html)


@pytest.mark.parametrize("role", ["sys_admin"])
def test_who_may_not_see_products_is_refused(client, role):
    client.force_login(make_user(role))

    assert client.get("/products/matrix/").status_code == 403


def test_every_cell_opens_exactly_the_customers_it_counts(client, versions):
    head = make_user("branch_head")
    rms = [make_user("rm", head.branch), make_user("rm", head.branch)]
    make_rule(versions[1], Clause("years_in_business", ">=", "3"))
    for number, stage in enumerate(("growth", "mature", "", None, "unknown", "growth")):
        customer = make_customer(rms[number % 2])
        styles = ("asset_light", "traditional")
        make_portrait(
            customer, stage=stage, asset_style=styles[number % 2], years_in_business=number
        )
    run_full(as_of=date(2026, 11, 20))

    for user in (head, *rms):
        client.force_login(user)
        for dimension in ("stage", "asset_style", "industry"):
            html = client.get("/products/matrix/", {"by": dimension}).content.decode()
            cells = LINK.findall(html)
            assert cells
            for url, number in cells:
                page = client.get(unescape(url), headers=HX).content.decode()
                assert page.count('class="rowlink"') == int(number), (user.role, url)


def test_the_rollup_counts_each_customer_once_in_each_dimension(versions):
    rm = make_user("rm")
    make_rule(versions[1], Clause("years_in_business", ">=", "3"))
    for stage in ("growth", None, "unknown"):
        make_portrait(make_customer(rm), stage=stage, years_in_business=1)
    run_full(as_of=date(2026, 11, 20))
    rm.refresh_from_db()

    for dimension in MatchCount.Dimension.values:
        grid = match_grid(user=rm, dimension=dimension)
        assert grid.customers == CustomerMatch.objects.count() == 3
        assert [line.total.fits for line in grid.lines] == [3, 0]
    stages = match_grid(user=rm, dimension="stage")
    assert [(column.value, column.customers) for column in stages.columns] == [
        ("growth", 1),
        ("unknown", 2),
    ]


def test_a_cells_list_follows_the_dimension_of_the_address(versions):
    rm = make_user("rm")
    customers = [make_customer(rm), make_customer(rm)]
    make_portrait(customers[0], asset_style="asset_light")
    for customer in customers:
        make_fit(customer, versions[0])

    rows = fit_rows(
        user=rm, version=versions[0], query=read_fit_query({"asset_style": "asset_light"})
    )

    assert [row.customer_id for row in rows] == [customers[0].pk]


def test_before_the_first_run_the_page_says_so(client):
    client.force_login(make_user("rm"))

    html = client.get("/products/matrix/").content.decode()

    assert "<table" not in html


def test_the_grid_costs_the_same_with_more_managers(client, versions, same_queries):
    head = make_user("branch_head")
    client.force_login(head)

    def grow():
        for _ in range(5):
            rm = make_user("rm", head.branch)
            make_count(rm.scope_no, "growth", {versions[0]: 2, versions[1]: 1}, customers=4)

    grow()

    same_queries(lambda: client.get("/products/matrix/?by=stage"), grow=grow)


def test_the_grid_follows_a_single_match(versions, run_jobs):
    anna, bo = make_user("rm"), make_user("rm")
    make_rule(versions[1], Clause("years_in_business", ">=", "3"))
    customers = [make_customer(anna), make_customer(anna), make_customer(bo)]
    for customer in customers:
        make_portrait(customer, stage="growth", years_in_business=1)
    run_full(as_of=date(2026, 11, 20))

    Portrait.objects.filter(customer=customers[0]).update(stage="mature", years_in_business=5)
    match_customers(customer_ids=[customers[0].pk], as_of=date(2026, 11, 21))
    run_jobs()

    for user, expected in (
        (anna, {"growth": [1, 0], "mature": [1, 1]}),
        (bo, {"growth": [1, 0]}),
    ):
        user.refresh_from_db()
        grid = match_grid(user=user, dimension="stage")
        found = {
            column.value: [line.cells[place].fits for line in grid.lines]
            for place, column in enumerate(grid.columns)
        }
        assert found == expected


def test_counting_anew_agrees_with_the_full_run(versions):
    rms = [make_user("rm"), make_user("rm")]
    make_rule(versions[1], Clause("years_in_business", ">=", "3"))
    for number in range(12):
        customer = make_customer(rms[number % 2])
        stage = ("growth", "", "mature", None)[number % 4]
        make_portrait(customer, stage=stage, years_in_business=number)
    run_full(as_of=date(2026, 11, 20))
    whole = grid_rows()

    recount_scopes(scopes={row[0] for row in whole})
    recount_scopes(scopes={row[0] for row in whole})

    assert grid_rows() == whole


def test_counting_anew_knows_a_product_that_came_back_on_sale(versions):
    make_portrait(make_customer(make_user("rm")), stage="growth")
    for status in ("on_sale", "paused", "on_sale"):
        Product.objects.filter(pk=versions[1].product_id).update(status=status)
        run_full(as_of=AS_OF)
    whole = grid_rows()

    recount_scopes(scopes={row[0] for row in whole})

    assert grid_rows() == whole


def grid_rows():
    names = ("scope_no", "dimension", "value", "customers", "versions", "fits", "score_sums")
    return [
        (*row[:-1], [round(score, 6) for score in row[-1]])
        for row in MatchCount.objects.order_by(*names[:3]).values_list(*names)
    ]


def test_a_hand_over_moves_the_customer_in_the_grid_of_both_managers(versions, run_jobs):
    """ROL-5: the list and the number beside it say the same after a hand-over."""
    branch = make_branch()
    old, new = make_user("rm", branch), make_user("rm", branch)
    leader = make_user("team_lead", branch)
    for person in (old, new, leader):
        person.refresh_from_db()
    customer = make_customer(old)
    make_portrait(customer, stage="growth")
    run_full(as_of=AS_OF)
    before = set(MatchCount.objects.values_list("scope_no", flat=True))

    assign_customers(customer_ids=[customer.pk], manager_id=new.pk, by=leader, reason="轮岗交接")
    run_jobs()

    after = set(MatchCount.objects.values_list("scope_no", flat=True))
    assert (before, after) == ({old.scope_no}, {new.scope_no})


def test_a_large_number_is_read_in_thousands(client, versions):
    rm = make_user("rm")
    make_count(rm.scope_no, "growth", {versions[0]: 12345}, customers=20000)
    client.force_login(rm)

    html = client.get("/products/matrix/?by=stage").content.decode()

    assert re.search(LINK.pattern.replace(r"(\d+)", "12,345<"), html)
