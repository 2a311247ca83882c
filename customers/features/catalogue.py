"""All that a portrait consists of: sources, steps and columns, in one name space.

To add a feature, put a ``FeatureSpec`` into one of the family files (and generate the migration).
To add derived rules (groups, stage, tags ...) put ``Step``, ``ColumnSpec``, ``Ladder`` or ``Marks``
into the ``SPECS`` of their file. Any formula may use any name of ``SOURCES``, ``STEPS`` and
``COLUMNS``; the engine finds the order by itself and refuses circles and unknown names.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from customers.features import (
    basic,
    behaviour,
    credit,
    declared_source,
    demand,
    economics,
    groups,
    invoiced,
    monthly,
    need,
    peers,
    position,
    quality,
    size,
    sources,
    stage,
    steps,
    tags,
)
from customers.features.spec import (
    ColumnSpec,
    FeatureSpec,
    Ladder,
    Marks,
    SourceSpec,
    Spec,
    Step,
    Unit,
    ladder_parts,
    marks_parts,
)

DERIVED_FILES = (groups, position, stage, tags, economics, demand, peers)


def _origin_date(key: str, label: object, step: str) -> ColumnSpec:
    return ColumnSpec(key=key, label=label, unit=Unit.DATE, sql=step, ages=True)  # type: ignore[arg-type]


ORIGIN_DATES = (
    _origin_date("flow_on", _("Account flows up to"), "flow_on_is"),
    _origin_date("deposit_on", _("Deposits up to"), "deposit_on_is"),
    _origin_date("line_on", _("Line use up to"), "line_on_is"),
    _origin_date("acquiring_on", _("Merchant receipts up to"), "acquired_on_is"),
    _origin_date("payroll_on", _("Payroll up to"), "payroll_on_is"),
    _origin_date("social_security_on", _("Social security up to"), "insured_on_is"),
    _origin_date("channel_on", _("Channel use up to"), "channel_on_is"),
    _origin_date("utility_on", _("Electricity up to"), "kwh_on_is"),
    _origin_date("bureau_on", _("Bureau summary of"), "bureau_queried_on"),
    _origin_date("tax_on", _("Tax grade published on"), "tax_published_on"),
)


def _parts(items: Iterable[Spec]) -> list[Step | ColumnSpec]:
    """Ladders and marks as the steps and columns they stand for."""
    found: list[Step | ColumnSpec] = []
    for item in items:
        if isinstance(item, Ladder):
            found += ladder_parts(item)
        elif isinstance(item, Marks):
            found += marks_parts(item)
        else:
            found.append(item)
    return found


_derived: list[Spec] = [spec for file in DERIVED_FILES for spec in file.SPECS]
LADDERS = {spec.key: spec for spec in _derived if isinstance(spec, Ladder)}
MARKS = {spec.key: spec for spec in _derived if isinstance(spec, Marks)}
_features = [
    *basic.FEATURES,
    *behaviour.FEATURES,
    *invoiced.FEATURES,
    *need.FEATURES,
    *credit.FEATURES,
    *(spec for spec in _derived if isinstance(spec, FeatureSpec)),
]
_others = [
    *size.SPECS,
    *_parts(spec for spec in _derived if not isinstance(spec, FeatureSpec)),
    *quality.specs(_features),
    *ORIGIN_DATES,
]

FEATURES: Catalogue[FeatureSpec] = Catalogue("portrait features", _features)
COLUMNS: Catalogue[ColumnSpec] = Catalogue(
    "portrait columns",
    [*_features, *(item for item in _others if isinstance(item, ColumnSpec))],
)
STEPS: Catalogue[Step] = Catalogue(
    "portrait steps",
    [
        *steps.STEPS,
        *monthly.STEPS,
        *need.STEPS,
        *(item for item in _others if isinstance(item, Step)),
    ],
)
SOURCES: Catalogue[SourceSpec] = Catalogue(
    "portrait sources",
    [
        sources.BASE,
        size.STANDARD,
        declared_source.DECLARED,
        *monthly.DENSE_SOURCES,
        *sources.SMALL_SOURCES,
        *(source for file in DERIVED_FILES for source in file.SOURCES),
    ],
)


def weighted_features() -> list[FeatureSpec]:
    """The features that count for completeness: one column a code."""
    return [feature for feature in FEATURES if feature.weight]


def still_columns() -> list[ColumnSpec]:
    """The columns that move only when a fact does; a version is written when one of them moved."""
    return [column for column in COLUMNS if not column.ages]
