"""The cards of the portrait page as plain values for its templates."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.spec import ColumnSpec, Dimension, FeatureSpec, Unit
from customers.features.tags import RISK_TAGS
from customers.models import Source
from customers.selectors.portrait_page import PortraitPage, Provenance, feeds, provenance
from customers.selectors.portrait_page_as_of import OF_A_DAY
from customers.selectors.portrait_page_changes import Change
from customers.selectors.portrait_page_missing import Missing
from customers.views.portrait.shown import Reader

ROWS = 6
CHANGES_SHOWN = 4
SOURCES_SHOWN = 2


@dataclass(frozen=True)
class Top:
    """A figure of a card: with the column that says how it moved, or where it stands."""

    key: str
    moved_by: str = ""
    good: str = "up"
    place: str = ""  # a percentile column
    also: str = ""  # a second value in the same row


TOPS: dict[Dimension, tuple[Text, tuple[Top, ...]]] = {
    Dimension.BASIC: (
        gettext_lazy("Basics"),
        (
            Top("annual_revenue", moved_by="revenue_change", place="revenue_percentile"),
            Top("employees", moved_by="employees_change"),
            Top("years_in_business"),
            Top("registered_capital"),
            Top("total_assets"),
            Top("premises", also="premises_area"),
            Top("industry_code"),
            Top("controller_industry_years"),
            Top("chain_position"),
            Top("certificates"),
            Top("region_code"),
            Top("party_type"),
            Top("controller_age"),
            Top("contact_completeness"),
        ),
    ),
    Dimension.BEHAVIOUR: (
        gettext_lazy("Behaviour"),
        (
            Top("inflow_month_12m", moved_by="inflow_trend"),
            Top("deposit_average_3m", moved_by="deposit_trend"),
            Top("sales_month_12m", moved_by="sales_growth_12m"),
            Top("gross_margin", place="margin_percentile"),
            Top("on_time_share_24m", also="longest_delay_days_24m"),
            Top("line_utilisation_6m"),
            Top("top1_buyer_share_12m", also="buyers_12m"),
            Top("acquiring_month_3m"),
            Top("inflow_coverage_12m"),
            Top("payroll_heads_3m"),
            Top("days_since_activity"),
            Top("active_months_12m"),
            Top("digital_days_3m"),
            Top("inflow_cv_12m"),
            Top("applications_24m"),
        ),
    ),
    Dimension.NEED: (
        gettext_lazy("Needs"),
        (
            Top("wanted_amount", also="wanted_months"),
            Top("wanted_purpose"),
            Top("next_funding_on", also="next_funding_kind"),
            Top("competitor_lender", also="competitor_rate"),
            Top("guarantee_value"),
            Top("speed_need"),
            Top("price_sensitivity"),
            Top("repayment_preference"),
            Top("wallet_share"),
            Top("channel_preference"),
            Top("noncredit_needs"),
            Top("service_manner"),
            Top("loan_matures_next_on"),
        ),
    ),
    Dimension.CREDIT: (
        gettext_lazy("Credit standing"),
        (
            Top("credit_score", also="credit_grade"),
            Top("debt_service_cover"),
            Top("debt_ratio"),
            Top("lenders"),
            Top("hard_queries_6m"),
            Top("tax_grade"),
            Top("open_enforcements"),
            Top("bureau_has_overdue"),
            Top("outside_guarantee_ratio"),
            Top("collateral_cover"),
            Top("verified_share"),
            Top("revenue_percentile"),
        ),
    ),
}


@dataclass(frozen=True)
class Figure:
    """One row of a card or of a full list."""

    column: ColumnSpec
    label: Text
    value: SafeString
    url: str
    is_known: bool
    also: SafeString | str = ""
    moved: Any = None
    good: str = ""
    place: str = ""
    source: str = ""
    question: Text = ""  # of a missing one: what to ask


@dataclass(frozen=True)
class DimensionCard:
    """A dimension: completeness, freshness, what feeds it, and its first figures."""

    key: str
    title: Text
    completeness: float | None
    freshness: float | None
    source: str
    figures: Sequence[Figure]
    all_url: str
    count: int

    @property
    def tone(self) -> str:
        """POR-1: good from 80, fair from 60."""
        level = self.completeness or 0
        return "good" if level >= 80 else "" if level >= 60 else "warn"


def dimension_cards(page: PortraitPage, reader: Reader, today: date) -> list[DimensionCard]:
    """The four cards, in the order of the specification."""
    asked = {item.feature.key for item in page.missing}
    return [_card(page, dimension, reader, today, asked) for dimension in Dimension]


def _card(
    page: PortraitPage, dimension: Dimension, reader: Reader, today: date, asked: AbstractSet[str]
) -> DimensionCard:
    title, tops = TOPS[dimension]
    portrait = page.portrait
    known = [top for top in tops if getattr(portrait, top.key) not in (None, [])]
    unknown = [top for top in tops if top.key in asked]
    chosen = (known + unknown)[:ROWS]
    chosen.sort(key=tops.index)
    fed = feeds(portrait, page.declared, dimension)[:SOURCES_SHOWN]
    return DimensionCard(
        key=str(dimension),
        title=title,
        completeness=getattr(portrait, f"completeness_{dimension}"),
        freshness=getattr(portrait, f"freshness_{dimension}"),
        source=" · ".join(source_and_day(item, today) for item in fed),
        figures=[_figure(portrait, top, reader) for top in chosen],
        all_url=reverse("customers:figures", args=[portrait.customer_id, str(dimension)])
        + day_query(portrait),
        count=sum(1 for feature in FEATURES if feature.dimension == dimension),
    )


def source_and_day(item: Provenance, today: date) -> str:
    """The name of a source with the day of its newest fact."""
    name = source_name(item.source)
    return f"{name} {short_day(item.on, today)}" if item.on else name


def source_name(source: str) -> str:
    """The source in words."""
    return str(dict(Source.choices).get(source, source))


def short_day(day: date, today: date) -> str:
    """11-21 this year, 2025-11-21 otherwise."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def _figure(portrait: Any, top: Top, reader: Reader) -> Figure:
    column = COLUMNS[top.key]
    value = getattr(portrait, top.key)
    also = ""
    if top.also and getattr(portrait, top.also) is not None and value is not None:
        also = reader.shown(COLUMNS[top.also], getattr(portrait, top.also))
    return Figure(
        column=column,
        label=column.label,
        value=reader.shown(column, value),
        url=figure_url(portrait, top.key),
        is_known=value is not None,
        also=also,
        moved=getattr(portrait, top.moved_by) if top.moved_by else None,
        good=top.good,
        place=place_in_words(getattr(portrait, top.place)) if top.place else "",
    )


def figure_url(portrait: Any, key: str) -> str:
    """The rows behind a figure, as of the day of the portrait."""
    return reverse("customers:figure", args=[portrait.customer_id, key]) + day_query(portrait)


def day_query(portrait: Any) -> str:
    """``?as_of=`` for a portrait that was computed of a past day, nothing for the stored one."""
    return f"?as_of={portrait.as_of.isoformat()}" if portrait.version_no == OF_A_DAY else ""


def place_in_words(percentile: float | None) -> str:
    """Top 30 % of peers, or the lower part told plainly."""
    if percentile is None:
        return ""
    if percentile >= 50:
        share = max(round(100 - percentile), 1)
        return _("top %(share)s%% of peers") % {"share": share}
    return _("above %(share)s%% of peers") % {"share": max(round(percentile), 0)}


def all_figures(
    page: PortraitPage, dimension: Dimension, reader: Reader, today: date
) -> list[Figure]:
    """Every feature of a dimension, missing ones with the question to ask."""
    missing = {item.feature.key: item for item in page.missing}
    return [
        _listed(page, feature, reader, today, missing.get(feature.key))
        for feature in FEATURES
        if feature.dimension == dimension
    ]


def _listed(
    page: PortraitPage, feature: FeatureSpec, reader: Reader, today: date, missing: Missing | None
) -> Figure:
    value = getattr(page.portrait, feature.key)
    known = provenance(page.portrait, page.declared, feature)
    return Figure(
        column=feature,
        label=feature.label,
        value=reader.shown(feature, value),
        url=figure_url(page.portrait, feature.key),
        is_known=value is not None,
        source=source_and_day(known, today) if known else "",
        question=missing.question if missing else "",
    )


@dataclass(frozen=True)
class ShownChange:
    """A change as the strip and the comparison show it."""

    change: Change
    label: Text
    old: SafeString
    new: SafeString
    url: str
    cause: str
    added: Sequence[str] = ()
    gone: Sequence[str] = ()

    @property
    def more(self) -> str:
        """What the strip leaves out of the codes that came and went: +2 −1."""
        came, went = max(len(self.added) - 1, 0), len(self.gone) - (not self.added)
        return " ".join([f"+{came}"] * (came > 0) + [f"−{went}"] * (went > 0))

    @property
    def arrow(self) -> str:
        """The icon: up, down, or a turn."""
        names = {True: "arrow-up", False: "arrow-down"}
        return names.get(self.change.is_up, "arrow-right")

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return {"good": "good-text", "bad": "bad-text"}.get(self.change.meaning, "muted")


def shown_changes(
    changes: Sequence[Change], page: PortraitPage, reader: Reader, today: date
) -> list[ShownChange]:
    """Each change with its words and one line of cause."""
    return [_shown(change, page, reader, today) for change in changes]


def _shown(change: Change, page: PortraitPage, reader: Reader, today: date) -> ShownChange:
    column = change.column
    is_list = column.unit == Unit.CODES
    return ShownChange(
        change=change,
        label=column.label,
        old=reader.shown(column, change.old),
        new=reader.shown(column, change.new),
        url=figure_url(page.portrait, column.key),
        cause=_cause(column, page, today),
        added=[reader.label_of(column, code) for code in risk_first(change.added)]
        if is_list
        else (),
        gone=[reader.label_of(column, code) for code in change.gone] if is_list else (),
    )


def risk_first(codes: Sequence[str]) -> list[str]:
    """Risk tags before the others."""
    return sorted(codes, key=lambda code: code not in RISK_TAGS)


def _cause(column: ColumnSpec, page: PortraitPage, today: date) -> str:
    """The facts that moved it, and the formula, in one line."""
    if not isinstance(column, FeatureSpec):
        return page.whys.get(column.key, "")
    known = provenance(page.portrait, page.declared, column)
    parts = [source_and_day(known, today)] if known is not None else []
    return " · ".join([*parts, str(column.formula)])


def dimension_title(key: str) -> Text:
    """The heading of a group of changes."""
    others: dict[str, Text] = {"effects": _("Effects"), "": _("Derived from several")}
    return others[key] if key in others else TOPS[Dimension(key)][0]
