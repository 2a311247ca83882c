"""The pages of the board: who sees what, fragments, queries, the file, the refresh, the API."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from crm.core.models import AuditEntry, Job, RuleParameter, User
from crm.core.roles import Can
from customers.models import Loan, Portrait, Territory, TerritoryMember
from marketing.boards.measures import MEASURES
from marketing.boards.spec import Narrow
from marketing.boards.tiles import GROUPS
from marketing.models import BoardRun, BranchStrategy, Visit
from marketing.selectors.board import board, is_hidden
from marketing.selectors.board_rows import board_rows
from marketing.selectors.board_sight import BoardQuery, read_board_query
from marketing.selectors.board_strategy import strategy_of
from marketing.services import board_counts
from marketing.services.board_counts import count_boards
from tests.factories import head_office, make_branch, make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules, make_opportunity, make_visit

AS_OF = date(2026, 11, 22)
URL = "/marketing/board/"
ROWS = "/marketing/board/rows/"


@pytest.fixture
def rules(db):
    load_rules()


@pytest.fixture
def branch(rules):
    """A branch with two managers, a customer, a visit and an opportunity each; counted."""
    unit = make_branch("城东支行")
    people = [make_user("rm", unit, full_name=name) for name in ("李敏", "王海")]
    for person in people:
        customer = make_customer(person, name=f"{person.full_name}的客户")
        make_portrait(customer, loan_balance=1e5, families_held=2, spread_income=1234.5)
        make_visit(customer, by=person, at=datetime(2026, 11, 10, tzinfo=UTC))
        make_opportunity(customer, amount=500_000)
    count_boards(as_of=AS_OF)
    return SimpleNamespace(
        unit=unit,
        people=people,
        head=make_user("branch_head", unit),
        auditor=make_user("auditor", head_office()),
    )


def page(client, user, url=URL, **headers):
    client.force_login(user)
    return client.get(url, **headers).content.decode()


def test_a_manager_sees_own_board_only(client, branch):
    mine, other = branch.people

    html = page(client, mine, ROWS + "?period=month&show=visits")

    assert f"{mine.full_name}的客户" in html
    assert f"{other.full_name}的客户" not in html
    found = board(user=mine, query=BoardQuery("month"))
    assert found.shown(MEASURES["visits"]).rows == 1
    assert [one.pk for one in found.managers] == [mine.pk]


def test_a_branch_head_sees_the_own_subtree_and_an_auditor_the_bank(branch):
    stranger = make_user("rm")
    make_visit(make_customer(stranger), by=stranger, at=datetime(2026, 11, 11, tzinfo=UTC))
    count_boards(as_of=AS_OF)

    def visits(user):
        user = User.objects.get(pk=user.pk)  # the tree has other numbers by now
        return board(user=user, query=BoardQuery("month")).shown(MEASURES["visits"]).rows

    assert visits(branch.head) == 2
    assert visits(branch.auditor) == 3
    assert visits(stranger) == 1


@pytest.mark.parametrize("role", ["catalog_admin", "sys_admin"])
def test_who_sees_no_field_work_has_no_board(client, rules, role):
    client.force_login(make_user(role))

    assert client.get(URL).status_code == 403
    assert client.get(ROWS).status_code == 403
    assert client.get("/api/v1/board/").status_code == 403


def test_the_filters_move_only_the_board(client, branch):
    html = page(client, branch.head, URL + "?period=month", headers={"HX-Request": "true"})
    ranks = page(client, branch.head, URL + "ranking/", headers={"HX-Request": "true"})

    assert "<html" not in html
    assert "/board/ranking/?period=month" in html
    assert "<html" not in ranks
    assert "李敏" in ranks


def test_the_board_costs_the_same_with_more_of_everything(client, branch, same_queries):
    client.force_login(branch.head)

    def more():
        for _no in range(3):
            rm = make_user("rm", branch.unit)
            customer = make_customer(rm)
            make_visit(customer, by=rm, at=datetime(2026, 11, 12, tzinfo=UTC))
            make_opportunity(customer)
        count_boards(as_of=AS_OF)

    same_queries(lambda: client.get(URL + "?period=12m&industry=F"), grow=more)


def test_the_board_costs_at_most_25_queries(client, branch, django_assert_max_num_queries):
    client.force_login(branch.head)
    client.get(URL)

    with django_assert_max_num_queries(25):
        client.get(URL + "?period=12m&group=micro_small")


def test_the_list_of_rows_costs_the_same_with_more_rows(client, branch, same_queries):
    client.force_login(branch.head)
    customer = branch.people[0].customers.get()

    same_queries(
        lambda: client.get(ROWS + "?period=month&show=visits"),
        grow=lambda: [make_visit(customer, at=timezone.now()) for _no in range(5)],
    )


def test_a_list_goes_on_page_by_page(client, branch):
    rm = branch.people[0]
    customer = rm.customers.get()
    for no in range(60):
        make_visit(customer, by=rm, at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=no))
    count_boards(as_of=AS_OF)

    first = page(client, branch.head, ROWS + "?period=month&show=visits")
    found = board_rows(user=branch.head, query=BoardQuery("month"), measure=MEASURES["visits"])
    rest = board_rows(
        user=branch.head,
        query=BoardQuery("month"),
        measure=MEASURES["visits"],
        place=found.next,
    )

    assert 'data-rows="62"' in first
    assert len(found.rows) == 50
    assert len(rest.rows) == 12
    assert {row.key for row in found.rows}.isdisjoint(row.key for row in rest.rows)


def test_a_filter_that_means_nothing_to_a_tile_is_told(client, branch):
    html = page(client, branch.head, URL + "?mode=active")

    assert "未按此筛选：营销方式" in html


def test_a_customer_in_other_hands_is_told_without_its_name(client, branch):
    old, _other = branch.people
    away = make_user("rm")
    customer = old.customers.get()
    customer.manager, customer.branch, customer.scope_no = away, away.branch, away.scope_no
    customer.save()

    html = page(client, old, ROWS + "?period=month&show=visits")

    assert "已转出" in html
    assert customer.name not in html
    assert Visit.objects.get(customer=customer).whom_met not in html


def test_an_auditor_is_told_no_sum_over_a_few_rows(client, branch):
    found = board(user=branch.auditor, query=BoardQuery("month"))
    shown = found.shown(MEASURES["open_amount"])

    api = client
    client.force_login(branch.auditor)
    body = api.get("/api/v1/board/?period=month").json()
    numbers = [
        number
        for tile in body["tiles"]
        for line in tile["lines"]
        for number in line["numbers"]
        if number["measure"] == "open_amount" and not number["cut"]
    ]

    assert shown.rows == 2
    assert is_hidden(branch.auditor, shown)
    assert not is_hidden(branch.head, shown)
    assert numbers[0]["value"] is None


def test_a_role_with_numbers_alone_is_told_no_small_count(branch):
    found = board(user=branch.head, query=BoardQuery("month"))
    shown = found.shown(MEASURES["visits"])
    numbers_only: Any = SimpleNamespace(can=lambda ability: ability == Can.VIEW_BOARD)

    assert is_hidden(numbers_only, shown)


def test_the_file_has_a_sheet_a_group_real_numbers_and_says_who_took_it(client, branch):
    BranchStrategy.objects.create(
        branch=branch.unit, year=2026, product_mix={"loan": "0.8"}, state="approved"
    )
    client.force_login(branch.head)

    response = client.get(reverse("marketing:board_export") + "?period=month")

    book = load_workbook(io.BytesIO(response.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert len(book.sheetnames) == len(GROUPS)
    assert any(branch.head.username in text for text in texts)
    assert any("本月" in text for text in texts)
    assert 1_000_000 in [cell.value for cell in cells]
    assert [cell.value for cell in list(book.worksheets[-1].rows)[-1]][4] == 0.8  # planned
    assert AuditEntry.objects.filter(event="marketing.board_exported").count() == 1


def test_a_refresh_is_one_job_and_not_again_within_minutes(client, branch, run_jobs):
    client.force_login(branch.head)
    BoardRun.objects.update(computed_at=timezone.now() - timedelta(hours=2))

    client.post(reverse("marketing:board_refresh"))
    client.post(reverse("marketing:board_refresh"))
    run_jobs()
    client.post(reverse("marketing:board_refresh"))

    assert Job.objects.filter(kind="boards.count").count() == 1
    assert BoardRun.objects.count() == 2
    assert not BoardRun.objects.latest("computed_at").is_full


def test_before_the_first_count_the_board_says_so(client, rules):
    html = page(client, make_user("branch_head"))

    assert "尚未" in html


def test_an_address_nobody_can_read_is_no_error(client, branch):
    client.force_login(branch.head)
    odd = "?period=2026-99..x&unit=x&manager=99999999999&territory=%20&industry=%27&sort=-x"

    assert client.get(URL + odd).status_code == 200
    assert client.get(ROWS + odd + "&show=visits&cut=%25&after=abc").status_code == 200
    assert client.get(ROWS + "?show=nothing").status_code == 404
    assert read_board_query({"unit": "-1"}).unit is None


def test_a_manager_of_another_unit_cannot_be_talked_about(client, branch):
    stranger = make_user("rm")
    client.force_login(branch.head)

    own = client.get(reverse("marketing:board_manager", args=[branch.people[0].pk]))
    other = client.get(reverse("marketing:board_manager", args=[stranger.pk]))

    assert own.status_code == 200
    assert other.status_code == 404


def test_the_ranking_can_be_sorted_by_any_column(client, branch):
    client.force_login(branch.head)

    html = client.get(URL + "ranking/?period=month&sort=-visits").content.decode()
    turned = client.get(URL + "ranking/?period=month&sort=name").content.decode()

    assert 'aria-sort="descending"' in html
    assert 'aria-sort="ascending"' in turned


def test_the_strategy_of_the_unit_stands_beside_what_came_of_it(client, branch):
    customer = branch.people[0].customers.get()
    Loan.objects.create(
        customer=customer, loan_no="L1", family="loan", principal_amount=300_000,
        balance_amount=1, rate="0.04", drawn_on=date(2026, 3, 2), matures_on=date(2027, 3, 2),
        repayment_mode="bullet", guarantee_mode="credit", five_class="normal",
    )  # fmt: skip
    park = Territory.objects.create(code="P1", name="五金园", kind="park", branch=branch.unit)
    TerritoryMember.objects.create(customer=customer, territory=park)
    BranchStrategy.objects.create(
        branch=branch.unit, year=2026, positioning="服务五金园", focus_families=["loan"],
        focus_territories=[park.pk], product_mix={"loan": "0.8"}, state="approved",
    )  # fmt: skip
    count_boards(as_of=AS_OF)

    html = page(client, branch.head, URL + f"?unit={branch.unit.pk}")

    assert "服务五金园" in html
    assert html.count("30 万元") >= 2  # of the family and of the place
    assert f"territory={park.pk}" in html
    assert "80%" in html  # planned of the mix, beside what was drawn


def test_the_strategy_of_a_wide_unit_is_narrowed_to_the_manager_its_rows_are_of(
    branch, monkeypatch
):
    """e.7: every number opens its rows, under every filter."""
    monkeypatch.setattr(board_counts, "WIDE", 1)
    Portrait.objects.update(groups=["micro_small"])
    BranchStrategy.objects.create(
        branch=branch.unit, year=2026, focus_groups=["micro_small"], state="approved"
    )
    count_boards(as_of=AS_OF)

    def told(**which):
        query = BoardQuery("month", unit=branch.unit.pk, **which)
        shown = strategy_of(board=board(user=branch.head, query=query)).lines[0].cells[0]
        asked = replace(query, period="year", narrow={Narrow.GROUP: "micro_small"})
        return shown.rows, board_rows(user=branch.head, query=asked, measure=shown.measure).count

    assert told() == (2, 2)
    assert told(manager=branch.people[0].pk) == (1, 1)


def test_the_territory_that_narrows_a_board_is_named(client, branch):
    park = Territory.objects.create(code="P1", name="五金园", kind="park", branch=branch.unit)

    html = page(client, branch.head, f"{URL}?territory={park.pk}", headers={"HX-Request": "true"})

    assert "五金园" in html  # the bar of filters is no part of what moves


def test_the_api_says_the_numbers_of_the_page_and_opens_their_rows(client, branch):
    client.force_login(branch.head)

    body = client.get("/api/v1/board/?period=month").json()
    rows = client.get("/api/v1/board/rows/?period=month&show=visits").json()

    numbers = {
        number["measure"]: number
        for tile in body["tiles"]
        for line in tile["lines"]
        for number in line["numbers"]
    }
    assert numbers["visits"]["value"] == rows["count"] == len(rows["results"]) == 2
    assert len(body["managers"]) == 2
    assert RuleParameter.objects.exists()


def test_a_head_sees_the_numbers_at_a_glance_on_the_home_page(client, branch):
    glance = reverse("core:home_panel", args=["marketing.board"])

    html = page(client, branch.head, glance)
    home = page(client, branch.head, reverse("core:home"))

    found = board(user=branch.head, query=BoardQuery())
    borrowers = found.shown(MEASURES["borrowers"])
    assert borrowers.rows == 2
    assert "show=borrowers" in html
    assert re.search(rf">\s*{borrowers.rows}\s*<", html)
    assert glance in home


def test_before_the_first_count_the_home_page_has_no_numbers(client, rules):
    glance = reverse("core:home_panel", args=["marketing.board"])

    assert page(client, make_user("branch_head"), glance) == ""
