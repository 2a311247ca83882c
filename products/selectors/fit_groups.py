"""The dimensions of the grid: what a customer is counted under, and how its list finds it again.

The value of a customer without one is NONE, so that every customer stands in one row of each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import IndustryCode
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.naming import in_own_language
from products.models import MatchCount

NONE = "unknown"


@dataclass(frozen=True)
class GridDimension:
    """One way to group customers: its name, its values in their order, and its condition."""

    key: str
    label: Text
    values: Callable[[], dict[str, Text]]
    narrow: Callable[[str], Q]


def _of_column(key: str) -> Callable[[], dict[str, Text]]:
    """The values of a portrait column, the unknown last."""

    def values() -> dict[str, Text]:
        known = {str(code): label for code, label in COLUMNS[key].choices if code != NONE}
        return known | {NONE: _("Unknown")}

    return values


def _by_column(key: str) -> Callable[[str], Q]:
    path = f"customer__portrait__{key}"

    def narrow(value: str) -> Q:
        if value == NONE:
            return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": ("", NONE)})
        return Q(**{path: value})

    return narrow


def _sections() -> dict[str, Text]:
    rows = IndustryCode.objects.filter(level=1).order_by("pk")
    found: dict[str, Text] = {row.pk: in_own_language(row.name_zh, row.name_en) for row in rows}
    return found | {NONE: _("Unknown")}


def _in_section(value: str) -> Q:
    if value == NONE:
        return Q(customer__industry__isnull=True)
    return Q(customer__industry__section=value)


DIMENSIONS: dict[str, GridDimension] = {
    row.key: row
    for row in (
        GridDimension("industry", MatchCount.Dimension.INDUSTRY.label, _sections, _in_section),
        GridDimension(
            "stage", MatchCount.Dimension.STAGE.label, _of_column("stage"), _by_column("stage")
        ),
        GridDimension(
            "asset_style",
            MatchCount.Dimension.ASSET_STYLE.label,
            _of_column("asset_style"),
            _by_column("asset_style"),
        ),
    )
}


def in_group(dimension: str, value: str) -> Q:
    """Fits of customers that are counted under this value."""
    return DIMENSIONS[dimension].narrow(value)
