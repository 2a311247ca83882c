"""Board, list and calendar: scope, roles, fragments, filters, constant queries."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.core.models import User
from crm.core.months import last_closed
from crm.core.parameters import parameters
from customers.models import DepositMonth
from marketing.models import Opportunity
from marketing.selectors.pipeline import opportunity_page, pipeline_board
from marketing.selectors.pipeline_query import PipelineQuery, opportunity_list, read_pipeline_query
from tests.factories import make_branch, make_user
from tests.marketing.deals import today_deal
from tests.marketing.factories import load_rules

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


def surfaces(client, row):
    """Every place that may name the customer of an opportunity."""
    for url in (BOARD, LIST, MONTH, "/api/v1/opportunities/"):
        yield client.get(url).content.decode()
    yield client.get(f"/api/v1/opportunities/{row.pk}/").content.decode()
    for name in ("opportunity", "opportunity_move", "opportunity_lose", "opportunity_reassign"):
        yield client.get(reverse(f"marketing:{name}", args=[row.pk])).content.decode()
    box = reverse("customers:panel", args=[row.customer_id, "marketing.opportunities"])
    yield client.get(box).content.decode()


def test_no_surface_names_the_customers_of_others(client, rm):
    mine = today_deal(rm, "我的机械厂")
    theirs = today_deal(make_user("rm", make_branch()), "别家食品厂")
    client.force_login(rm)

    own, foreign = list(surfaces(client, mine)), list(surfaces(client, theirs))

    assert sum("我的机械厂" in html for html in own) >= 8
    assert not any("别家食品厂" in html for html in own + foreign)


@pytest.mark.parametrize("role", [*READERS, *OTHERS])
def test_every_role_sees_what_it_may_and_only_managers_move(client, rm, role):
    row = today_deal(rm)
    reader = rm if role == "rm" else make_user(role, rm.branch)
    client.force_login(reader)

    pages = [client.get(url) for url in (BOARD, LIST, MONTH, row.get_absolute_url())]
    moved = client.post(
        reverse("marketing:opportunity_move", args=[row.pk]), {"to": "qualified", "version": 1}
    )

    may = role in READERS
    assert {page.status_code for page in pages} == {200 if may else 403}
    assert all(("测试机械厂" in page.content.decode()) == may for page in pages)
    assert (reverse("marketing:opportunity_move", args=[row.pk]) in pages[3].content.decode()) == (
        role == "rm"
    )
    assert (moved.status_code == 403) == (role != "rm")


def test_readers_outside_the_chain_see_bands(client, rm):
    row = today_deal(rm, amount=1_234_500)
    client.force_login(make_user("auditor"))

    html = "".join(
        client.get(url).content.decode() for url in (BOARD, LIST, row.get_absolute_url())
    )

    assert "100-500万" in html
    assert "123.4" not in html and "123.5" not in html


def test_a_figure_of_a_gate_is_a_band_for_those_who_read_bands(client, rm):
    row = today_deal(
        rm, pipeline="other", family="deposit", stage="opened", amount=None,
        opened_at=timezone.now() - timedelta(days=100),
    )  # fmt: skip
    DepositMonth.objects.create(
        customer=row.customer, ym=last_closed(timezone.localdate()), average_amount=9_000_000,
        end_amount=9_000_000, minimum_amount=Decimal("1234567.89"),
    )  # fmt: skip
    told = {}
    for role, reader in (("rm", rm), ("auditor", make_user("auditor"))):
        client.force_login(reader)
        html = client.get(row.get_absolute_url()).content.decode()
        told[role] = re.search(r'<span class="muted num">(.*?)</span>', html)[1]

    assert told == {"rm": "123.5 万元 / 1,000 元", "auditor": "100-500万 / 1,000 元"}


@pytest.mark.parametrize("url", [BOARD, LIST, MONTH])
def test_the_fragment_is_the_moving_part_and_names_its_address(client, rm, url):
    today_deal(rm)
    client.force_login(rm)

    answer = client.get(url + "?overdue=1", headers=FRAGMENT)

    html = answer.content.decode()
    assert "测试机械厂" in html and "<html" not in html
    assert answer["HX-Push-Url"] == url + "?overdue=1"


@pytest.mark.parametrize("url", [BOARD, LIST, MONTH])
def test_a_view_costs_the_same_with_more_rows(client, rm, url, same_queries):
    today_deal(rm)
    client.force_login(rm)
    families = ("loan", "fixed_asset_loan", "payroll")

    same_queries(
        lambda: client.get(url),
        grow=lambda: [today_deal(rm, f"新厂{n}", family=f) for n in range(5) for f in families],
    )


def test_the_board_adds_up_count_amount_and_weight_of_each_column(rm):
    for amount, chance in ((300_000, 0.1), (100_000, 0.25), (None, 0.1)):
        today_deal(rm, amount=amount, probability=chance)
    today_deal(rm, stage="approved", amount=50_000, probability=0.8)
    today_deal(rm, family="payroll", pipeline="other", amount=70_000)
    won = {"state": "won", "stage": "drawn", "probability": 1.0, "amount": 20_000}
    today_deal(rm, **won, closed_at=timezone.now())
    today_deal(rm, **won, closed_at=timezone.now() - timedelta(days=31))

    known = parameters(timezone.localdate())
    board = pipeline_board(user=rm, query=PipelineQuery(), known=known)

    told = {c.stage.key: (c.count, c.amount, round(c.weighted)) for c in board.columns if c.count}
    assert told == {
        "lead": (3, 400_000, 55_000), "approved": (1, 50_000, 40_000), "drawn": (1, 20_000, 20_000),
    }  # fmt: skip
    assert (board.count, board.amount, round(board.weighted)) == (4, 450_000, 95_000)  # OPP-4
    assert board.overdue == 4


def test_every_number_of_the_board_opens_its_rows_under_the_same_filters(client, rm):
    late = timezone.localdate() - timedelta(days=2)
    today_deal(rm, "甲厂", stage_due_on=late, origin_mode="data")
    today_deal(rm, "乙厂", origin_mode="data", stage_due_on=late + timedelta(days=30))
    today_deal(rm, "丙厂", stage_due_on=late)
    today_deal(rm, "丁厂", stage_due_on=late, origin_mode="data", stage="approved")
    client.force_login(rm)

    html = client.get(BOARD + "?mode=data").content.decode()

    def rows(pattern):
        url = re.search(pattern, html, re.S)[1].replace("&amp;", "&")
        listed = client.get(url).content.decode()
        return {name for name in ("甲厂", "乙厂", "丙厂", "丁厂") if name in listed}

    assert rows(r'id="stage-lead"><a href="(.*?)"') == {"甲厂", "乙厂"}
    assert rows(r'<a class="bad-text" href="(.*?)">2 笔超时') == {"甲厂", "丁厂"}
    assert rows(r'stage-lead.*?<a class="bad-text" href="(.*?)"') == {"甲厂"}


def test_what_was_won_lately_opens_what_was_won_lately(client, rm):
    """The last column counts thirty days: its link opens those and no older one."""
    won = {"state": "won", "stage": "drawn", "probability": 1.0, "origin_mode": "data"}
    now = timezone.now()
    today_deal(rm, "甲厂", **won, closed_at=now)
    today_deal(rm, "乙厂", **won, closed_at=now - timedelta(days=31))
    client.force_login(rm)

    html = client.get(BOARD + "?mode=data").content.decode()
    url, count = re.search(
        r'id="stage-drawn"><a href="(.*?)".*?kanban__count">(\d+)<', html, re.S
    ).groups()
    listed = client.get(url.replace("&amp;", "&")).content.decode()
    every = client.get(LIST + "?mode=data&state=won").content.decode()
    still_open = client.get(LIST + "?mode=data&recent=1").content.decode()

    assert count == "1"
    assert "甲厂" in listed and "乙厂" not in listed and "近 30 天结束" in listed
    assert "甲厂" in every and "乙厂" in every
    assert "近 30 天结束" not in still_open


def test_a_column_shows_the_most_urgent_cards_and_says_how_many_more(client, rm):
    today = timezone.localdate()
    for number in range(15):
        today_deal(rm, f"排队{number:02d}厂", stage_due_on=today + timedelta(days=20 - number))
    client.force_login(rm)

    html = client.get(BOARD).content.decode()

    shown = re.findall(r"排队(\d\d)厂</a>", html)
    assert shown == [f"{number:02d}" for number in range(14, 2, -1)]
    assert "另有 3 项" in html


def test_the_same_filters_narrow_all_three_views(client, rm):
    second = make_user("rm", rm.branch)
    head = make_user("branch_head", rm.branch)
    rm.refresh_from_db()
    today = timezone.localdate()
    calm = {"stage_due_on": today + timedelta(days=9)}
    old = timezone.now() - timedelta(days=40)
    today_deal(rm, "甲厂")
    today_deal(second, "乙厂", origin_mode="data", stage="approved", **calm)
    today_deal(rm, "丙厂", family="loan", opened_at=old, last_action_on=old.date(), **calm)
    client.force_login(head)

    def names(query):
        found = set()
        for url in (BOARD, LIST, MONTH):
            html = client.get(url + query).content.decode()
            found.add(frozenset(n for n in ("甲厂", "乙厂", "丙厂") if n in html))
        assert len(found) == 1, (query, found)
        return set(found.pop())

    assert names("") == {"甲厂", "乙厂", "丙厂"}
    assert names("?family=loan") == names("?pipeline=other&family=loan") == {"丙厂"}
    assert names("?mode=data") == {"乙厂"}
    assert names("?stage=approved") == {"乙厂"}
    assert names(f"?owner={second.pk}") == {"乙厂"}
    assert names(f"?unit={rm.branch_id}") == {"甲厂", "乙厂", "丙厂"}
    assert names(f"?unit={make_branch().pk}") == set()
    assert names("?band=31-60") == {"丙厂"}
    assert names("?overdue=1") == {"甲厂"}
    assert names("?stalled=1") == {"丙厂"}
    assert names("?family=nonsense&owner=x&unit=99999999999&band=9&after=%%%&month=9") == {
        "甲厂", "乙厂", "丙厂",
    }  # fmt: skip


@pytest.mark.parametrize("sort", ["", "due", "-amount", "amount", "-opened", "next", "-expected"])
def test_pages_walk_through_every_row_once_and_back(rm, sort):
    from dataclasses import replace

    import marketing.selectors.pipeline as page_module

    known = parameters(timezone.localdate())
    for number in range(7):
        today_deal(
            rm,
            amount=None if number % 3 == 0 else number % 2 * 100_000 + 1,
            stage_due_on=known.as_of + timedelta(days=number % 2),
            next_on=None if number % 4 == 0 else known.as_of,
        )
    query, seen, kept = PipelineQuery(sort=sort), [], page_module.PAGE
    page_module.PAGE = 3
    try:
        while query is not None:
            found = opportunity_page(user=rm, query=query, known=known)
            seen.append([row.pk for row in found.rows])
            query, last = found.next, found
            if query is not None:  # as it would come back from an address
                query = read_pipeline_query(_data(query.address(place=query.place)))
        back = opportunity_page(user=rm, query=last.previous, known=known)
    finally:
        page_module.PAGE = kept

    every = [key for part in seen for key in part]
    assert sorted(every) == sorted(Opportunity.objects.values_list("pk", flat=True))
    assert [row.pk for row in back.rows] == seen[-2]
    assert replace(PipelineQuery(), sort=sort).order == (sort or "due")


def _data(address):
    from django.http import QueryDict

    return QueryDict(address.removeprefix("?"))


def test_a_place_of_another_order_is_left_out():
    from customers.selectors.keyset import Place

    place = Place("2026-11-20", 7).written()

    assert read_pipeline_query({"after": place}).place is not None
    assert read_pipeline_query({"after": place, "sort": "amount"}).place is None
    assert read_pipeline_query({"after": Place(5, 7).written(), "sort": "due"}).place is None
    assert read_pipeline_query({"after": Place(5, 7).written(), "sort": "opened"}).place is None


def test_the_calendar_tells_holidays_worked_weekends_and_what_is_due(client, rm):
    row = today_deal(rm, next_on=date(2026, 10, 5), expected_on=date(2026, 10, 20))
    for number in range(5):
        today_deal(rm, f"满员{number}厂", next_on=date(2026, 10, 20))
    client.force_login(rm)

    html = client.get(MONTH + "?month=2026-10").content.decode()

    days = dict(re.findall(r'<time datetime="([\d-]+)".*?</div>(.*?)</div>', html, re.S))
    assert row.customer.name in days["2026-10-05"] and "送方案" in days["2026-10-05"]
    assert row.customer.name in days["2026-10-20"]
    assert "day=2026-10-20" in days["2026-10-20"]
    assert "国庆节" in html and "班</span>" in html  # 10-10 is a worked Saturday
    assert client.get(MONTH + "?month=2030-01").status_code == 200  # not published yet


def test_a_day_of_the_calendar_stays_when_a_filter_is_chosen(client, rm):
    today_deal(rm)
    client.force_login(rm)

    html = client.get(LIST + "?day=2026-10-20").content.decode()

    assert '<input type="hidden" name="day" value="2026-10-20">' in html


class WhoeverLooks(TestCase):
    """For any place in the tree, lists hold the rows in reach and no other (ROL-1)."""

    @classmethod
    def setUpTestData(cls):
        load_rules()
        cls.root = make_branch()
        cls.units = [cls.root, *(make_branch(parent=cls.root) for _ in range(2))]
        cls.units += [make_branch(parent=cls.units[1], level="team")]
        cls.managers = [make_user("rm", unit) for unit in cls.units for _ in range(2)]
        cls.readers = [
            make_user(role, unit)
            for unit in cls.units
            for role in ("team_lead", "branch_head", "risk_officer")
        ]
        for manager in cls.managers:
            manager.refresh_from_db()
            today_deal(manager)

    @settings(max_examples=30, deadline=None)
    @given(data=st.data())
    def test_rows_are_those_whose_customer_is_in_reach(self, data):
        someone = data.draw(st.sampled_from([*self.managers, *self.readers]))
        reader = User.objects.select_related("branch").get(pk=someone.pk)
        unit = data.draw(st.sampled_from([None, *self.units]))
        known = parameters(timezone.localdate())
        query = PipelineQuery(unit=unit.pk if unit else None)

        rows = opportunity_list(user=reader, query=query, known=known)
        board = pipeline_board(user=reader, query=query, known=known)

        def within(number):
            if reader.role == "rm":
                mine = number == reader.scope_no
            else:
                mine = reader.branch.scope_lo <= number <= reader.branch.scope_hi
            place = type(self.root).objects.get(pk=unit.pk) if unit else None
            return mine and (place is None or place.scope_lo <= number <= place.scope_hi)

        wanted = {
            row.pk
            for row in Opportunity.objects.select_related("customer")
            if within(row.customer.scope_no)
        }
        assert set(rows.values_list("pk", flat=True)) == wanted
        assert board.count == len(wanted)
        assert {card.pk for column in board.columns for card in column.cards} <= wanted
