"""The API of opportunities: the same rules, the same scope, the same sentences."""

import pytest
from django.utils import timezone

from crm.core.models import User
from marketing.models import Opportunity, StageEvent
from marketing.services.opportunities import change, lose
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.deals import make_offer, make_ready_customer, opened, today_deal
from tests.marketing.factories import load_rules, make_opportunity

URL = "/api/v1/opportunities/"


@pytest.fixture
def rm(client):
    load_rules()
    user = make_user("rm")
    client.force_login(user)
    return user


def post(client, path, **data):
    return client.post(f"{URL}{path}", data, content_type="application/json")


def test_one_is_opened_moved_ticked_and_lost(client, rm):
    customer = make_ready_customer(rm)
    made = post(
        client, "", customer=customer.pk, family="working_capital_loan", origin_mode="active",
        title="备货", amount="300000.00",
    )  # fmt: skip
    key = made.json()["id"]

    moved = post(client, f"{key}/move/", to="qualified", version=1)
    blocked = post(client, f"{key}/move/", to="investigated", version=2)
    ticked = post(client, f"{key}/tick/", key="cross_check", note="底稿", version=2)
    late = post(client, f"{key}/lose/", reason="price", version=2)
    lost = post(client, f"{key}/lose/", reason="competitor", lost_to="江南银行", version=3)

    assert made.status_code == 201
    assert (made.json()["stage"], made.json()["amount"]) == ("lead", "300000.00")
    assert moved.json()["stage"] == "qualified"
    assert (blocked.status_code, "时间已明确" in blocked.json()["title"]) == (422, True)
    checks = {check["key"]: check for check in ticked.json()["checks"]}
    assert (checks["cross_check"]["answer"], checks["time_known"]["answer"]) == ("yes", "unknown")
    assert (late.status_code, lost.json()["state"]) == (409, "lost")


def test_a_duplicate_is_a_conflict(client, rm):
    customer = make_ready_customer(rm)
    opened(customer, rm)

    again = post(
        client, "", customer=customer.pk, family="working_capital_loan", origin_mode="active"
    )

    assert again.status_code == 409
    assert Opportunity.objects.count() == 1


def test_others_customers_are_not_there(client, rm):
    stranger = make_user("rm", make_branch())
    theirs = make_opportunity(make_customer(stranger))

    answers = [
        client.get(f"{URL}{theirs.pk}/"),
        post(client, f"{theirs.pk}/move/", to="qualified", version=1),
        post(client, f"{theirs.pk}/lose/", reason="price", version=1),
        post(client, f"{theirs.pk}/change/", title="别家", version=1),
        post(client, f"{theirs.pk}/reopen/", reason="又来了", version=1),
        post(client, f"{theirs.pk}/merge/", customer=theirs.customer_id, family=theirs.family),
        post(client, "", customer=theirs.customer_id, family="payroll", origin_mode="active"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7
    assert client.get(URL).json()["results"] == []


@pytest.mark.parametrize("role", ["team_lead", "branch_head", "risk_officer", "auditor"])
def test_who_only_looks_changes_nothing(client, rm, role):
    row = make_opportunity(make_customer(rm), at=timezone.now())
    client.force_login(make_user(role, rm.branch))

    seen = client.get(URL).json()["results"]
    answers = [
        post(client, f"{row.pk}/move/", to="qualified", version=1),
        post(client, f"{row.pk}/change/", title="别的", version=1),
        post(client, f"{row.pk}/reopen/", reason="又来了", version=1),
        post(client, f"{row.pk}/merge/", customer=row.customer_id, family=row.family),
    ]

    assert [one["id"] for one in seen] == [row.pk]
    assert [answer.status_code for answer in answers] == [403] * 4


def test_the_list_takes_the_filters_of_the_page(client, rm):
    now = timezone.now()
    make_opportunity(make_customer(rm), at=now)
    payroll = make_opportunity(make_customer(rm), at=now, family="payroll", pipeline="other")

    found = client.get(URL, {"pipeline": "other"}).json()

    assert [one["id"] for one in found["results"]] == [payroll.pk]
    assert (found["next"], found["previous"]) == (None, None)


@pytest.mark.parametrize("data", [{}, {"to": "nowhere", "version": 1}, {"to": "qualified"}])
def test_what_cannot_be_read_is_named(client, rm, data):
    row = make_opportunity(make_customer(rm))

    answer = post(client, f"{row.pk}/move/", **data)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_details_change_over_the_api_what_is_not_sent_stays_and_twice_is_once(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    offer = make_offer()
    sent = {
        "amount": "455000.00", "months": 12, "next_action": "送方案", "next_on": "2026-12-01",
        "version_chosen": offer.pk, "version": 1,
    }  # fmt: skip

    first, second = (post(client, f"{row.pk}/change/", **sent) for _ in range(2))
    late = post(client, f"{row.pk}/change/", title="扩店", version=1)

    told = first.json()
    assert (told["title"], told["expected_on"]) == ("春节备货", "2026-12-20")
    assert {name: told[name] for name in sent} == sent | {"version": 2}
    assert told["product"] == offer.product.code
    assert second.json() == told
    assert (late.status_code, bool(late.json()["title"])) == (409, True)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"amount": "0"}, "amount"),
        ({"next_action": "送方案", "next_on": None}, "next_on"),
        ({"next_action": "", "next_on": "2026-12-01"}, "next_action"),
        ({"version_chosen": 2**31}, "version_chosen"),
    ],
)
def test_a_detail_that_cannot_be_is_refused_with_its_field(client, rm, sent, place):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())

    answer = post(client, f"{row.pk}/change/", version=1, **sent)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [place]
    row.refresh_from_db()
    assert row.version == 1


def test_a_product_of_another_family_or_off_sale_is_not_chosen(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    others = [make_offer("payroll"), make_offer(state="draft")]

    for offer in others:
        answer = post(client, f"{row.pk}/change/", version_chosen=offer.pk, version=1)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["version_chosen"])


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"months": 361}, "months"),
        ({"amount": "viel"}, "amount"),
        ({"next_on": "morgen"}, "next_on"),
        ({"version": None}, "version"),
    ],
)
def test_a_detail_that_cannot_be_read_is_named(client, rm, sent, place):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())

    answer = post(client, f"{row.pk}/change/", **({"version": 1} | sent))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [place])


def test_a_lost_one_is_reopened_for_a_reason_and_only_once(client, rm):
    """OPP-2."""
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    lose(opportunity_id=row.pk, reason="price", by=User.objects.get(pk=rm.pk))

    silent = post(client, f"{row.pk}/reopen/", version=2)
    late = post(client, f"{row.pk}/reopen/", reason="客户又来了", version=1)
    first, second = (
        post(client, f"{row.pk}/reopen/", reason="客户又来了", version=2) for _ in range(2)
    )

    assert (silent.status_code, list(silent.json()["errors"])) == (422, ["reason"])
    assert late.status_code == 409
    assert (first.json()["state"], first.json()["lost_reason"]) == ("open", "")
    assert second.json() == first.json()
    assert StageEvent.objects.filter(opportunity=row, skip_reason="客户又来了").count() == 1


def test_one_is_not_reopened_beside_another_of_its_family(client, rm):
    """OPP-6."""
    customer = make_ready_customer(rm)
    row = opened(customer, rm, at=timezone.now())
    lose(opportunity_id=row.pk, reason="price", by=User.objects.get(pk=rm.pk))
    newer = opened(customer, rm, at=timezone.now())

    answer = post(client, f"{row.pk}/reopen/", reason="客户又来了", version=2)

    assert (answer.status_code, answer.json()["existing"]) == (409, newer.pk)


def test_a_refused_duplicate_is_merged_into_the_open_one_and_twice_is_once(client, rm):
    """OPP-6: the larger amount and the earlier day win, gaps are filled, words that stand stay."""
    customer = make_ready_customer(rm)
    row = opened(customer, rm, at=timezone.now())
    sent = {
        "customer": customer.pk, "family": "working_capital_loan", "title": "扩店",
        "amount": "500000.00", "months": 24, "expected_on": "2026-12-10",
    }  # fmt: skip

    refused = post(client, "", origin_mode="active", **sent)
    first, second = (post(client, f"{refused.json()['existing']}/merge/", **sent) for _ in range(2))

    assert refused.status_code == 409
    told = first.json()
    assert (told["id"], told["title"], told["amount"]) == (row.pk, "春节备货", "500000.00")
    assert (told["months"], told["expected_on"], told["version"]) == (24, "2026-12-10", 2)
    assert second.json() == told
    assert Opportunity.objects.count() == 1


def test_what_does_not_belong_together_is_not_merged(client, rm):
    customer = make_ready_customer(rm)
    row = opened(customer, rm, at=timezone.now())
    stranger = make_customer(make_user("rm", make_branch()))
    same = {"customer": customer.pk, "family": "working_capital_loan"}
    path = f"{row.pk}/merge/"

    other = post(client, path, **(same | {"family": "payroll"}))
    nothing = post(client, path, **same, amount="0")
    unread = post(client, path, family="working_capital_loan")
    hidden = post(client, path, **(same | {"customer": stranger.pk}))
    lose(opportunity_id=row.pk, reason="price", by=User.objects.get(pk=rm.pk))
    closed = post(client, path, **same, amount="900000")

    assert (other.status_code, bool(other.json()["title"])) == (422, True)
    assert (nothing.status_code, list(nothing.json()["errors"])) == (422, ["amount"])
    assert (unread.status_code, list(unread.json()["errors"])) == (400, ["customer"])
    assert (hidden.status_code, closed.status_code) == (404, 409)
    row.refresh_from_db()
    assert row.amount == 300_000


@pytest.fixture
def lead(rm):
    return make_user("team_lead", rm.branch)


@pytest.fixture
def other(rm):
    return make_user("rm", rm.branch, full_name="赵强")


def chosen(*rows):
    """What a caller sends for these rows as they were read."""
    return [{"id": row.pk, "version": row.version} for row in rows]


def test_a_team_leader_passes_many_on_at_once_and_a_second_call_changes_nothing(
    client, rm, lead, other
):
    rows = [today_deal(rm, "甲厂"), today_deal(rm, "乙厂")]
    left = today_deal(rm, "丙厂")
    sent = {
        "opportunities": chosen(*rows), "owner": other.pk, "reason": "团队调整",
        "with_customers": True,
    }  # fmt: skip
    client.force_login(lead)

    first, second = (post(client, "reassign/", **sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == {"reassigned": [row.pk for row in rows]}
    assert second.json() == {"reassigned": []}
    assert {row.owner_id for row in Opportunity.objects.filter(pk__in=[r.pk for r in rows])} == {
        other.pk
    }
    left.refresh_from_db()
    assert left.owner == rm


def test_of_many_each_that_cannot_go_is_named_and_none_goes(client, rm, lead, other):
    """OPP-2, ROL-1: whoever read an old list overrules nobody; another unit's row is not named."""
    good, stale = today_deal(rm, "甲厂"), today_deal(rm, "乙厂")
    foreign = today_deal(make_user("rm", make_branch()), "别家厂")
    sent = {
        "opportunities": chosen(good, stale, foreign), "owner": other.pk, "reason": "团队调整",
        "with_customers": True,
    }  # fmt: skip
    change(opportunity_id=stale.pk, by=User.objects.get(pk=rm.pk), values={"title": "新的需求"})
    client.force_login(lead)

    answer = post(client, "reassign/", **sent)

    assert answer.status_code == 409
    assert set(answer.json()["errors"]) == {str(stale.pk), str(foreign.pk)}
    assert "别家厂" not in answer.content.decode()
    assert not Opportunity.objects.filter(owner=other).exists()


@pytest.mark.parametrize("role", ["rm", "risk_officer", "auditor"])
def test_whoever_may_not_reassign_on_the_page_may_not_over_the_api(client, rm, other, role):
    row = today_deal(rm, "甲厂")
    client.force_login(rm if role == "rm" else make_user(role, rm.branch))

    answer = post(client, "reassign/", opportunities=chosen(row), owner=other.pk, reason="团队调整")

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.owner == rm


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"opportunities": []}, "opportunities"),
        ({"opportunities": [{"id": 1}]}, "opportunities"),
        ({"opportunities": [{"id": n, "version": 1} for n in range(1, 502)]}, "opportunities"),
        ({"owner": "x"}, "owner"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_read_of_a_reassignment_is_named(client, rm, lead, other, sent, place):
    client.force_login(lead)
    good = {
        "opportunities": [{"id": 1, "version": 1}], "owner": other.pk, "reason": "团队调整",
    }  # fmt: skip

    answer = post(client, "reassign/", **(good | sent))

    assert answer.status_code == 400
    assert place in answer.json()["errors"]
