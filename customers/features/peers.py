"""The place among peers (spec b.2 C09): firms of the same trade and size, eight at least.

The bounds are 99 percentiles of each (trade, size), made once a run by ``services.statistics`` and
read here like any other fact. With fewer than eight firms the range of the trade profile answers.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.features.spec import (
    ColumnSpec,
    Dimension,
    FeatureSpec,
    Reason,
    SourceSpec,
    Spec,
    Step,
    Unit,
)

FEWEST = 8
SIZED = ("micro", "small", "medium", "large")
MEASURES = {"revenue": "annual_revenue", "margin": "gross_margin"}
BASES = (
    ("peers", _("Our customers of the same trade and size")),
    ("profile", _("The range usual for the trade")),
)


def _unpacked(measure: str, size: str) -> str:
    """SQL of one band, taken out of its compressed storage once, not once a customer."""
    band = f"max(b.{measure}) FILTER (WHERE b.size_class = '{size}')"
    return f"nullif({band} || '{{}}'::float8[], '{{}}')"


BANDS = SourceSpec(
    key="peer_bands",
    from_sql=(
        "(SELECT b.trade_key, "
        + ", ".join(
            f"{_unpacked(measure, size)} AS {measure}_{size}"
            for measure in MEASURES
            for size in SIZED
        )
        + " FROM customers_peerband b WHERE b.as_of = {peer_as_of}::date GROUP BY b.trade_key) pb"
    ),
    keyed_by="",
    on="pb.trade_key = base.trade_is",
    uses=("trade_is",),
    grouped=False,
    outputs={
        f"peers_{measure}_{size}": f"pb.{measure}_{size}" for measure in MEASURES for size in SIZED
    },
)


def _bounds(measure: str) -> Step:
    arms = " ".join(f"WHEN '{size}' THEN peers_{measure}_{size}" for size in SIZED)
    return Step(f"peer_{measure}_bounds", f"CASE size_class {arms} END")


def _place(measure: str, column: str) -> str:
    """SQL: higher than so many percent of the peers, else within the range of the profile."""
    low, high = f"profile_{measure}_low", f"profile_{measure}_high"
    return (
        f"CASE WHEN peer_{measure}_bounds IS NOT NULL "
        f"THEN width_bucket({column}::float8, peer_{measure}_bounds) "
        f"WHEN {column} IS NOT NULL AND {high} > {low} "
        f"THEN greatest(5, least(95, 10 + 80 * ({column} - {low}) / ({high} - {low}))) END"
    )


STEPS = tuple(_bounds(measure) for measure in MEASURES)
FEATURES = (
    FeatureSpec(
        key="revenue_percentile",
        code="C09",
        label=_("Place in the trade by revenue"),
        dimension=Dimension.CREDIT,
        unit=Unit.PERCENTILE,
        sql=_place("revenue", "annual_revenue"),
        ages=True,
        origin="derived",
        window="w12m",
        weight=2,
        max_age_days=180,
        formula=_("Percent of firms of the same trade and size with less revenue"),
        reasons=(
            Reason(
                "revenue_place",
                _(
                    "Revenue of %(annual_revenue)s is more than that of "
                    "%(revenue_percentile)s of the peers."
                ),
                ("annual_revenue", "trade_key", "size_class"),
            ),
        ),
    ),
    FeatureSpec(
        key="margin_percentile",
        code="C09",
        label=_("Place in the trade by gross margin"),
        dimension=Dimension.CREDIT,
        unit=Unit.PERCENTILE,
        sql=_place("margin", "gross_margin"),
        ages=True,
        origin="derived",
        window="w12m",
        formula=_("Percent of firms of the same trade and size with a lower margin"),
        reasons=(
            Reason(
                "margin_place",
                _(
                    "Gross margin of %(gross_margin)s is higher than that of "
                    "%(margin_percentile)s of the peers."
                ),
                ("gross_margin", "trade_key", "size_class"),
            ),
        ),
    ),
)
COLUMNS = (
    ColumnSpec(
        key="peer_basis",
        label=_("Compared with"),
        unit=Unit.CODE,
        choices=BASES,
        sql="CASE WHEN peer_revenue_bounds IS NOT NULL THEN 'peers' "
        "WHEN profile_revenue_low IS NOT NULL THEN 'profile' END",
        ages=True,
    ),
)

SOURCES: tuple[SourceSpec, ...] = (BANDS,)
SPECS: tuple[Spec, ...] = (*STEPS, *FEATURES, *COLUMNS)
