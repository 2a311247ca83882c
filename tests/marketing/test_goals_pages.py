"""Pages of the goals: scope, roles, four eyes, the workbook (e.9)."""

import io
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from crm.core.errors import DomainError
from crm.core.models import Branch
from marketing.models import RegTarget
from marketing.services.board_refresh import ask_moved_counts
from marketing.services.goals import count_goals, decide_goals, propose_goals, submit_goals
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.lent import TODAY, make_loan, rules

GOALS = reverse("marketing:goals")
ROWS = reverse("marketing:goal_rows", args=["inclusive_balance"])
PERIOD = {"period_from": date(2026, 1, 1), "period_to": date(2026, 12, 31)}


def borrower(manager, name=""):
    customer = make_customer(manager, name=name, size_class="small")
    make_loan(customer, 100_000)
    return customer


def goal_of(unit, by, target=1_000_000):
    told = {("inclusive_balance", "nfra_goal"): (Decimal(target), None, Decimal(1))}
    return propose_goals(unit=unit, targets=told, by=by, **PERIOD)


@pytest.fixture
def branch():
    rules()
    return make_branch("南湖支行")


def test_the_page_shows_the_figure_the_caliber_and_the_parameters(client, branch):
    """e.9: caliber name and parameter version stand beside the figure."""
    borrower(make_user("rm", branch))
    head = make_user("branch_head", branch)
    count_goals(as_of=TODAY)
    client.force_login(head)

    response = client.get(GOALS)

    line = response.context["sheet"].lines[0]
    assert line.actual == 100_000
    assert str(line.caliber.label) in response.content.decode()
    assert response.context["sheet"].version in response.content.decode()


def test_rows_of_a_figure_are_those_in_scope(client, branch):
    mine, other = make_user("rm", branch), make_user("rm", branch)
    borrower(mine, "安娜五金")
    borrower(other, "博瑞布行")
    count_goals(as_of=TODAY)
    client.force_login(mine)

    html = client.get(ROWS).content.decode()

    assert "安娜五金" in html
    assert "博瑞布行" not in html
    assert client.get(f"{ROWS}?unit={branch.pk}").status_code == 404


def test_htmx_gets_the_rows_alone(client, branch):
    client.force_login(make_user("branch_head", branch))

    whole, part = client.get(ROWS), client.get(ROWS, headers={"HX-Request": "true"})

    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("url", [GOALS, ROWS, reverse("marketing:goals_at_risk")])
def test_the_lists_cost_the_same_with_more_rows(client, same_queries, branch, url):
    rm = make_user("rm", branch)
    borrower(rm)
    count_goals(as_of=TODAY)
    client.force_login(make_user("branch_head", branch))

    def grow():
        for _no in range(4):
            borrower(rm)
        count_goals(as_of=TODAY)

    same_queries(lambda: client.get(url), grow=grow)


def test_a_goal_counts_once_the_unit_above_has_approved_it(client, branch):
    """e.9; ROL-6: maker is not checker, the unit above approves."""
    maker = make_user("branch_head", branch)
    above = make_user("branch_head", Branch.objects.get(parent=None))
    count_goals(as_of=TODAY)
    goal_of(branch, maker)
    client.force_login(maker)
    before = client.get(GOALS).context["sheet"].lines[0]

    submit_goals(unit=branch, by=maker)
    decide_goals(unit=branch, is_approved=True, by=above)

    after = client.get(GOALS).context["sheet"].lines[0]
    assert before.goal is None
    assert before.waiting.state == "draft"
    assert after.goal.target == 1_000_000
    assert after.goal.decided_by == above


def test_a_change_stands_beside_the_goal_in_force_until_it_is_approved(branch):
    maker = make_user("branch_head", branch)
    above = make_user("branch_head", Branch.objects.get(parent=None))
    for target in (1_000_000, 2_000_000):
        goal_of(branch, maker, target)
        submit_goals(unit=branch, by=maker)
        decide_goals(unit=branch, is_approved=True, by=above)
    goal_of(branch, maker, 3_000_000)

    states = dict(RegTarget.objects.values_list("state", "target"))

    assert states == {"replaced": 1_000_000, "approved": 2_000_000, "draft": 3_000_000}


def test_neither_the_maker_nor_a_peer_may_approve(branch):
    maker, peer = make_user("branch_head", branch), make_user("branch_head", branch)
    goal_of(branch, maker)
    submit_goals(unit=branch, by=maker)

    for person in (maker, peer):
        with pytest.raises(DomainError):
            decide_goals(unit=branch, is_approved=True, by=person)


def test_at_the_root_somebody_else_of_the_root_approves():
    rules()
    make_branch()
    root = Branch.objects.get(parent=None)
    maker, other = make_user("branch_head", root), make_user("branch_head", root)
    goal_of(root, maker)
    submit_goals(unit=root, by=maker)

    with pytest.raises(DomainError):
        decide_goals(unit=root, is_approved=True, by=maker)

    assert decide_goals(unit=root, is_approved=True, by=other) == 1
    assert decide_goals(unit=root, is_approved=True, by=other) == 0


def test_the_form_takes_the_units_it_shows(client, branch):
    maker = make_user("branch_head", branch)
    client.force_login(maker)
    url = reverse("marketing:goals_edit", args=[branch.pk])

    response = client.post(
        url, {"target_inclusive_balance": "150.5", "target_unsecured_share": "27.5"}
    )

    kept = dict(RegTarget.objects.values_list("metric", "target"))
    assert response.status_code == 302
    assert kept == {"inclusive_balance": 1_505_000, "unsecured_share": Decimal("0.275")}


def test_a_share_above_the_whole_is_refused_with_a_sentence(client, branch):
    client.force_login(make_user("branch_head", branch))

    response = client.post(
        reverse("marketing:goals_edit", args=[branch.pk]), {"target_unsecured_share": "275"}
    )

    assert response.status_code == 422
    assert not RegTarget.objects.exists()


@pytest.mark.parametrize("role", ["rm", "team_lead", "risk_officer", "auditor"])
def test_other_roles_set_no_goals(client, branch, role):
    client.force_login(make_user(role, branch))

    assert client.get(reverse("marketing:goals_edit", args=[branch.pk])).status_code == 403


def test_the_workbook_holds_the_figures_of_the_page(client, branch):
    borrower(make_user("rm", branch))
    count_goals(as_of=TODAY)
    client.force_login(make_user("branch_head", branch))

    response = client.get(reverse("marketing:goals_export"))

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    lines = client.get(GOALS).context["sheet"].lines
    assert [row[3] for row in sheet.iter_rows(min_row=3, values_only=True)] == [
        None if line.actual is None else pytest.approx(float(line.actual)) for line in lines
    ]


def test_the_api_says_what_the_page_says(client, branch):
    borrower(make_user("rm", branch))
    head = make_user("branch_head", branch)
    count_goals(as_of=TODAY)
    client.force_login(head)

    told = {row["metric"]: row for row in client.get("/api/v1/goals/").json()}

    assert float(told["inclusive_balance"]["actual"]) == 100_000
    assert told["inclusive_customers"]["rows"] == 1
    assert client.get(f"/api/v1/goals/?unit={make_branch().pk}").status_code == 404


def test_what_depends_on_the_unit_moves_with_it(client, branch):
    """Whoever picks another unit sets, exports and opens that one's goals."""
    boss = make_user("branch_head", Branch.objects.get(parent=None))
    client.force_login(boss)

    html = client.get(f"{GOALS}?unit={branch.pk}", headers={"HX-Request": "true"}).content.decode()

    assert reverse("marketing:goals_edit", args=[branch.pk]) in html
    assert f"{reverse('marketing:goals_export')}?unit={branch.pk}" in html
    assert f"{reverse('marketing:goals_at_risk')}?unit={branch.pk}" in html


def test_what_a_unit_holds_beside_its_parts_opens_its_rows(client, branch):
    """e.9: every number opens its rows, those of nobody's customers too."""
    borrower(make_user("rm", branch), "安娜五金")
    unit = make_customer(branch=branch, name="无人管户", size_class="small")
    make_loan(unit, 300_000)
    head = make_user("branch_head", branch)
    count_goals(as_of=TODAY)
    client.force_login(head)

    sheet = client.get(GOALS).context["sheet"]
    html = client.get(f"{ROWS}?unit={branch.pk}-rest").content.decode()

    assert sheet.rest[0].actual == 300_000
    assert f"{ROWS}?unit={branch.pk}-rest" in client.get(GOALS).content.decode()
    assert "无人管户" in html
    assert "安娜五金" not in html
    assert client.get(f"{ROWS}?unit={make_branch().pk}-rest").status_code == 404


def test_no_figure_is_told_by_the_numbers_of_a_tree_that_is_no_more(client, branch, run_jobs):
    """A new unit gives every unit behind it other numbers: sums would stand at the wrong one."""
    borrower(make_user("rm", branch), "安娜五金")
    head = make_user("branch_head", branch)
    count_goals(as_of=TODAY)
    client.force_login(head)
    before = client.get(GOALS).context["sheet"].lines[0].actual

    make_branch()
    after = client.get(GOALS).context["sheet"].lines[0]
    rows = client.get(ROWS).content.decode()
    ask_moved_counts()
    run_jobs()

    assert before == client.get(GOALS).context["sheet"].lines[0].actual == 100_000
    assert (after.actual, after.parts.rows) == (None, 0)
    assert "安娜五金" not in rows


def test_a_figure_no_bank_has_is_refused_with_a_sentence(client, branch):
    client.force_login(make_user("branch_head", branch))

    response = client.post(
        reverse("marketing:goals_edit", args=[branch.pk]),
        {"target_inclusive_balance": "9" * 16, "baseline_inclusive_balance": "1"},
    )

    assert response.status_code == 422
    assert not RegTarget.objects.exists()


def test_who_read_older_goals_does_not_write_over_newer_ones(client, branch):
    maker, other = make_user("branch_head", branch), make_user("branch_head", branch)
    url = reverse("marketing:goals_edit", args=[branch.pk])
    client.force_login(maker)
    seen = client.get(url).context["form"]["seen"].value()
    goal_of(branch, other, 2_000_000)

    late = client.post(url, {"target_inclusive_balance": "300", "seen": seen})
    same = client.post(url, {"target_inclusive_balance": "200", "seen": seen})

    assert (late.status_code, same.status_code) == (422, 302)
    assert RegTarget.objects.get().target == 2_000_000


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_first_goals_at_once_leave_one_draft(branch):
    maker, told = make_user("branch_head", branch), []

    def act():
        try:
            told.append(goal_of(branch, maker)[0].pk)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    with transaction.atomic():  # not to be seen yet
        first = goal_of(branch, maker)[0]
        other.start()
        other.join(timeout=1)  # it waits for this one
    other.join()

    assert told == [first.pk]
    assert RegTarget.objects.count() == 1
