"""Enterprise size (rules.md 1): the same rule as a Python function and as a portrait column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from customers.features.spec import ColumnSpec, SourceSpec, Step, Unit

CLASSES = ("large", "medium", "small", "micro")
INDICATORS = {"employees": "employees", "revenue": "annual_revenue", "assets": "total_assets"}
SIZES = (
    ("large", _("Large")),
    ("medium", _("Medium")),
    ("small", _("Small")),
    ("micro", _("Micro")),
    ("unknown", _("Unknown")),
)
MISSING = (
    ("employees", _("Employees")),
    ("revenue", _("Annual revenue")),
    ("assets", _("Total assets")),
    ("industry", _("Industry")),
)


@dataclass(frozen=True)
class Bounds:
    """The lower bounds of one indicator, inclusive, in the unit of the standard."""

    large: float
    medium: float
    small: float


@dataclass(frozen=True)
class Size:
    """The class, or ``unknown`` with the indicators that are missing."""

    size: str
    missing: tuple[str, ...] = ()


def classify(standard: Mapping[str, Bounds], indicators: Mapping[str, float | None]) -> Size:
    """The class whose lower bounds are all met; a missing indicator is never guessed."""
    if not standard:
        return Size("unknown", ("industry",))
    missing = tuple(name for name in standard if indicators.get(name) is None)
    if missing:
        return Size("unknown", missing)
    for size in CLASSES[:3]:
        if all(indicators[name] >= getattr(bounds, size) for name, bounds in standard.items()):
            return Size(size)
    return Size("micro")


def _bound(indicator: str, size: str) -> str:
    scale = "" if indicator == "employees" else " * 10000"  # the standard counts in 万元
    return f"(max(s.{size}_min{scale}) FILTER (WHERE s.indicator = '{indicator}'))::float8"


STANDARD = SourceSpec(
    key="standard",
    from_sql=(
        "(SELECT s.group, "
        + ", ".join(
            f"{_bound(indicator, size)} AS {indicator}_{size}"
            for indicator in INDICATORS
            for size in CLASSES[:3]
        )
        + " FROM (SELECT DISTINCT ON (k.group, k.indicator) k.* FROM core_sizestandard k "
        "WHERE k.effective_from <= {as_of} ORDER BY k.group, k.indicator, k.effective_from DESC) s "
        "GROUP BY s.group) ss"
    ),
    keyed_by="",
    on="ss.group = base.size_group",
    uses=("size_group",),
    grouped=False,
    outputs={
        "size_standard_is": "ss.group",
        **{
            f"bound_{indicator}_{size}": f"ss.{indicator}_{size}"
            for indicator in INDICATORS
            for size in CLASSES[:3]
        },
    },
)


def _reaches(size: str) -> str:
    return " AND ".join(
        f"(bound_{name}_{size} IS NULL OR {column} >= bound_{name}_{size})"
        for name, column in INDICATORS.items()
    )


def _missing(name: str, column: str) -> str:
    return f"CASE WHEN bound_{name}_small IS NOT NULL AND {column} IS NULL THEN '{name}' END"


SPECS = (
    Step(
        "size_lacks",
        "CASE WHEN size_standard_is IS NULL THEN ARRAY['industry']::varchar[] ELSE array_remove("
        "ARRAY["
        + ", ".join(_missing(name, column) for name, column in INDICATORS.items())
        + "]::varchar[], NULL) END",
    ),
    ColumnSpec(
        key="size_class",
        label=_("Size"),
        unit=Unit.CODE,
        width=8,
        choices=SIZES,
        sql="CASE WHEN NOT is_sized THEN NULL WHEN size_override IS NOT NULL THEN size_override "
        "WHEN size_lacks <> '{}' THEN 'unknown' "
        f"WHEN {_reaches('large')} THEN 'large' WHEN {_reaches('medium')} THEN 'medium' "
        f"WHEN {_reaches('small')} THEN 'small' ELSE 'micro' END",
        reasons_from="size",
    ),
    ColumnSpec(
        key="size_missing",
        label=_("Missing for the size"),
        unit=Unit.CODES,
        choices=MISSING,
        sql="CASE WHEN is_sized THEN size_lacks END",
    ),
    ColumnSpec(
        key="size_group_key",
        label=_("Size group"),
        unit=Unit.CODE,
        width=3,
        sql="CASE WHEN is_sized THEN size_group END",
    ),
)
