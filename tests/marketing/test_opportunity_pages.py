"""The page of one opportunity and its dialogs: links, gates, moves, details, duplicates."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from marketing.models import Opportunity
from marketing.services.opportunities import move, tick
from marketing.views.pipeline_words import due_words
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.deals import (
    make_offer,
    make_ready_customer,
    opened,
    portrait,
    today_deal,
    walk,
)
from tests.marketing.factories import load_rules, make_visit
from tests.products.competing import make_competitor
from tests.products.suggested import make_suggestion

BOARD, LIST, MONTH = (
    "/marketing/pipeline/", "/marketing/pipeline/list/", "/marketing/pipeline/calendar/",
)  # fmt: skip
FRAGMENT = {"HX-Request": "true"}
READERS = ("rm", "team_lead", "branch_head", "risk_officer", "auditor")
OTHERS = ("catalog_admin", "sys_admin")


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm")


def test_the_page_of_one_costs_the_same_with_more_history(client, rm, same_queries):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    client.force_login(rm)

    def grow():
        for to, why in (("qualified", ""), ("lead", "需求变了")) * 4:
            move(opportunity_id=row.pk, to=to, by=rm, reason=why)

    move(opportunity_id=row.pk, to="qualified", by=rm)
    move(opportunity_id=row.pk, to="lead", by=rm, reason="需求变了")
    same_queries(lambda: client.get(row.get_absolute_url()), grow=grow)


def test_the_page_of_one_links_to_customer_product_suggestion_and_visit(client, rm):
    customer = make_ready_customer(rm)
    row = opened(
        customer, rm, version=make_offer(), at=timezone.now(),
        visit=make_visit(customer, need="备货"),
        suggestion=make_suggestion(customer, family="working_capital_loan"),
    )  # fmt: skip
    client.force_login(rm)

    html = client.get(row.get_absolute_url()).content.decode()

    for url in (
        reverse("customers:detail", args=[customer.pk]),
        row.version_chosen.get_absolute_url(),
        reverse("products:suggestion_receipt", args=[row.suggestion_id]),
        row.visit.get_absolute_url(),
        reverse("marketing:opportunity_lose", args=[row.pk]),
    ):
        assert f'"{url}"' in html


def test_dropping_on_a_gated_stage_lists_what_is_missing_with_where_to_mend_it(client, rm):
    row = today_deal(rm, stage="investigated")
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_move", args=[row.pk]),
        {"to": "submitted", "version": 1},
        headers=FRAGMENT,
    )

    html = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#dialog-place")
    assert "<dialog" in html and "交叉验证" in html and "人工" in html
    assert reverse("customers:detail", args=[row.customer_id]) in html
    row.refresh_from_db()
    assert row.stage == "investigated"


def test_a_tick_in_the_dialog_comes_back_with_what_is_still_missing(client, rm):
    row = today_deal(rm, stage="submitted")
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_tick", args=[row.pk]),
        {"key": "papers_complete", "note": "已收齐", "version": 1, "to": "approved"},
        headers=FRAGMENT,
    )

    html = answer.content.decode()
    assert "已选定产品版本" in html and "papers_complete" not in html
    row.refresh_from_db()
    assert row.evidence["papers_complete"]["note"] == "已收齐"


def test_a_gate_that_was_passed_stays_as_it_was_shown(client, rm):
    """OPP-2: facts that change later take nothing back from what was proved."""
    row = opened(make_ready_customer(rm), rm)
    row = walk(row, rm, "qualified", "investigated", "submitted")
    portrait(row.customer, completeness=41)
    client.force_login(rm)

    html = client.get(row.get_absolute_url()).content.decode()

    steps = re.findall(r'steps__name">(.*?)</span><span class="source">(.*?)</span>', html)
    assert dict(steps[:4]) == {
        "线索": "1/1", "初筛": "6/6", "尽职调查": "3/3", "申报": "0/2",
    }  # fmt: skip
    move(opportunity_id=row.pk, to="qualified", by=rm, reason="资料过期")
    html = client.get(row.get_absolute_url()).content.decode()
    steps = re.findall(r'steps__name">(.*?)</span><span class="source">(.*?)</span>', html)
    assert dict(steps)["线索"] == "1/1" and dict(steps)["初筛"] == "5/6"


def test_after_a_tick_in_the_dialog_the_card_of_the_board_is_no_old_one(client, rm):
    row = today_deal(rm, stage="submitted")
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_tick", args=[row.pk]),
        {"key": "papers_complete", "note": "已收齐", "version": 1, "to": "approved"},
        headers=FRAGMENT,
    )

    assert json.loads(answer["HX-Trigger"]) == {"pipeline-saved": {"pk": row.pk, "version": 2}}


def test_a_loss_to_a_competitor_asks_for_its_name_once_and_offers_those_known(client, rm):
    make_competitor("河口农商行")
    row = today_deal(rm)
    client.force_login(rm)
    url = reverse("marketing:opportunity_lose", args=[row.pk])

    asked = client.get(url, headers=FRAGMENT).content.decode()
    wrong = client.post(url, {"reason": "competitor"}, headers=FRAGMENT)
    right = client.post(url, {"reason": "competitor", "lost_to": "河口农商行"})

    assert '<option value="河口农商行">' in asked and 'list="peers"' in asked
    assert wrong.status_code == 422
    assert wrong.content.decode().count("请填写竞争对手名称") == 1
    row.refresh_from_db()
    assert (right.status_code, row.state, row.lost_to) == (302, "lost", "河口农商行")


def test_a_move_on_the_board_redraws_it_and_elsewhere_leads_to_the_page(client, rm):
    client.force_login(rm)
    answers = {}
    for where in (BOARD, "/customers/1/"):
        row = opened(make_ready_customer(rm), rm, at=timezone.now())
        answers[where] = client.post(
            reverse("marketing:opportunity_move", args=[row.pk]),
            {"to": "qualified", "version": 1},
            headers=FRAGMENT | {"HX-Current-URL": f"http://testserver{where}?pipeline=credit"},
        )
    plain = opened(make_ready_customer(rm), rm, at=timezone.now())
    sent = client.post(
        reverse("marketing:opportunity_move", args=[plain.pk]), {"to": "qualified", "version": 1}
    )

    assert "pipeline-moved" in answers[BOARD]["HX-Trigger"]
    assert answers["/customers/1/"]["HX-Redirect"] == row.get_absolute_url()
    assert (sent.status_code, sent.url) == (302, plain.get_absolute_url())


def test_the_second_of_two_reads_a_sentence_and_no_error(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    client.force_login(rm)
    url = reverse("marketing:opportunity_move", args=[row.pk])
    client.post(url, {"to": "qualified", "version": 1})

    late = client.post(url, {"to": "lead", "version": 1, "reason": "x"}, headers=FRAGMENT)

    assert late.status_code == 409
    assert "您的操作未保存" in late.content.decode()


def test_details_are_saved_and_what_is_wrong_is_shown_beside_its_field(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    client.force_login(rm)
    url = reverse("marketing:opportunity_details", args=[row.pk])
    told = {
        "title": "扩店", "amount": "45.5", "months": "12", "expected_on": "2026-12-30",
        "version_chosen": "", "next_action": "送方案", "next_on": "", "version": "1",
    }  # fmt: skip

    wrong = client.post(url, told)
    right = client.post(url, told | {"next_on": "2026-12-01"})
    late = client.post(url, told | {"next_on": "2026-12-02"})

    row.refresh_from_db()
    assert (wrong.status_code, right.status_code, late.status_code) == (422, 302, 409)
    assert "请填写日期" in wrong.content.decode()
    assert (row.amount, row.title, row.next_on) == (455_000, "扩店", date(2026, 12, 1))


def test_a_detail_that_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_details", args=[row.pk]),
        {"title": "扩建二号仓库", "amount": "0", "version": "1"},
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "扩建二号仓库" in html and "须大于零" in html
    row.refresh_from_db()
    assert (row.title, row.version) == ("春节备货", 1)


def test_a_move_whose_version_cannot_be_read_is_none(client, rm):
    row = opened(make_ready_customer(rm), rm, at=timezone.now())
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_move", args=[row.pk]), {"to": "qualified", "version": "x"}
    )

    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.stage == "lead"


def test_a_figure_short_of_its_limit_is_not_rounded_up_to_it(client, rm):
    row = today_deal(rm, stage="investigated")
    make_portrait(row.customer, completeness=69.96)
    client.force_login(rm)

    html = client.get(reverse("marketing:opportunity_move", args=[row.pk])).content.decode()

    assert '<span class="muted num">69.9 / 70</span>' in html


def test_a_tick_of_the_early_morning_has_the_day_of_china(client, rm):
    row = opened(make_ready_customer(rm), rm)
    at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # half past seven on the third
    tick(opportunity_id=row.pk, key="cross_check", note="底稿 118", by=rm, at=at)
    client.force_login(rm)

    html = client.get(row.get_absolute_url()).content.decode()

    assert f"底稿 118 · {rm.full_name} · 2026-11-03" in html


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "2 days left"), (1, "1 day left"), (-1, "1 day over"), (-2, "2 days over")],
)
def test_one_day_is_no_days(days, words):
    today = date(2026, 11, 20)
    row = Opportunity(state="open", stage_due_on=today + timedelta(days=days))

    with translation.override("en"):
        assert due_words(row, today) == words


def test_a_family_changed_after_the_refusal_is_not_merged_into_the_other(client, rm):
    customer = make_ready_customer(rm)
    row = opened(customer, rm, at=timezone.now())
    client.force_login(rm)

    answer = client.post(
        reverse("marketing:opportunity_add", args=[customer.pk]),
        {"family": "payroll", "origin_mode": "active", "amount": "900", "merge_into": row.pk},
    )

    row.refresh_from_db()
    assert answer.status_code == 422
    assert "其他产品" in answer.content.decode()
    assert (row.amount, Opportunity.objects.count()) == (300_000, 1)


def test_a_new_one_is_opened_and_a_duplicate_is_offered_to_merge(client, rm):
    customer = make_ready_customer(rm)
    client.force_login(rm)
    url = reverse("marketing:opportunity_add", args=[customer.pk])
    told = {"family": "payroll", "origin_mode": "active", "title": "代发", "amount": "2"}

    first = client.post(url, told)
    second = client.post(url, told | {"amount": "9", "months": "6"})
    row = Opportunity.objects.get()
    merged = client.post(url, told | {"amount": "9", "months": "6", "merge_into": row.pk})

    row.refresh_from_db()
    assert (first.status_code, second.status_code, merged.status_code) == (302, 422, 302)
    html = second.content.decode()
    assert "合并" in html and f'value="{row.pk}"' in html and row.get_absolute_url() in html
    assert (row.amount, row.months) == (90_000, 6)
    assert f'data-draft="opportunity-{customer.pk}"' in client.get(url).content.decode()
    assert "data-draft" not in html


def test_a_customer_is_found_for_a_new_one_within_reach_only(client, rm):
    mine = make_customer(rm, name="东方红机械")
    make_customer(make_user("rm", make_branch()), name="东方明珠食品")
    client.force_login(rm)

    html = client.get("/marketing/pipeline/new/?q=东方", headers=FRAGMENT).content.decode()

    assert reverse("marketing:opportunity_add", args=[mine.pk]) in html
    assert "东方明珠食品" not in html
