"""Ours and theirs side by side for one case, the best cell of each row marked (COM-1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from crm.core.conditions import Facts
from products.finance import Case
from products.selectors import compare_cells as cells
from products.selectors.compare_cells import Cell
from products.selectors.offered import Offered, Priced, priced

MOST = 4


@dataclass(frozen=True)
class Line:
    """One row of the comparison."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """Columns with their cost, and rows of cells in the same order."""

    case: Case
    columns: tuple[Priced, ...]
    lines: tuple[Line, ...]


def comparison(
    offers: Sequence[Offered], case: Case, *, mode: str = "", facts: Facts | None = None
) -> Comparison:
    """Up to four offers for one case; ``facts`` of a customer answer the row of admission."""
    columns = tuple(priced(offer, case, mode) for offer in offers[:MOST])
    names = cells.industry_names(offer for offer in offers[:MOST])
    rows: list[tuple[str, str, Callable[[Priced], Cell]]] = [
        ("amount", _("Amount"), lambda one: cells.amount_cell(one, case)),
        ("term", _("Term"), lambda one: cells.term_cell(one, case)),
        ("rate", _("Rate"), cells.rate_cell),
        ("fees", _("Fees"), cells.fees_cell),
        ("all_in", _("All-in yearly cost"), cells.all_in_cell),
        ("guarantee", _("Guarantee"), cells.guarantee_cell),
        ("repayment", _("Repayment"), cells.repayment_cell),
        ("admission", _("Admission"), lambda one: cells.admission_cell(one, facts)),
        ("appetite", _("Appetite"), lambda one: cells.appetite_cell(one, names)),
        ("time", _("Decided within"), cells.time_cell),
    ]
    lines = tuple(Line(key, label, _ranked(columns, make)) for key, label, make in rows)
    return Comparison(case, columns, lines)


def _ranked(columns: Sequence[Priced], make: Callable[[Priced], Cell]) -> tuple[Cell, ...]:
    """The cells of a row, the best of them marked; no mark where all are alike."""
    cells = [replace(make(one), is_old=not one.offer.counts) for one in columns]
    ranks = [
        cell.rank
        for cell, one in zip(cells, columns, strict=True)
        if cell.rank is not None and one.offer.counts
    ]
    if len(ranks) < 2 or min(ranks) == max(ranks):
        return tuple(cells)
    return tuple(
        replace(cell, is_best=one.offer.counts and cell.rank == min(ranks))
        for cell, one in zip(cells, columns, strict=True)
    )
