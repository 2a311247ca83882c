"""The API of the branch board: the same numbers as the page, and the rows behind each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.masking import reads_bands
from crm.core.months import month_label
from crm.core.roles import Can
from marketing.boards.measures import MEASURES
from marketing.boards.spec import Narrow
from marketing.boards.tiles import TILES, Lines
from marketing.selectors.board import Board, Shown, board, cut_names, is_hidden, tile_lines
from marketing.selectors.board_ranking import ranking
from marketing.selectors.board_rows import BoardRow, board_rows, read_rows_place
from marketing.selectors.board_sight import read_board_query

FILTERS = [
    OpenApiParameter("period", str, description="month, quarter, year, 12m, 2026-01..2026-06 …"),
    OpenApiParameter("unit", int),
    OpenApiParameter("manager", int),
    *(OpenApiParameter(str(name), str) for name in Narrow),
]


class BoardNumberSerializer(serializers.Serializer[Any]):
    """One number. ``value`` null is unknown, or hidden because fewer than five rows make it."""

    measure = serializers.CharField()
    label = serializers.CharField()
    cut = serializers.CharField(allow_blank=True)
    unit = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    rows = serializers.IntegerField(allow_null=True)
    part = serializers.IntegerField(allow_null=True)
    not_narrowed_by = serializers.ListField(child=serializers.CharField())


class BoardLineSerializer(serializers.Serializer[Any]):
    """One line of a tile."""

    key = serializers.CharField()
    label = serializers.CharField()
    numbers = BoardNumberSerializer(many=True)


class BoardTileSerializer(serializers.Serializer[Any]):
    """One tile of e.7; ``group`` 1 to 10."""

    key = serializers.CharField()
    group = serializers.IntegerField()
    label = serializers.CharField()
    lines = BoardLineSerializer(many=True)


class BoardRankSerializer(serializers.Serializer[Any]):
    """One manager; percentiles are among those as long in post, null where there is nobody else."""

    manager = serializers.IntegerField()
    name = serializers.CharField()
    band = serializers.CharField()
    points = serializers.IntegerField()
    points_percentile = serializers.FloatField(allow_null=True)
    numbers = BoardNumberSerializer(many=True)
    percentiles = serializers.ListField(child=serializers.FloatField(allow_null=True))


class BoardSerializer(serializers.Serializer[Any]):
    """A board as of its last count."""

    as_of = serializers.DateField(allow_null=True)
    counted_at = serializers.DateTimeField(allow_null=True)
    first_month = serializers.CharField()
    last_month = serializers.CharField()
    tiles = BoardTileSerializer(many=True)
    managers = BoardRankSerializer(many=True)


class BoardRowSerializer(serializers.Serializer[Any]):
    """One row; ``customer`` is null when it is in other hands today."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField(allow_null=True)
    customer_name = serializers.CharField(allow_blank=True)
    manager = serializers.IntegerField(allow_null=True)
    day = serializers.DateField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    counts = serializers.BooleanField(allow_null=True)


class BoardRowsSerializer(serializers.Serializer[Any]):
    """A page of rows, newest first; ``next`` is the ``after`` of the next page.

    ``count`` is null when the rows do not all stand on this page: the board says how many.
    """

    count = serializers.IntegerField(allow_null=True)
    results = BoardRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class BoardViewSet(CanView, viewsets.ViewSet):
    """The board of the caller's reach."""

    can = Can.VIEW_BOARD
    can_write = None
    abilities = {"rows": Can.VIEW_FIELD_WORK}

    @extend_schema(
        operation_id="board",
        parameters=FILTERS,
        responses=forced_singular_serializer(BoardSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Every tile with its numbers, and the managers side by side."""
        found = board(user=request.user, query=read_board_query(request.query_params))
        names = cut_names(found)
        body = {
            "as_of": found.run.as_of if found.run else None,
            "counted_at": found.run.computed_at if found.run else None,
            "first_month": month_label(found.period.first),
            "last_month": month_label(found.period.last),
            "tiles": [
                {
                    "key": tile.key,
                    "group": tile.group,
                    "label": str(tile.label),
                    "lines": [
                        {
                            "key": line.key,
                            "label": str(line.label),
                            "numbers": [_number(request, cell) for cell in line.cells if cell],
                        }
                        for line in tile_lines(found, tile, names.get(tile.key, {}))
                    ],
                }
                for tile in TILES
                if tile.by != Lines.MANAGERS
            ],
            "managers": _ranks(request, found),
        }
        return Response(BoardSerializer(body).data)

    @extend_schema(
        operation_id="board_rows",
        parameters=[
            *FILTERS,
            OpenApiParameter("show", str, required=True, description="A measure of the board."),
            OpenApiParameter("cut", str),
            OpenApiParameter("after", str, description="``next`` of the page before."),
        ],
        responses=forced_singular_serializer(BoardRowsSerializer),
        filters=False,
    )
    @action(detail=False)
    def rows(self, request: Request) -> Response:
        """The rows that make one number."""
        measure = MEASURES.get(request.query_params.get("show", ""))
        if measure is None:
            raise NotFound
        found = board_rows(
            user=request.user,
            query=read_board_query(request.query_params),
            measure=measure,
            cut=request.query_params.get("cut", "").replace("\x00", "")[:60],
            place=read_rows_place(request.query_params.get("after", ""), measure),
        )
        is_amount = measure.base.unit == "yuan"
        hides = is_amount and reads_bands(request.user)
        body = {
            "count": found.count,
            "results": [_row(row, hides) for row in found.rows],
            "next": found.next.written() if found.next else None,
        }
        return Response(BoardRowsSerializer(body).data)


def _number(request: Request, shown: Shown) -> dict[str, Any]:
    hidden = is_hidden(request.user, shown)
    return {
        "measure": shown.measure.key,
        "label": str(shown.measure.label),
        "cut": shown.cut,
        "unit": str(shown.measure.unit),
        "value": None if hidden else shown.value,
        "rows": None if hidden else shown.rows,
        "part": None if hidden else shown.part,
        "not_narrowed_by": [str(name) for name in shown.left_out],
    }


def _ranks(request: Request, found: Board) -> list[dict[str, Any]]:
    return [
        {
            "manager": line.manager.pk,
            "name": str(line.manager),
            "band": str(line.band_name),
            "points": line.points,
            "points_percentile": line.points_percentile,
            "numbers": [_number(request, cell.shown) for cell in line.cells],
            "percentiles": [cell.percentile for cell in line.cells],
        }
        for line in ranking(found)
    ]


def _row(row: BoardRow, hides: bool) -> dict[str, Any]:
    return {
        "id": row.key,
        "customer": row.customer.pk if row.customer else None,
        "customer_name": row.customer.name if row.customer else "",
        "manager": row.manager.pk if row.manager else None,
        "day": row.day,
        "value": None if hides else row.value,
        "counts": row.is_part,
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("board", BoardViewSet, basename="board")
