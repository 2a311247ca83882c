"""Every number of every tile opens exactly the rows that make it (e.7), for several users."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.models import User
from marketing.boards.measures import MEASURES, Kind
from marketing.boards.spec import Narrow
from marketing.boards.tiles import TILES, Lines
from marketing.demo.build import make_field_work
from marketing.demo.frame import Work
from marketing.models import BoardCell, Opportunity, Visit
from marketing.selectors.board import board, tile_lines
from marketing.selectors.board_ranking import POINTS, ranking
from marketing.selectors.board_rows import board_rows
from marketing.selectors.board_sight import BoardQuery
from marketing.services.board_counts import count_boards
from marketing.views.board_manager import LOOSE_ENDS
from tests.demo_bank import AS_OF, quiet

WALKS = {  # who walks over which boards; all ways to narrow one are among them
    "rm": (BoardQuery("month"), BoardQuery("12m", narrow={Narrow.GROUP: "micro_small"})),
    "team_lead": (BoardQuery("last_quarter"),),
    "branch_head": (
        BoardQuery("12m"),
        BoardQuery("year", narrow={Narrow.INDUSTRY: "F", Narrow.MODE: "active"}),
    ),
    "auditor": (BoardQuery("2025-09..2026-02", narrow={Narrow.FAMILY: "working_capital_loan"}),),
}


@pytest.fixture
def bank(demo_bank):
    """The demo bank with three years of field work, counted."""
    make_field_work(Work(AS_OF, 1), quiet)
    count_boards(as_of=AS_OF)
    return demo_bank


def numbers(found):
    """Every number a board shows, with the manager it is about: of the ranking two lines."""
    for tile in TILES:
        if tile.by == Lines.MANAGERS:
            continue
        for line in tile_lines(found, tile, {}):
            yield from ((tile.key, None, shown) for shown in line.cells if shown)
    for rank in ranking(found)[:2]:
        pairs = [cell.shown for cell in rank.cells] + [part.shown for part in rank.parts]
        yield from (("managers", rank.manager.pk, shown) for shown in pairs)


def test_every_number_opens_as_many_rows_as_it_counts(bank):
    wrong, looked_at, full = [], 0, 0

    for role, queries in WALKS.items():
        user = bank.user(role)
        for query in queries:
            found = board(user=user, query=query)
            for tile, manager, shown in numbers(found):
                asked = replace(query, manager=manager or query.manager)
                rows = board_rows(
                    user=user, query=asked, measure=shown.measure, cut=shown.cut, size=10_000
                )
                looked_at += 1
                full += bool(rows.count)
                if rows.count != shown.rows:
                    wrong.append((role, tile, shown.measure.key, shown.cut, shown.rows, rows.count))

    assert wrong == []
    assert looked_at > 800
    assert full > 200


def test_every_sum_and_share_is_what_its_rows_add_up_to(bank):
    user = bank.user("branch_head")
    query = BoardQuery("12m")
    found = board(user=user, query=query)
    compared = 0

    for _tile, manager, shown in numbers(found):
        kind = shown.measure.kind
        if kind not in (Kind.SUM, Kind.MEAN, Kind.SHARE) or not shown.rows:
            continue
        asked = replace(query, manager=manager)
        rows = board_rows(
            user=user, query=asked, measure=shown.measure, cut=shown.cut, size=10_000
        ).rows
        total = sum((row.value for row in rows if row.value is not None), Decimal(0))
        if kind == Kind.SUM:
            assert shown.value == pytest.approx(float(total), abs=0.005), shown
        elif kind == Kind.MEAN:
            assert shown.value == pytest.approx(float(total) / len(rows)), shown
        else:
            assert shown.part == sum(bool(row.is_part) for row in rows), shown
        compared += 1

    assert compared > 60


def test_every_measure_of_the_catalogue_stands_on_a_tile_or_in_the_points():
    shown = {cell.measure for tile in TILES for cell in tile.columns}
    shown |= {c.measure for tile in TILES for line in tile.lines for c in line.cells if c}
    shown |= {*POINTS, *LOOSE_ENDS}

    assert sorted(set(MEASURES.keys()) - shown) == []


def test_the_total_of_a_unit_is_the_sum_of_its_children(bank):
    head = bank.user("auditor")
    whole = board(user=head, query=BoardQuery("12m"))
    units = [pk for pk, _name, depth in whole.sight.units if depth == 1]
    parts = [board(user=head, query=BoardQuery("12m", unit=pk)) for pk in units]

    for key in ("visits", "open_amount", "loans_amount", "won", "customers", "visited"):
        total = whole.shown(MEASURES[key])
        below = [part.shown(MEASURES[key]) for part in parts]

        assert total.rows == sum(one.rows for one in below), key
        assert total.value == sum(one.value for one in below), key
        assert total.rows > 0


def test_a_second_count_gives_the_same_cells(bank):
    def cells():
        fields = ("population", "is_fine", "ym", "place", "cut", "section", "groups", "families")
        rows = BoardCell.objects.values_list(*fields, "territories", "mode", "sums", "spread")
        return sorted(map(repr, rows))

    before = cells()

    count_boards(as_of=AS_OF)
    after_full = cells()
    count_boards(as_of=AS_OF, is_full=False)

    assert after_full == before
    assert cells() == before


def test_rows_that_changed_since_the_count_are_told_where_they_stand_on_one_page(bank, client):
    user, query = bank.user("branch_head"), BoardQuery("12m")
    client.force_login(user)
    url = reverse("marketing:board_rows") + "?period=12m&show=open&cut=credit:qualified"
    before = client.get(url).content.decode()
    reach = board_rows(user=user, query=query, measure=MEASURES["open"], cut="credit:qualified")

    Opportunity.objects.filter(pk=reach.rows[0].key).update(
        state="lost", lost_reason="price", closed_at=timezone.now()
    )
    after = client.get(url).content.decode()

    assert 0 < reach.count < 50
    assert "统计之后" not in before
    assert "统计之后" in after


def test_a_manager_sees_only_own_numbers(bank):
    rm = bank.user("rm")
    found = board(user=rm, query=BoardQuery("12m"))

    visits = found.shown(MEASURES["visits"]).rows

    first, last = found.period.from_at, found.period.until_at
    assert (
        visits
        == Visit.objects.filter(manager=rm, started_at__gte=first, started_at__lt=last).count()
    )
    assert {place.manager_id for place in found.sight.places.values()} == {rm.pk}


def test_a_unit_out_of_reach_is_an_empty_board(bank):
    user = bank.user("branch_head")
    other = next(
        one.branch_id
        for one in User.objects.filter(role="branch_head").exclude(pk=user.pk)
        if one.branch_id != user.branch_id
    )

    found = board(user=user, query=BoardQuery("12m", unit=other))

    assert found.sight.keys == []
    assert found.shown(MEASURES["visits"]).rows == 0
