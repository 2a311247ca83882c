"""Complaints, help for the short of cash, satisfaction: services and pages (CARE-3 to CARE-5)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry, Cover, Task
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


DAYS = (date(226, 1, 1), date(2099, 1, 1))


@pytest.mark.parametrize("fields", [{"kind": "x"}, {"text": " "}, *({"on": day} for day in DAYS)])
def test_a_complaint_that_cannot_be_is_refused(customer, rm, fields):
    given = {"kind": "speed", "text": "慢", "on": None} | fields

    with pytest.raises(DomainError) as error:
        log_complaint(customer_id=customer.pk, by=rm, received_on=given.pop("on"), **given)

    assert error.value.status == 422


def test_closing_needs_cause_and_cure_and_happens_once(customer, rm):
    row = make_complaint(customer)

    with pytest.raises(DomainError):
        close_complaint(complaint_id=row.pk, by=rm, cause="", fix="x")
    close_complaint(complaint_id=row.pk, by=rm, cause="a", fix="b")
    again = close_complaint(complaint_id=row.pk, by=rm, cause="c", fix="d")

    assert (again.cause, again.fix) == ("a", "b")


@pytest.fixture
def head(rm):
    """Sees the manager's customers and may handle care."""
    return make_user("branch_head", rm.branch)


def test_a_complaint_is_handed_on_with_its_note_and_care_task(customer, rm, head):
    """CARE-5."""
    row = log_complaint(customer_id=customer.pk, kind="speed", text="放款太慢", by=rm)

    for _press in range(2):
        handed = hand_complaint(complaint_id=row.pk, to=head, by=rm, note=" 请出面 ")

    assert (handed.owner, handed.handed_by, handed.handed_note) == (head, rm, "请出面")
    assert CareTask.objects.get(customer=customer, kind="complaint").owner == head
    assert AuditEntry.objects.filter(event="marketing.complaint_handed").count() == 1
    told = Task.objects.get(owner=head, state="open")
    assert (told.params["note"], told.due_on) == ("请出面", row.due_on)
    close_complaint(complaint_id=row.pk, by=head, cause="a", fix="b")
    assert not Task.objects.filter(state="open").exists()


@pytest.mark.parametrize("role", ["team_lead", "auditor", "rm"])
def test_nobody_is_handed_a_complaint_who_may_not_handle_it(customer, rm, role):
    row = make_complaint(customer)

    with pytest.raises(DomainError) as error:
        hand_complaint(complaint_id=row.pk, to=make_user(role, rm.branch), by=rm, note="请办")

    assert error.value.status == 422
    row.refresh_from_db()
    assert row.owner == rm


def test_a_stand_in_may_be_handed_a_complaint(customer, rm):
    stand_in = make_user("rm", rm.branch)
    today = timezone.localdate()
    Cover.objects.create(
        absent=rm, stand_in=stand_in, during=(today, today + timedelta(days=5)), reason="leave",
        requested_by=rm, approved_by=make_user("branch_head", rm.branch),
    )  # fmt: skip
    row = make_complaint(customer)

    assert hand_complaint(complaint_id=row.pk, to=stand_in, by=rm, note="代办").owner == stand_in


def test_a_closed_complaint_is_not_handed_on_and_none_without_a_note(customer, rm, head):
    row = make_complaint(customer)

    with pytest.raises(DomainError) as error:
        hand_complaint(complaint_id=row.pk, to=head, by=rm, note="  ")
    assert error.value.status == 422
    close_complaint(complaint_id=row.pk, by=rm, cause="a", fix="b")
    with pytest.raises(DomainError) as error:
        hand_complaint(complaint_id=row.pk, to=head, by=rm, note="请办")
    assert error.value.status == 409


def test_page_and_api_hand_a_complaint_on(client, customer, rm, head):
    row = make_complaint(customer)
    client.force_login(rm)
    page, api = f"{CARE}complaints/{row.pk}/", f"/api/v1/complaints/{row.pk}/"

    shown = client.get(page).content.decode()
    refused = client.post(f"{page}hand/", {"to": make_user("rm").pk, "note": "请办"})
    blank = client.post(f"{page}hand/", {"to": head.pk, "note": ""})
    done = client.post(f"{page}hand/", {"to": head.pk, "note": "请出面"})
    after = client.get(page).content.decode()
    people = client.get(f"{api}handlers/").json()
    back = client.post(f"{api}hand/", {"to": rm.pk, "note": "已协商"})
    wrong = client.post(f"{api}hand/", {"to": 999_999, "note": "x"})

    assert head.full_name in shown
    assert (refused.status_code, blank.status_code, done.status_code) == (422, 422, 302)
    assert "请出面" in after
    assert {one["id"] for one in people} == {rm.pk, head.pk}
    assert (back.json()["owner"], back.json()["handed_note"]) == (rm.full_name, "已协商")
    assert wrong.status_code == 400


def test_a_suggestion_is_not_answered_while_a_complaint_is_open(client, customer, rm):
    """CARE-5: an open complaint blocks marketing, also for whoever posts directly."""
    suggestion = make_suggestion(customer)
    row = make_complaint(customer)
    client.force_login(rm)
    urls = [
        *(f"/products/suggestions/{suggestion.pk}/{act}/" for act in ("accept", "decline")),
        f"/api/v1/suggestions/{suggestion.pk}/accept/",
    ]

    for url in urls:
        answer = client.post(url, {"reason": "no_need"})
        assert answer.status_code == 409, url
        told = answer.json()["title"] if "api" in url else answer.content.decode()
        assert "投诉" in told, url
    suggestion.refresh_from_db()
    assert suggestion.is_open
    close_complaint(complaint_id=row.pk, by=rm, cause="a", fix="b")
    assert client.post(urls[0]).status_code == 302


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


def test_whoever_was_slower_with_help_keeps_the_words(client, customer, rm):
    row = make_relief(customer, version=2)
    client.force_login(rm)
    given = {"proposals": ["seasonal"], "note": "旺季在春节", "version": "1"}

    answer = client.post(f"{CARE}relief/{row.pk}/propose/", given)

    assert answer.status_code == 422
    assert "旺季在春节" in answer.content.decode()


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
