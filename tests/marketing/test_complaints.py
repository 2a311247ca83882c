"""Complaints, help for the short of cash, satisfaction: services and pages (CARE-3 to CARE-5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from marketing.models import CareTask, Complaint, Relief, Satisfaction
from marketing.selectors.care import satisfaction
from marketing.services.complaints import close_complaint, hand_complaint, log_complaint
from marketing.services.relief import close_relief, propose_relief
from marketing.services.satisfaction import record_mark
from products.selectors.suggestions import open_suggestions
from tests.factories import make_customer, make_user
from tests.marketing.cared import TODAY, make_care_task, make_complaint, make_mark, make_relief
from tests.marketing.factories import load_rules, make_opportunity
from tests.products.suggested import make_suggestion

CARE = "/marketing/care/"


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_customer(rm, name="嘉禾五金")


def test_a_complaint_is_due_in_fifteen_days_with_its_owner_and_care_task(customer, rm):
    """CARE-5."""
    row = log_complaint(customer_id=customer.pk, kind="speed", text="放款太慢", by=rm)

    again = log_complaint(customer_id=customer.pk, kind="speed", text="放款太慢", by=rm)

    assert again.pk == row.pk
    assert row.due_on == timezone.localdate() + timedelta(days=15)
    assert row.owner == rm
    assert CareTask.objects.get(customer=customer, kind="complaint").due_on == row.due_on


def test_an_open_complaint_hides_suggestions_until_it_is_closed(customer, rm):
    """CARE-5: an open complaint blocks marketing."""
    make_suggestion(customer)
    today = timezone.localdate()

    row = log_complaint(customer_id=customer.pk, kind="price", text="利率不符", by=rm)
    meanwhile = open_suggestions(user=rm, today=today).count()
    close_complaint(complaint_id=row.pk, by=rm, cause="宣传有误", fix="已更正并退费")

    assert meanwhile == 0
    assert open_suggestions(user=rm, today=today).count() == 1
    assert CareTask.objects.get(customer=customer, kind="complaint").state == "done"


@pytest.mark.parametrize(
    "fields", [{"kind": "x"}, {"text": "  "}, {"received_on": timezone.localdate().replace(2099)}]
)
def test_a_complaint_that_cannot_be_is_refused(customer, rm, fields):
    given = {"kind": "speed", "text": "慢"} | fields

    with pytest.raises(DomainError) as error:
        log_complaint(customer_id=customer.pk, by=rm, **given)

    assert error.value.status == 422


def test_closing_needs_cause_and_cure_and_happens_once(customer, rm):
    row = make_complaint(customer)

    with pytest.raises(DomainError):
        close_complaint(complaint_id=row.pk, by=rm, cause="", fix="x")
    close_complaint(complaint_id=row.pk, by=rm, cause="a", fix="b")
    again = close_complaint(complaint_id=row.pk, by=rm, cause="c", fix="d")

    assert (again.cause, again.fix) == ("a", "b")


def test_a_complaint_is_handed_to_whoever_sees_the_customer_only():
    stranger, rm = make_user("rm"), make_user("rm")
    leader = make_user("team_lead", rm.branch)
    row = make_complaint(make_customer(rm))
    stranger.refresh_from_db()  # units made meanwhile have moved its number

    assert hand_complaint(complaint_id=row.pk, to=leader, by=rm).owner == leader
    with pytest.raises(DomainError):
        hand_complaint(complaint_id=row.pk, to=stranger, by=rm)


def test_help_is_proposed_and_its_outcome_told_after_ninety_days(customer, rm):
    """CARE-3."""
    row = make_relief(customer)
    make_care_task(customer, kind="relief")

    propose_relief(
        relief_id=row.pk, proposals=["seasonal", "renewal"], by=rm, version=1, today=TODAY
    )
    with pytest.raises(DomainError):
        close_relief(relief_id=row.pk, outcome="stable", by=rm, today=TODAY + timedelta(days=89))
    closed = close_relief(
        relief_id=row.pk, outcome="recovered", by=rm, today=TODAY + timedelta(days=90)
    )

    assert closed.proposals == ["renewal", "seasonal"]
    assert (closed.state, closed.outcome) == ("closed", "recovered")
    assert CareTask.objects.get(customer=customer, kind="relief").state == "done"


@pytest.mark.parametrize("proposals", [[], ["gift"], ["renewal", "gift"]])
def test_only_known_help_is_proposed(customer, rm, proposals):
    row = make_relief(customer)

    with pytest.raises(DomainError):
        propose_relief(relief_id=row.pk, proposals=proposals, by=rm)


def test_two_people_cannot_change_one_help_unseen(customer, rm):
    row = make_relief(customer)
    propose_relief(relief_id=row.pk, proposals=["books"], by=rm, version=1)

    with pytest.raises(DomainError, match=r"."):
        propose_relief(relief_id=row.pk, proposals=["buyers"], by=rm, version=1)

    assert Relief.objects.get().proposals == ["books"]


def test_marks_are_split_by_manager_product_and_occasion_with_the_success_rate(rm):
    """CARE-4: marks 5, 3 and 1 average 3; of four loans submitted one was drawn: 25 %."""
    colleague = make_user("rm", rm.branch)
    first, second = make_customer(rm), make_customer(colleague)
    make_mark(first, 5, family="loan")
    make_mark(first, 1, after="complaint")
    make_mark(second, 3, after="decision", family="loan")
    make_mark(second, 1, on=TODAY - timedelta(days=400))  # too long ago
    for no in range(4):
        deal = make_opportunity(make_customer(rm), stage="submitted")
        events = ["submitted", "drawn"] if no == 0 else ["submitted"]
        for stage in events:
            deal.events.create(
                customer=deal.customer, to_stage=stage, at=deal.opened_at, scope_no=rm.scope_no
            )
    leader = make_user("team_lead", rm.branch)

    whole, manager, family, after = satisfaction(user=leader, today=TODAY)

    assert (whole.lines[0].marks, whole.lines[0].average) == (3, 3)
    assert whole.lines[0].rate == 0.25
    mine = next(line for line in manager.lines if line.label == rm.full_name)
    assert (mine.marks, mine.average, mine.low, mine.submitted, mine.drawn) == (2, 3, 1, 4, 1)
    assert {line.key: line.average for line in after.lines} == {
        "visit": 5, "complaint": 1, "decision": 3,
    }  # fmt: skip
    assert {line.key: line.rate for line in family.lines} == {
        "loan": None, "working_capital_loan": 0.25,
    }  # fmt: skip


def test_a_mark_asked_once_is_replaced_not_doubled(customer, rm):
    for mark in (2, 4):
        record_mark(customer_id=customer.pk, after="visit", mark=mark, by=rm, subject="visit-12")

    assert Satisfaction.objects.get().mark == 4
    assert Satisfaction.objects.get().manager == rm


@pytest.mark.parametrize("mark", [0, 6, -1])
def test_a_mark_goes_from_one_to_five(customer, rm, mark):
    with pytest.raises(DomainError):
        record_mark(customer_id=customer.pk, after="visit", mark=mark, by=rm)


PAGES = ("", "complaints/", "relief/", "satisfaction/")


@pytest.mark.parametrize("path", PAGES[:3])
def test_an_rm_sees_the_own_customers_only(client, rm, path):
    mine, other = make_customer(rm, name="嘉禾五金"), make_customer(make_user("rm"), name="别家")
    for customer in (mine, other):
        make_care_task(customer)
        make_complaint(customer)
        make_relief(customer)
    client.force_login(rm)

    html = client.get(CARE + path).content.decode()

    assert "嘉禾五金" in html
    assert "别家" not in html


@pytest.mark.parametrize("path", PAGES[:3])
def test_a_fragment_is_the_rows_alone(client, customer, rm, path):
    make_care_task(customer)
    make_complaint(customer)
    make_relief(customer)
    client.force_login(rm)

    html = client.get(CARE + path, headers={"HX-Request": "true"}).content.decode()

    assert "嘉禾五金" in html
    assert "<html" not in html


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_cost_the_same_with_more_rows(client, rm, path, same_queries):
    client.force_login(rm)

    def grow():
        for _no in range(8):
            customer = make_customer(rm)
            make_care_task(customer)
            make_complaint(customer)
            make_relief(customer)
            make_mark(customer, 4, on=timezone.localdate())

    grow()
    same_queries(lambda: client.get(CARE + path), grow=grow)


@pytest.mark.parametrize(("role", "may"), [("rm", True), ("branch_head", True),
                                           ("team_lead", False), ("auditor", False)])  # fmt: skip
def test_who_may_work_on_care(client, rm, role, may):
    user = rm if role == "rm" else make_user(role, rm.branch)
    task = make_care_task(make_customer(rm))
    client.force_login(user)

    assert client.get(CARE).status_code == 200
    answer = client.post(f"{CARE}{task.pk}/close/", {"outcome": "已电话"})

    assert answer.status_code == (302 if may else 403)
    task.refresh_from_db()
    assert (task.state == "done") is may


def test_a_complaint_is_logged_worked_on_and_closed_on_its_pages(client, customer, rm):
    client.force_login(rm)
    data = {"kind": "service", "text": "无人对接", "received_on": timezone.localdate()}

    logged = client.post(f"{CARE}customers/{customer.pk}/complaint/", data)
    row = Complaint.objects.get()
    refused = client.post(f"{CARE}complaints/{row.pk}/close/", {"cause": "", "fix": ""})
    closed = client.post(
        f"{CARE}complaints/{row.pk}/close/", {"cause": "交接遗漏", "fix": "已指定专人", "mark": "4"}
    )

    assert logged["Location"] == f"{CARE}complaints/{row.pk}/"
    assert refused.status_code == 422
    assert closed.status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    assert Satisfaction.objects.get().mark == 4


def test_the_panel_on_the_customer_page_shows_what_is_open(client, customer, rm):
    make_care_task(customer)
    make_complaint(customer)
    make_relief(customer)
    make_mark(customer, 4)
    client.force_login(rm)

    html = client.get(f"/customers/{customer.pk}/panels/marketing.care/").content.decode()

    assert "放款太慢" in html
    assert "4/5" in html


def test_the_api_lists_and_closes_in_reach_only(client, customer, rm):
    task = make_care_task(customer)
    foreign = make_care_task()
    relief = make_relief(customer)
    client.force_login(rm)

    listed = client.get("/api/v1/care-tasks/").json()["results"]
    done = client.post(f"/api/v1/care-tasks/{task.pk}/close/", {"outcome": "已电话"})
    refused = client.post(f"/api/v1/care-tasks/{foreign.pk}/close/", {"outcome": "x"})
    proposed = client.post(
        f"/api/v1/relief/{relief.pk}/propose/", {"proposals": ["books"], "version": 1},
        content_type="application/json",
    )  # fmt: skip
    logged = client.post(
        "/api/v1/complaints/", {"customer": customer.pk, "kind": "speed", "text": "慢"}
    )

    assert [one["id"] for one in listed] == [task.pk]
    assert done.json()["state"] == "done"
    assert refused.status_code == 404
    assert proposed.json()["state"] == "proposed"
    assert logged.status_code == 201
    assert client.get("/api/v1/satisfaction/").status_code == 200
