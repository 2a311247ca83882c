"""Enterprise size by the standard in force (rules.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crm.core.models import SizeStandard
from customers.features.size import Bounds, Size, classify


def size_class(group: str, indicators: Mapping[str, float | None], *, as_of: date) -> Size:
    """The class of a firm of a size group; employees in persons, revenue and assets in 万元."""
    rows = SizeStandard.objects.filter(group=group, effective_from__lte=as_of)
    newest = rows.order_by("indicator", "-effective_from").distinct("indicator")
    standard = {
        row.indicator: Bounds(float(row.large_min), float(row.medium_min), float(row.small_min))
        for row in newest
    }
    return classify(standard, indicators)
