"""How many customers fit each product, by industry, stage or asset style: the grid's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.core.models import Job, User
from crm.core.roles import Can
from crm.core.scope import WHOLE_BANK
from crm.core.words import Text
from products.models import ProductVersion
from products.selectors.fit_groups import DIMENSIONS

WITHIN_REACH = """
m.dimension = %(dimension)s AND EXISTS (
    SELECT FROM unnest(%(lows)s::int[], %(highs)s::int[]) AS r(low, high)
    WHERE m.scope_no BETWEEN r.low AND r.high)
"""
FITS_SQL = f"""
SELECT m.value, u.version_id, sum(u.fits)::bigint, sum(u.score)
FROM products_matchcount m,
     unnest(m.versions, m.fits, m.score_sums) AS u(version_id, fits, score)
WHERE {WITHIN_REACH}
GROUP BY 1, 2
"""
CUSTOMERS_SQL = f"""
SELECT m.value, sum(m.customers)::bigint
FROM products_matchcount m WHERE {WITHIN_REACH} GROUP BY 1
"""


@dataclass(frozen=True)
class GridCell:
    """Customers under one value whom one product fits; ``share`` of all under the value, 0 to 1."""

    value: str
    fits: int
    share: float
    mean_score: float | None


@dataclass(frozen=True)
class GridColumn:
    """One value of the dimension, and how many matched customers stand under it."""

    value: str
    label: Text
    customers: int


@dataclass(frozen=True)
class GridLine:
    """One offer over all values; ``total`` counts every customer once."""

    version: ProductVersion
    cells: Sequence[GridCell]
    total: GridCell


@dataclass(frozen=True)
class MatchGrid:
    """The grid of one dimension, as the last full run counted it."""

    dimension: str
    columns: Sequence[GridColumn]
    lines: Sequence[GridLine]
    customers: int
    counted_at: datetime | None


def sees_bank_counts(user: User) -> bool:
    """Whether the user, without customers of its own, sees the numbers of the whole bank."""
    return not user.can(Can.VIEW_MATCHES) and user.can(Can.EDIT_MATCHING)


def match_grid(*, user: User, dimension: str) -> MatchGrid:
    """Counts over the user's customers; the whole bank's for who maintains the matching.

    ``dimension`` is a key of DIMENSIONS. Values without a matched customer are left out, and so
    are offers that were not matched.
    """
    reach = [WHOLE_BANK] if sees_bank_counts(user) else user.reach()
    customers, fits = _counted(reach, dimension)
    labels = DIMENSIONS[dimension].values()
    strange = {value: value for value in sorted(set(customers) - set(labels))}
    columns = [
        GridColumn(value, label, customers[value])
        for value, label in (strange | labels).items()
        if customers.get(value)
    ]
    versions = sorted(
        ProductVersion.objects.filter(pk__in={version for _value, version in fits}).select_related(
            "product"
        ),
        key=lambda version: version.product.code,
    )
    return MatchGrid(
        dimension=dimension,
        columns=columns,
        lines=[_line(version, columns, fits) for version in versions],
        customers=sum(column.customers for column in columns),
        counted_at=counted_at(),
    )


def _counted(
    reach: Sequence[tuple[int, int]], dimension: str
) -> tuple[dict[str, int], dict[tuple[str, int], tuple[int, float]]]:
    """Customers by value; (fits, sum of their scores) by value and version."""
    asked: dict[str, Any] = {
        "dimension": dimension,
        "lows": [low for low, _high in reach],
        "highs": [high for _low, high in reach],
    }
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS_SQL, asked)
        customers = dict(cursor.fetchall())
        cursor.execute(FITS_SQL, asked)
        fits = {(value, version): (count, score) for value, version, count, score in cursor}
    return customers, fits


def _line(
    version: ProductVersion,
    columns: Sequence[GridColumn],
    fits: Mapping[tuple[str, int], tuple[int, float]],
) -> GridLine:
    cells = [
        _cell(column.value, *fits.get((column.value, version.pk), (0, 0.0)), column.customers)
        for column in columns
    ]
    found = [fits.get((column.value, version.pk), (0, 0.0)) for column in columns]
    everybody = sum(column.customers for column in columns)
    total = _cell("", sum(n for n, _score in found), sum(score for _n, score in found), everybody)
    return GridLine(version, cells, total)


def _cell(value: str, fits: int, score: float, customers: int) -> GridCell:
    share = fits / customers if customers else 0.0
    return GridCell(value, fits, share, score / fits if fits else None)


def counted_at() -> datetime | None:
    """When the last full run ended; None before the first."""
    jobs = Job.objects.filter(kind="matches.full", state=Job.State.DONE).order_by("-pk")
    found: datetime | None = jobs.values_list("finished_at", flat=True).first()
    return found
