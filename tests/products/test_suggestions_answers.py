"""The manager's answer: once, in reach, of what was shown (ROL-1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from products.models import Suggestion
from products.services import suggestions as services
from products.services.suggestions import answer_suggestion, mark_seen
from tests.factories import make_branch, make_customer, make_user
from tests.products.suggested import make_rules, make_suggestion


@pytest.fixture
def rm():
    make_rules()
    return make_user("rm")


@pytest.fixture
def told(monkeypatch):
    """The events that were published."""
    found = []
    monkeypatch.setattr(services, "publish", lambda *event: found.append(event))
    return found


def answer(suggestion, by, what="accepted", **given):
    return answer_suggestion(suggestion_id=suggestion.pk, by=by, answer=what, **given)


def test_an_accepted_one_is_told_on_once(rm, told):
    suggestion = make_suggestion(make_customer(rm))

    first = answer(suggestion, rm, token=suggestion.token)
    second = answer(suggestion, rm, token=suggestion.token)

    assert (first.state, first.answered_by) == ("accepted", rm)
    assert second.answered_at == first.answered_at
    assert told == [("suggestion.accepted", suggestion.pk)]
    assert AuditEntry.objects.filter(event="products.suggestion_accepted").count() == 1


def test_a_declined_one_rests_as_long_as_its_reason_says(rm, told):
    customer = make_customer(rm)
    days = {}
    for reason in Suggestion.Decline.values:
        suggestion = make_suggestion(customer, state="new")
        done = answer(suggestion, rm, "declined", reason=reason, note="以后再说")
        days[reason] = (done.cool_until - timezone.localdate()).days

    assert days == {
        "has_elsewhere": 180, "too_dear": 90, "no_need": 90, "not_suitable": 365,
        "bad_timing": 30, "risk": 180, "other": 60,
    }  # fmt: skip
    assert told == []


@pytest.mark.parametrize(
    ("what", "reason"), [("declined", ""), ("declined", "whim"), ("accepted", "risk")]
)
def test_a_reason_belongs_to_a_refusal(rm, what, reason):
    suggestion = make_suggestion(make_customer(rm))

    with pytest.raises(DomainError) as caught:
        answer(suggestion, rm, what, reason=reason)

    assert caught.value.status == 422


def test_an_answer_to_something_else_than_was_shown_is_refused(rm):
    suggestion = make_suggestion(make_customer(rm))
    shown = suggestion.token
    Suggestion.objects.filter(pk=suggestion.pk).update(
        expected_amount=10, refreshed_at=timezone.now() + timedelta(seconds=1)
    )

    with pytest.raises(DomainError):
        answer(suggestion, rm, token=shown)

    suggestion.refresh_from_db()
    assert suggestion.state == "new"


@pytest.mark.parametrize("state", ["expired", "accepted"])
def test_what_is_over_cannot_be_declined(rm, state):
    suggestion = make_suggestion(make_customer(rm), state=state)

    with pytest.raises(DomainError):
        answer(suggestion, rm, "declined", reason="risk")


def test_those_of_others_do_not_exist(rm):
    suggestion = make_suggestion(make_customer(make_user("rm")))
    rm.refresh_from_db()  # units made meanwhile may have moved it

    with pytest.raises(ObjectDoesNotExist):
        answer(suggestion, rm)


def test_only_who_may_answer_marks_them_as_seen(rm):
    customer = make_customer(rm)
    suggestion = make_suggestion(customer)
    auditor, head = make_user("auditor"), make_user("branch_head", rm.branch)

    other = make_user("rm")
    rm.refresh_from_db()
    for reader in (auditor, head, other):
        mark_seen(suggestions=[suggestion], by=reader)
    suggestion.refresh_from_db()
    before = suggestion.state
    mark_seen(suggestions=[suggestion], by=rm)
    again = mark_seen(suggestions=[suggestion], by=rm)

    suggestion.refresh_from_db()
    assert (before, suggestion.state, again) == ("new", "seen", 0)
    assert suggestion.seen_at is not None


ROLES = ("rm", "team_lead", "branch_head", "catalog_admin", "risk_officer", "auditor", "sys_admin")


@pytest.mark.parametrize("role", ROLES)
def test_only_the_manager_answers_on_the_page(client, rm, role):
    suggestion = make_suggestion(make_customer(rm))
    reader = rm if role == "rm" else make_user(role, rm.branch)
    client.force_login(reader)

    response = client.post(reverse("products:suggestion_accept", args=[suggestion.pk]))

    suggestion.refresh_from_db()
    assert response.status_code == (302 if role == "rm" else 403)
    assert suggestion.state == ("accepted" if role == "rm" else "new")


def test_a_click_in_place_gives_back_the_answered_row(client, rm):
    suggestion = make_suggestion(make_customer(rm))
    client.force_login(rm)
    url = reverse("products:suggestion_decline", args=[suggestion.pk])
    given = {"token": suggestion.token, "reason": "too_dear", "note": "利率高"}

    first = client.post(url, given, headers={"HX-Request": "true"})
    second = client.post(url, given, headers={"HX-Request": "true"})

    for response in (first, second):
        html = response.content.decode()
        assert response.status_code == 200
        assert f'id="suggestion-{suggestion.pk}"' in html
        assert "利率高" in html and "<html" not in html


def test_another_managers_suggestion_answers_404(client, rm):
    suggestion = make_suggestion(make_customer(make_user("rm", make_branch())))
    client.force_login(rm)

    answers = {
        name: client.post(reverse(f"products:suggestion_{name}", args=[suggestion.pk])).status_code
        for name in ("accept", "decline")
    }
    receipt = client.get(reverse("products:suggestion_receipt", args=[suggestion.pk]))

    assert answers == {"accept": 404, "decline": 404}
    assert receipt.status_code == 404


def test_a_stand_in_answers_for_the_absent_manager(client, rm):
    from crm.core.services.org import approve_cover, request_cover

    suggestion = make_suggestion(make_customer(rm))
    stand_in = make_user("rm", rm.branch)
    day = timezone.localdate()
    cover = request_cover(by=rm, absent=rm, stand_in=stand_in, reason="leave",
                          first=day, last=day + timedelta(days=3))  # fmt: skip
    approve_cover(cover_id=cover.pk, by=make_user("branch_head", rm.branch))

    done = answer(suggestion, type(rm).objects.get(pk=stand_in.pk))

    assert done.answered_by == stand_in


def test_the_api_lists_answers_and_refuses_as_the_pages_do(client, rm):
    mine, other = make_customer(rm), make_customer(make_user("rm"))
    row, foreign = make_suggestion(mine), make_suggestion(other)
    client.force_login(rm)

    listed = client.get("/api/v1/suggestions/").json()["results"]
    token = listed[0]["token"]
    missing = client.post(f"/api/v1/suggestions/{foreign.pk}/accept/")
    bare = client.post(f"/api/v1/suggestions/{row.pk}/decline/", {"token": token})
    done = client.post(
        f"/api/v1/suggestions/{row.pk}/decline/", {"token": token, "reason": "no_need"}
    )

    assert [one["customer"] for one in listed] == [mine.pk]
    assert listed[0]["reasons"][0]["code"] == "fits"
    assert (missing.status_code, bare.status_code, done.status_code) == (404, 400, 200)
    assert done.json()["state"] == "declined"
