"""What the members of a group share (POR-0), feature by feature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec
from customers.models import PeerStatistic


@dataclass(frozen=True)
class Common:
    """The quartiles of one figure among the members that have it."""

    column: ColumnSpec
    members: int
    known: int
    low: float
    median: float
    high: float


def commonality(*, kind: str, segment: str, as_of: date) -> list[Common]:
    """The newest quartiles up to the day, in the order of the catalogue; none for small groups."""
    rows = PeerStatistic.objects.filter(kind=kind, segment=segment, as_of__lte=as_of)
    newest = rows.order_by("-as_of").values_list("as_of", flat=True).first()
    found = {row.column: row for row in rows.filter(as_of=newest)} if newest else {}
    return [
        Common(
            column=column,
            members=found[column.key].members,
            known=found[column.key].known,
            low=found[column.key].low_quartile,
            median=found[column.key].median,
            high=found[column.key].high_quartile,
        )
        for column in COLUMNS
        if column.key in found
    ]
