"""The tiles of a board as the page, the file and the API show them: lines of written numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.core.words import Text
from marketing.boards.spec import Narrow
from marketing.boards.tiles import TILES, Lines, Tile
from marketing.selectors.board import Board, cut_names, cuts_of, tile_lines
from marketing.selectors.board_ranking import RankLine
from marketing.views.board_words import Said, Writer, narrow_names


@dataclass(frozen=True)
class SaidLine:
    """One line of a tile; ``percent`` is the length of its bar."""

    key: str
    label: Text
    cells: Sequence[Said | None]
    percent: float = 0.0
    level: int = 0


@dataclass(frozen=True)
class SaidTile:
    """One tile in words; ``hidden`` counts the lines that are left out on the page."""

    spec: Tile
    heads: Sequence[Text]
    lines: Sequence[SaidLine]
    left_out: str
    hidden: int = 0


def said_tiles(board: Board, writer: Writer, *, is_whole: bool = False) -> dict[str, SaidTile]:
    """Every tile but the ranking; ``is_whole`` keeps the lines a page leaves out."""
    names = cut_names(board)
    return {
        tile.key: said_tile(board, tile, writer, names.get(tile.key, {}), is_whole=is_whole)
        for tile in TILES
        if tile.by != Lines.MANAGERS
    }


def said_tile(
    board: Board,
    tile: Tile,
    writer: Writer,
    names: Mapping[str, Any] | None = None,
    *,
    is_whole: bool = False,
) -> SaidTile:
    """One tile in words; ``names`` are those of lines found in the data."""
    most = None if is_whole else tile.most or None
    lines = tile_lines(board, tile, names or {}, most=most)
    hidden = len(cuts_of(board, tile)) - len(lines) if most else 0
    left_out = {name for line in lines for cell in line.cells if cell for name in cell.left_out}
    if tile.shows == "funnel":
        sizes = [line.cells[2].rows if line.cells[2] else 0 for line in lines]
    else:
        sizes = [(line.cells[0].value or 0) if line.cells[0] else 0 for line in lines]
    longest = max(sizes, default=0)
    said = [
        SaidLine(
            key=line.key,
            label=line.label,
            cells=[writer.said(cell) for cell in line.cells],
            percent=round(100 * size / longest, 1) if longest > 0 else 0.0,
            level=_level(line.cells[-1].value if line.cells[-1] else None),
        )
        for line, size in zip(lines, sizes, strict=True)
    ]
    heads = tile.heads or [cell.label or cell.spec.label for cell in tile.columns]
    names_left = [name for name in Narrow if name in left_out]
    return SaidTile(tile, heads, said, narrow_names(names_left), hidden)


def _level(share: float | None) -> int:
    """The shade of a share, 0 to 8."""
    return 0 if not share else min(8, 1 + int(min(max(share, 0), 1) * 8))


@dataclass(frozen=True)
class SaidRank:
    """One manager of the ranking in words: name of the column, number, percentile."""

    line: RankLine
    cells: Sequence[tuple[Text, Said | None, float | None]]


def said_ranks(lines: Sequence[RankLine], writer: Writer) -> list[SaidRank]:
    """These lines in words, each number with the rows of that manager."""
    return [
        SaidRank(
            line,
            [
                (
                    cell.shown.measure.label,
                    writer.said(cell.shown, manager=line.manager.pk),
                    cell.percentile,
                )
                for cell in line.cells
            ],
        )
        for line in lines
    ]
