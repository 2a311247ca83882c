"""Completeness and freshness of a portrait, per dimension and in total (spec b.3)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.spec import ColumnSpec, Dimension, FeatureSpec, Step, Unit
from customers.features.steps import ORIGINS, TODAY

LABELS: dict[str, tuple[Text, Text]] = {
    "": (_("Completeness"), _("Freshness")),
    Dimension.BASIC: (_("Completeness, basics"), _("Freshness, basics")),
    Dimension.BEHAVIOUR: (_("Completeness, behaviour"), _("Freshness, behaviour")),
    Dimension.NEED: (_("Completeness, needs"), _("Freshness, needs")),
    Dimension.CREDIT: (_("Completeness, credit"), _("Freshness, credit")),
}


def dated_sql(feature: FeatureSpec) -> str:
    """SQL of the date of the facts behind a feature."""
    return feature.dated or ORIGINS[feature.origin].dated


def weight_key(feature: FeatureSpec) -> str:
    """The rule parameter that may replace the weight of a feature."""
    return f"portrait.weight.{feature.code}"


def age_key(feature: FeatureSpec) -> str:
    """The rule parameter that may replace the age at which a feature counts as stale."""
    return f"portrait.max_age.{feature.code}"


def _asked(feature: FeatureSpec) -> str:
    """The weight where the feature applies, else 0."""
    if feature.applies == "true":
        return f"{{{weight_key(feature)}}}"
    return f"CASE WHEN {feature.applies} THEN {{{weight_key(feature)}}} ELSE 0 END"


def _filled(feature: FeatureSpec, share: str = "") -> str:
    """The weight where the feature applies and has a value, times its share of freshness."""
    applies = "" if feature.applies == "true" else f"({feature.applies}) AND "
    worth = f"{{{weight_key(feature)}}}{share}"
    return f"CASE WHEN {applies}{feature.key} IS NOT NULL THEN {worth} ELSE 0 END"


def _fresh(feature: FeatureSpec) -> str:
    """The same, 1 until the age is reached, falling to 0 at twice the age."""
    dated = dated_sql(feature)
    if dated == TODAY:
        return _filled(feature)
    age = f"({{as_of}} - ({dated}))::float8 / {{{age_key(feature)}}}"
    return _filled(feature, f" * greatest(0, least(1, 2 - {age}))")


def specs(features: Iterable[FeatureSpec]) -> tuple[Step | ColumnSpec, ...]:
    """Twelve sums and the ten columns made of them."""
    weighted = [feature for feature in features if feature.weight]
    found: list[Step | ColumnSpec] = []
    for dimension in Dimension:
        mine = [feature for feature in weighted if feature.dimension == dimension]
        found += [
            Step(f"asked_{dimension}", f"({' + '.join(_asked(f) for f in mine)})::float8"),
            Step(f"filled_{dimension}", f"({' + '.join(_filled(f) for f in mine)})::float8"),
            Step(f"fresh_{dimension}", f"({' + '.join(_fresh(f) for f in mine)})::float8"),
        ]
    for name in ("asked", "filled", "fresh"):
        total = " + ".join(f"{name}_{dimension}" for dimension in Dimension)
        found.append(Step(f"{name}_all", total))
    for dimension in ("", *Dimension):
        found += _pair(dimension)
    return tuple(found)


def _pair(dimension: str) -> tuple[ColumnSpec, ColumnSpec]:
    which = dimension or "all"
    tail = f"_{dimension}" if dimension else ""
    complete, fresh = LABELS[dimension]
    return (
        ColumnSpec(
            key=f"completeness{tail}",
            label=complete,
            unit=Unit.SCORE,
            sql=f"100 * filled_{which} / nullif(asked_{which}, 0)",
            ages=True,
        ),
        ColumnSpec(
            key=f"freshness{tail}",
            label=fresh,
            unit=Unit.SCORE,
            sql=f"100 * fresh_{which} / nullif(filled_{which}, 0)",
            ages=True,
        ),
    )
