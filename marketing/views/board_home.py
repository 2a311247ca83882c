"""What a head sees first: the numbers on top of the board, each with its rows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.core.models import User
from marketing.boards.tiles import TILES
from marketing.selectors.board import board
from marketing.selectors.board_sight import BoardQuery
from marketing.views.board_tiles import said_tile
from marketing.views.board_words import Writer


def glance(request: HttpRequest, user: User) -> HttpResponse:
    """The head of the user's board; nothing before the first count."""
    tile, query = TILES["head"], BoardQuery()
    cells = [cell for line in tile.lines for cell in line.cells if cell]
    only = sorted({cell.spec.base.population for cell in cells})
    found = board(user=user, query=query, only=only, has_managers=False)
    if found.run is None:
        return HttpResponse("")
    context = {"board": found, "tile": said_tile(found, tile, Writer(user, query))}
    return render(request, "marketing/_board_home.html", context)
