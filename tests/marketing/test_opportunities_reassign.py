"""Many opportunities change hands at once: all or none, each refusal by its own sentence."""

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry, User
from marketing.models import Opportunity
from marketing.services.opportunities import NotAllReassigned, change, lose, reassign
from tests.factories import make_branch, make_user
from tests.marketing.deals import today_deal
from tests.marketing.factories import load_rules

LIST, MANY = "/marketing/pipeline/list/", "/marketing/pipeline/list/reassign/"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm", full_name="李敏")


@pytest.fixture
def lead(rm):
    return make_user("team_lead", rm.branch)


@pytest.fixture
def other(rm):
    return make_user("rm", rm.branch, full_name="赵强")


def afresh(user):
    """The user as the next request reads it: a new unit moves every number of the tree."""
    return User.objects.select_related("branch").get(pk=user.pk)


def picked(*rows):
    """What the page sends for these rows as they were read."""
    return [f"{row.pk}.{row.version}" for row in rows]


def owners():
    """Who has each opportunity and each customer now."""
    rows = Opportunity.objects.select_related("owner", "customer__manager").order_by("pk")
    return [(row.owner.full_name, row.customer.manager.full_name) for row in rows]


def test_all_that_were_chosen_go_with_their_customers(client, rm, lead, other):
    rows = [today_deal(rm, f"{name}厂") for name in "甲乙丙"]
    left = today_deal(rm, "丁厂")
    client.force_login(lead)

    answer = client.post(
        MANY,
        {"o": picked(*rows), "owner": other.pk, "reason": "团队调整", "with_customers": "on"},
        headers=FRAGMENT,
    )

    assert answer.status_code == 200
    assert "pipeline-moved" in answer["HX-Trigger-After-Settle"]
    assert owners() == [("赵强", "赵强")] * 3 + [("李敏", "李敏")]
    told = AuditEntry.objects.filter(event="marketing.opportunity_reassigned")
    assert sorted(entry.details["owner"] for entry in told) == [other.pk] * 3
    left.refresh_from_db()
    assert left.version == 1


def test_each_row_that_cannot_go_is_told_and_nothing_is_half_done(rm, lead, other):
    """OPP-2: whoever looks at an old list overrules nobody."""
    good, closed, changed, stranger = (today_deal(rm, f"{name}厂") for name in "甲乙丙丁")
    foreign = today_deal(make_user("rm", make_branch()), "别家厂")
    rm, lead = afresh(rm), afresh(lead)
    versions = {row.pk: row.version for row in (good, closed, changed, stranger, foreign)}
    lose(opportunity_id=closed.pk, reason="price", by=rm)
    change(opportunity_id=changed.pk, by=rm, values={"title": "新的需求"})
    good.customer.manager = other
    good.customer.save(update_fields=["manager"])

    with pytest.raises(NotAllReassigned) as caught:
        reassign(
            opportunity_ids=list(versions), versions=versions, owner_id=other.pk, by=lead,
            reason="团队调整",
        )  # fmt: skip

    told = {one.pk: str(one.why) for one in caught.value.refused}
    assert told == {
        closed.pk: "该商机已结束：已流失。",
        changed.pk: "该商机在您选中后已有变动：目前处于“线索”，由李敏跟进。",
        stranger.pk: "该客户由李敏管户：请一并移交客户，或将其剔除。",
        foreign.pk: "该商机不在您的管辖范围内。",
    }
    assert [one.row for one in caught.value.refused if one.pk == foreign.pk] == [None]
    assert caught.value.status == 409
    assert not Opportunity.objects.filter(owner=other).exists()
    assert not AuditEntry.objects.filter(event="marketing.opportunity_reassigned").exists()


def test_the_page_shows_the_refusals_and_sends_the_others_when_asked(client, rm, lead, other):
    good, stale = today_deal(rm, "甲厂"), today_deal(rm, "乙厂")
    sent = {
        "o": picked(good, stale), "owner": other.pk, "reason": "团队调整", "with_customers": "on",
    }  # fmt: skip
    change(opportunity_id=stale.pk, by=rm, values={"title": "新的需求"})
    client.force_login(lead)

    first = client.post(MANY, sent, headers=FRAGMENT)
    html = first.content.decode()
    second = client.post(MANY, sent | {"skip": [stale.pk], "without": "1"}, headers=FRAGMENT)

    assert first.status_code == 422
    assert "所选 2 笔中有 1 笔不能改派" in html and "乙厂" in html and "已有变动" in html
    assert f'name="skip" value="{stale.pk}"' in html and "仅改派其余 1 笔" in html
    assert second.status_code == 200
    assert owners() == [("赵强", "赵强"), ("李敏", "李敏")]


def test_a_row_of_another_unit_is_never_named(client, rm, lead, other):
    """ROL-1."""
    foreign = today_deal(make_user("rm", make_branch()), "别家厂")
    client.force_login(lead)
    sent = {"o": picked(foreign), "owner": other.pk, "reason": "团队调整", "with_customers": "on"}

    pages = [client.get(MANY, {"o": picked(foreign)}), client.post(MANY, sent)]

    assert [page.status_code for page in pages] == [200, 422]
    assert not any("别家厂" in page.content.decode() for page in pages)
    foreign.refresh_from_db()
    assert foreign.owner != other


def test_asked_twice_it_is_done_once(client, rm, lead, other):
    rows = [today_deal(rm, "甲厂"), today_deal(rm, "乙厂")]
    sent = {"o": picked(*rows), "owner": other.pk, "reason": "团队调整", "with_customers": "on"}
    client.force_login(lead)

    answers = [client.post(MANY, sent, headers=FRAGMENT) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert AuditEntry.objects.filter(event="marketing.opportunity_reassigned").count() == 2
    assert set(Opportunity.objects.values_list("version", flat=True)) == {2}


def test_only_managers_of_the_own_unit_are_offered_with_the_work_they_have(client, rm, lead, other):
    today_deal(rm, "甲厂")
    today_deal(rm, "乙厂", state="won", closed_at=timezone.now())
    outside = make_user("rm", make_branch(), full_name="外人")
    row = Opportunity.objects.filter(state="open").get()
    lead = afresh(lead)
    client.force_login(lead)

    html = client.get(MANY, {"o": picked(row)}, headers=FRAGMENT).content.decode()

    assert f"李敏 · {rm.branch} · 在办 1 笔" in html
    assert f"赵强 · {rm.branch} · 在办 0 笔" in html
    assert "外人" not in html
    for owner in (outside.pk, lead.pk, 0):
        with pytest.raises(DomainError) as refused:
            reassign(opportunity_ids=[row.pk], owner_id=owner, by=lead, reason="团队调整")
        assert "owner" in refused.value.fields


@pytest.mark.parametrize("role", ["rm", "team_lead", "branch_head", "risk_officer", "auditor"])
def test_boxes_are_there_for_those_who_may_reassign(client, rm, role):
    row = today_deal(rm, "甲厂")
    reader = rm if role == "rm" else make_user(role, rm.branch)
    client.force_login(reader)

    page = client.get(LIST).content.decode()
    closed = client.get(LIST + "?state=won").content.decode()
    asked = client.get(MANY, {"o": picked(row)})

    may = role in ("team_lead", "branch_head")
    assert (f'name="o" value="{row.pk}.1"' in page) == may
    assert "data-picked" not in closed
    assert asked.status_code == (200 if may else 403)


@pytest.mark.parametrize("sent", [[], ["x"], ["1"], ["1.x"], ["9" * 40 + ".1"]])
def test_nothing_chosen_or_nonsense_asks_to_choose(client, rm, lead, other, sent):
    client.force_login(lead)

    asked = client.get(MANY, {"o": sent})
    posted = client.post(MANY, {"o": sent, "owner": other.pk, "reason": "团队调整"})

    assert (asked.status_code, posted.status_code) == (200, 422)
    assert "尚未选择商机" in asked.content.decode()
    assert "尚未选择商机" in posted.content.decode()


def test_the_question_costs_the_same_for_many(client, rm, lead, other, same_queries):
    rows = [today_deal(rm, "甲厂")]
    client.force_login(lead)

    same_queries(
        lambda: client.get(MANY, {"o": picked(*rows)}, headers=FRAGMENT),
        grow=lambda: rows.extend(today_deal(rm, f"新厂{n}") for n in range(9)),
    )


def test_one_alone_that_changed_meanwhile_is_refused_too(client, rm, lead, other):
    row = today_deal(rm, "甲厂")
    client.force_login(lead)
    url = f"{row.get_absolute_url()}reassign/"
    sent = {"owner": other.pk, "reason": "团队调整", "with_customers": "on", "version": 1}
    change(opportunity_id=row.pk, by=rm, values={"title": "新的需求"})

    late = client.post(url, sent)
    again = client.post(url, sent | {"version": 2})

    assert (late.status_code, again.status_code) == (422, 302)
    assert "该商机在您选中后已有变动" in late.content.decode()
    row.refresh_from_db()
    assert row.owner == other
