"""Items of the workbench that are done with the form of their page, in a dialog on the list."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.core.models import Task
from customers.models import CorrectionRequest, DeclaredFact
from customers.services.correction import ask_correction
from marketing.models import (
    Complaint,
    CoordinationItem,
    PlannedVisit,
    QueueMark,
    Satisfaction,
    Visit,
    VisitPlan,
)
from marketing.queue.sources import SOURCES
from marketing.selectors.queue import QueueQuery, queue_page
from marketing.services.complaints import hand_complaint
from marketing.services.queue import pass_on
from products.models import OfferFit
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.cared import make_complaint
from tests.marketing.factories import load_rules, make_visit
from tests.products.suggested import make_suggestion

URL = "/marketing/workbench/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def rm(client):
    user = make_user("rm")
    client.force_login(user)
    return user


@pytest.fixture
def customer(rm):
    found = make_customer(rm, name="嘉禾五金")
    make_portrait(found, contribution_12m=900, potential_12m=100)
    return found


def waiting(user, source):
    page = queue_page(user=user, query=QueueQuery(shown=100), today=timezone.localdate())
    return [item.ref for item in page.items if item.source.key == source]


def opened(client, source, ref):
    """The dialog of an item as the list asks for it."""
    answer = client.get(f"{URL}{source}/{ref}/?do=1", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, source, ref, **given):
    return client.post(f"{URL}{source}/{ref}/do/", given, headers=HTMX)


def is_dialog_again(answer):
    """Refused where the words were typed: the dialog comes again, the row stays."""
    return (
        answer.status_code == 422
        and answer["HX-Retarget"] == "#dialog-place"
        and "<dialog" in answer.content.decode()
    )


def is_gone(answer, source, ref):
    html = answer.content.decode()
    return answer.status_code == 200 and f'id="queue-{source}-{ref}"' in html and "done" in html


def make_gap(customer, feature="property_value"):
    suggestion = make_suggestion(customer)
    OfferFit.objects.create(
        customer=customer, version=suggestion.version, kind="u", score=70, rule=feature
    )
    return customer.pk


def make_item(customer, **fields):
    today = timezone.localdate()
    given = {
        "list_no": "第三批", "kind": "declared", "received_on": today - timedelta(days=3),
        "due_on": today + timedelta(days=10), "wanted_amount": 300_000, "owner": customer.manager,
    } | fields  # fmt: skip
    return CoordinationItem.objects.create(customer=customer, **given)


def make_stop(customer, **fields):
    today = timezone.localdate()
    plan = VisitPlan.objects.create(manager=customer.manager, week_on=today, capacity=6)
    return PlannedVisit.objects.create(
        plan=plan, customer=customer, manager=customer.manager,
        **({"on": today, "place": 1, "purpose": "care"} | fields),
    )  # fmt: skip


def test_a_missing_fact_is_answered_on_the_list_and_the_item_is_gone(client, rm, customer):
    """Told in ten thousands as on the visit form: 86.5 is 865,000 yuan."""
    ref = make_gap(customer)

    html = opened(client, "gap", ref)
    blank = sent(client, "gap", ref, guarantee_property="")
    wrong = sent(client, "gap", ref, guarantee_property="-3")
    done = sent(client, "gap", ref, guarantee_property="86.5")

    assert "guarantee_property" in html
    assert is_dialog_again(blank)
    assert is_dialog_again(wrong)
    assert 'value="-3"' in wrong.content.decode()
    assert is_gone(done, "gap", ref)
    assert "undo" not in done.content.decode()
    fact = DeclaredFact.objects.get(customer=customer, key="guarantee_property")
    assert (fact.number, fact.source, fact.quality) == (865_000, "visit", "declared")
    assert waiting(rm, "gap") == []


def test_the_next_question_of_a_customer_comes_another_day(client, rm, customer, today):
    make_gap(customer)
    sent(client, "gap", customer.pk, guarantee_property="10")

    page = queue_page(user=rm, query=QueueQuery(), today=today + timedelta(days=1))

    assert "gap" in {item.source.key for item in page.items}
    assert queue_page(user=rm, query=QueueQuery(), today=today).shelves["put_off"] == 0


def test_the_question_that_was_read_is_the_one_that_is_answered(client, rm, customer):
    """Between reading and answering another fact may have come first."""
    ref = make_gap(customer)
    assert 'value="property_value"' in opened(client, "gap", ref)
    OfferFit.objects.update(rule="employees")

    done = sent(client, "gap", ref, feature="property_value", guarantee_property="10")

    assert is_gone(done, "gap", ref)
    assert DeclaredFact.objects.get().key == "guarantee_property"
    QueueMark.objects.all().delete()
    wrong = sent(client, "gap", ref, feature="credit_score", employees="-1")
    assert is_dialog_again(wrong)
    assert "employees" in wrong.content.decode()


def visit_words(**fields):
    return {
        "key": str(uuid4()), "purpose": "care", "whom_met": "王总", "summary": "订单稳定",
        "next_step": "送方案", "next_on": timezone.localdate() + timedelta(days=5),
        "closed_reason": "", "on": timezone.localdate() - timedelta(days=1), "began": "10:00",
        "minutes": "30",
    } | fields  # fmt: skip


def test_a_stop_is_logged_from_the_list_once(client, rm, customer, today):
    stop = make_stop(customer, on=today - timedelta(days=1))

    html = opened(client, "stop", stop.pk)
    words = visit_words(next_step="", next_on="")
    unsaid = sent(client, "stop", stop.pk, **words)
    done = sent(client, "stop", stop.pk, **visit_words(key=words["key"]))

    assert f"/visits/log/{customer.pk}/" in html
    assert is_dialog_again(unsaid)
    assert "订单稳定" in unsaid.content.decode()
    assert is_gone(done, "stop", stop.pk)
    visit = Visit.objects.get()
    stop.refresh_from_db()
    assert (stop.state, stop.visit) == ("done", visit)
    assert (visit.ended_at - visit.started_at) == timedelta(minutes=30)
    assert waiting(rm, "stop") == []
    assert sent(client, "stop", stop.pk, **words).status_code == 404


@pytest.mark.parametrize("on", ["2099-01-05", "2019-01-05"])
def test_a_visit_that_cannot_be_is_refused_in_the_dialog(client, customer, on):
    stop = make_stop(customer)

    assert is_dialog_again(sent(client, "stop", stop.pk, **visit_words(on=on)))
    assert not Visit.objects.exists()


def test_a_firm_of_a_list_is_contacted_checked_and_decided_in_place(client, rm, customer, today):
    """VIS-4, e.10: the dialog asks for what is next, with the rules of the item's page."""
    item = make_item(customer)

    early = sent(client, "coordination", item.pk, step="decide", state="approved", version=1)
    contacted = sent(client, "coordination", item.pk, step="contact", on=today)
    item.refresh_from_db()
    yes = dict.fromkeys(
        ("lawful_operation", "fixed_place", "real_need", "good_credit", "lawful_use"), "yes"
    )
    stale = sent(client, "coordination", item.pk, step="checks", version=item.version - 1, **yes)
    checked = sent(client, "coordination", item.pk, step="checks", version=item.version, **yes)
    item.refresh_from_db()
    given = {"step": "decide", "state": "approved", "version": item.version}
    bare = sent(client, "coordination", item.pk, **given)
    decided = sent(client, "coordination", item.pk, **given, amount="200000")

    assert early.status_code == 422
    for answer in (contacted, checked):  # the row stands there with what is next
        assert f'id="queue-coordination-{item.pk}"' in answer.content.decode()
        assert "?do=1" in answer.content.decode()
    assert is_dialog_again(stale)
    assert is_dialog_again(bare)
    assert is_gone(decided, "coordination", item.pk)
    item.refresh_from_db()
    assert (item.state, item.approved_amount, item.contacted_on) == ("approved", 200_000, today)
    assert waiting(rm, "coordination") == []


def test_a_correction_is_answered_and_the_right_value_put_on_record(client, rm, customer):
    """POR-7: whoever accepts enters the right value as a fact with its own source."""
    accepted = ask_correction(
        customer_id=customer.pk, key="employees", wanted="12 人", reason="新招两人", by=rm
    )
    refused = ask_correction(
        customer_id=customer.pk, key="annual_revenue", wanted="900 万", reason="口述", by=rm
    )

    html = client.get(URL).content.decode()
    unsaid = sent(client, "correction", accepted.pk, is_accepted="1", answer="", employees="12")
    yes = sent(client, "correction", accepted.pk, is_accepted="1", answer="已更正", employees="12")
    no = sent(
        client, "correction", refused.pk, is_accepted="0", answer="无凭证", annual_revenue="900"
    )

    assert "12 人" in html
    assert is_dialog_again(unsaid)
    assert is_gone(yes, "correction", accepted.pk)
    assert is_gone(no, "correction", refused.pk)
    assert CorrectionRequest.objects.get(pk=accepted.pk).state == "accepted"
    assert CorrectionRequest.objects.get(pk=refused.pk).state == "refused"
    fact = DeclaredFact.objects.get(customer=customer)
    assert (fact.key, fact.number) == ("employees", 12)


def test_a_complaint_is_closed_on_the_list(client, rm, customer):
    """CARE-5, CARE-4."""
    row = make_complaint(customer)

    opened(client, "complaint", row.pk)
    unsaid = sent(client, "complaint", row.pk, cause="交接遗漏", fix="")
    done = sent(client, "complaint", row.pk, cause="交接遗漏", fix="已指定专人", mark="4")

    assert is_dialog_again(unsaid)
    assert is_gone(done, "complaint", row.pk)
    assert Complaint.objects.get().state == "closed"
    assert Satisfaction.objects.get().mark == 4


def test_a_complaint_handed_on_says_by_whom_and_why_in_the_list(client, rm, customer):
    head = make_user("branch_head", rm.branch)
    row = make_complaint(customer, owner=head)
    assert waiting(rm, "complaint") == []

    hand_complaint(complaint_id=row.pk, to=rm, by=head, note="请今天回电")

    assert waiting(rm, "complaint") == [row.pk]
    html = client.get(URL).content.decode()
    assert head.full_name in html
    assert "请今天回电" in html


@pytest.fixture
def drawn(rm, customer):
    """A visit of the manager's that was drawn for review."""
    at = timezone.now() - timedelta(days=2)
    return make_visit(customer, by=rm, at=at, sampled_on=timezone.localdate(), next_on=None,
                      closed_reason="暂无需求")  # fmt: skip


def test_visits_to_review_stand_with_the_nearest_leader_only(client, rm, drawn):
    """VIS-6: nobody reviews a visit of their own, and the one above the team is not asked first."""
    leader, head = make_user("team_lead", rm.branch), make_user("branch_head", rm.branch)

    assert waiting(leader, "review") == [drawn.pk]
    assert waiting(rm, "review") == []
    assert client.get(f"{URL}review/{drawn.pk}/").status_code == 404
    assert sent(client, "review", drawn.pk, step="accept", score="4", version=1).status_code == 404
    assert waiting(head, "review") == []


def test_a_visit_is_accepted_or_sent_back_with_a_reason_in_place(client, rm, drawn, customer):
    leader = make_user("team_lead", rm.branch)
    flagged = make_visit(customer, by=rm, at=timezone.now() - timedelta(days=1), flags=["copied"])
    client.force_login(leader)

    html = opened(client, "review", drawn.pk)
    accepted = sent(client, "review", drawn.pk, step="accept", score="4", version=drawn.version)
    low = sent(client, "review", flagged.pk, step="accept", score="1", version=1)
    unsaid = sent(client, "review", flagged.pk, step="back", score="1", version=1, note="")
    back = sent(client, "review", flagged.pk, step="back", score="1", version=1, note="照抄")

    assert drawn.summary in html
    assert is_gone(accepted, "review", drawn.pk)
    assert is_dialog_again(low)
    assert is_dialog_again(unsaid)
    assert is_gone(back, "review", flagged.pk)
    drawn.refresh_from_db()
    flagged.refresh_from_db()
    assert (drawn.quality, flagged.quality) == (4, 1)
    assert Task.objects.get(owner=rm).params["note"] == "照抄"
    assert waiting(leader, "review") == []


def test_without_script_a_dialog_is_a_page_and_its_errors_too(client, rm, customer):
    row = make_complaint(customer)

    page = client.get(f"{URL}complaint/{row.pk}/?do=1").content.decode()
    wrong = client.post(f"{URL}complaint/{row.pk}/do/", {"cause": "a", "fix": ""})
    done = client.post(f"{URL}complaint/{row.pk}/do/", {"cause": "a", "fix": "b"})

    assert "<html" in page
    assert 'name="cause"' in page
    assert wrong.status_code == 422
    assert 'value="a"' in wrong.content.decode()
    assert done["Location"] == URL


def test_whoever_may_not_do_it_reports_back(client, rm, customer):
    """Passed on to a leader whose role records no facts: the rule of the page holds here, too."""
    leader = make_user("team_lead", rm.branch)
    ref = make_gap(customer)
    pass_on(source="gap", ref=ref, to=leader, by=rm, note="请问问")
    client.force_login(leader)

    html = opened(client, "gap", ref)
    sent(client, "gap", ref, guarantee_property="10", note="没有房产")

    assert "guarantee_property" not in html
    assert not DeclaredFact.objects.exists()
    assert QueueMark.objects.get().note.endswith("没有房产")


@pytest.mark.parametrize("source", [one.key for one in SOURCES if one.deed.how == "form"])
def test_nobody_opens_the_dialog_of_another_managers_item(client, rm, source):
    other = make_customer(make_user("rm", rm.branch))
    ref = {
        "gap": lambda: make_gap(other),
        "stop": lambda: make_stop(other).pk,
        "coordination": lambda: make_item(other).pk,
        "correction": lambda: (
            ask_correction(
                customer_id=other.pk, key="employees", wanted="1", reason="口述", by=other.manager
            ).pk
        ),
        "complaint": lambda: make_complaint(other).pk,
        "review": lambda: make_visit(other, flags=["copied"]).pk,
    }[source]()

    assert client.get(f"{URL}{source}/{ref}/?do=1", headers=HTMX).status_code == 404
    assert sent(client, source, ref, answer="x", step="contact").status_code == 404


def test_a_leaders_workbench_costs_the_same_with_more_visits(client, rm, drawn, same_queries):
    client.force_login(make_user("team_lead", rm.branch))

    def grow():
        for _no in range(6):
            make_visit(make_customer(rm), by=rm, at=timezone.now(), flags=["copied"])

    same_queries(lambda: client.get(URL), grow=grow)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) <= 15
