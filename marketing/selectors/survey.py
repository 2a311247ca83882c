"""Market surveys: what a user may read, their tables with shares, and which one counts (CUS-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from crm.core.models import Branch, IndustryCode, RegionCode, User
from crm.core.parameters import Parameters
from crm.core.roles import Can
from crm.core.words import Text
from customers.models import Territory
from marketing.market.survey import AGE_BANDS, FIRM, KINDS, SOLE_TRADER, TABLES, shares, table_of
from marketing.models import MarketSurvey, SurveyLine

Rows = QuerySet[MarketSurvey]


def surveys_for(*, user: User) -> Rows:
    """Surveys of units in reach, and the approved ones of the units above the user.

    How many operators a region has is no customer's data, so it is read further than it is
    written.
    """
    number = user.scope_no
    above = Q(
        branch__scope_lo__lte=number,
        branch__scope_hi__gte=number,
        state=MarketSurvey.State.APPROVED,
    )
    mine = MarketSurvey.objects.visible_to(user).values("pk")
    rows: Rows = MarketSurvey.objects.filter(Q(pk__in=mine) | above)
    return rows.select_related("branch", "region", "territory", "made_by", "approved_by")


def survey_list(*, user: User, region: str = "", state: str = "") -> Rows:
    """The surveys a user may read, newest first, with the operators they counted."""
    rows = surveys_for(user=user)
    if region:
        rows = rows.filter(Q(region=region) | Q(region__parent=region))
    if state:
        rows = rows.filter(state=state)
    firms = Q(lines__party_type=FIRM)
    trades = Q(lines__party_type=SOLE_TRADER, lines__industry__isnull=False)
    ages = Q(lines__party_type=SOLE_TRADER) & ~Q(lines__age_band="")
    counted: Rows = rows.annotate(
        firms=Sum("lines__count", filter=firms),
        trades=Sum("lines__count", filter=trades),
        ages=Sum("lines__count", filter=ages),
    )
    return counted.order_by("-as_of", "-pk")  # a sum forgets the order of its rows


def survey_in_reach(*, user: User, survey_id: int) -> MarketSurvey:
    """One survey the user may read, or DoesNotExist."""
    return surveys_for(user=user).get(pk=survey_id)


@dataclass(frozen=True)
class ShownLine:
    """A line with its share of the table it stands in."""

    value: str
    label: Text
    count: int
    share: Decimal | None
    new_count: int | None


@dataclass(frozen=True)
class ShownTable:
    """A table of a survey, biggest first in trades, in their order otherwise."""

    key: str
    label: Text
    lines: list[ShownLine]
    total: int
    new_total: int | None


def survey_tables(survey: MarketSurvey) -> list[ShownTable]:
    """The tables of the standard forms that have lines, shares computed (CUS-5)."""
    grouped: dict[str, list[tuple[str, SurveyLine]]] = {table.key: [] for table in TABLES}
    for line in survey.lines.select_related("industry"):
        placed = place_of(line)
        if placed is not None:
            grouped[placed[0]].append((placed[1], line))
    return [_table(key, found) for key, found in grouped.items() if found]


def place_of(line: SurveyLine) -> tuple[str, str] | None:
    """Table and value of a line; None for one that fits no standard form."""
    table = table_of(
        party_type=line.party_type,
        survey_kind=line.survey_kind,
        industry=line.industry_id,
        age_band=line.age_band,
    )
    return (table.key, str(getattr(line, table.column))) if table is not None else None


def _table(key: str, found: list[tuple[str, SurveyLine]]) -> ShownTable:
    order = {value: no for no, (value, _label) in enumerate((*KINDS, *AGE_BANDS))}
    found = sorted(found, key=lambda one: (order.get(one[0], 99), -one[1].count, one[0]))
    names = value_names(key, [value for value, _line in found])
    parts = shares([line.count for _value, line in found])
    lines = [
        ShownLine(value, names.get(value, value), line.count, share, line.new_count)
        for (value, line), share in zip(found, parts, strict=True)
    ]
    told = [line.new_count for line in lines if line.new_count is not None]
    total = sum(line.count for line in lines)
    return ShownTable(key, TABLES[key].label, lines, total, sum(told) if told else None)


def value_names(dimension: str, values: Iterable[str]) -> dict[str, Text]:
    """The values of a dimension in words; of trades the names of GB/T 4754."""
    if dimension == "trade":
        return trade_names(values)
    return dict(KINDS) | dict(AGE_BANDS)


def trade_names(codes: Iterable[str]) -> dict[str, Text]:
    """Industries by code, in the reader's language."""
    from customers.naming import in_own_language

    rows = IndustryCode.objects.filter(pk__in=list(codes))
    return {row.code: in_own_language(row.name_zh, row.name_en) for row in rows}


@dataclass(frozen=True)
class Standing:
    """How far a survey can be relied on."""

    months: int
    is_old: bool
    is_doubtful: bool

    @property
    def is_flagged(self) -> bool:
        """Whether a reader must be told."""
        return self.is_old or self.is_doubtful


def standing(survey: MarketSurvey, *, today: date, values: Parameters) -> Standing:
    """Old past so many months, doubtful up to a confidence (e.8, k.16)."""
    months = (today.year - survey.as_of.year) * 12 + today.month - survey.as_of.month
    whole = months - (today.day < survey.as_of.day)
    is_old = (months, today.day) > (values.number("survey.old_months"), survey.as_of.day)
    low = values.number("survey.low_confidence")
    return Standing(max(whole, 0), is_old, survey.confidence <= low)


@dataclass(frozen=True)
class MarketCell:
    """The market of one cell, from the newest approved survey that counted it."""

    count: int
    new_count: int | None
    survey: MarketSurvey


Markets = Mapping[tuple[str, str, str], MarketCell]  # (dimension, place, value)


def markets(surveys: Iterable[MarketSurvey]) -> dict[tuple[str, str, str], MarketCell]:
    """The denominators: of every place and table the newest survey, approved ones given (CUS-6).

    ``surveys`` come with their lines prefetched. Totals of a party type are the sum of its table;
    a territory's the sum of both. Places are region or territory codes.
    """
    newest: dict[tuple[str, str], MarketSurvey] = {}
    found: dict[tuple[str, str, str], MarketCell] = {}
    for survey in sorted(surveys, key=lambda one: (one.as_of, one.pk), reverse=True):
        place = survey.territory.code if survey.territory else survey.region_id
        for line in survey.lines.all():
            placed = place_of(line)
            if placed is None:
                continue
            table, value = placed
            if newest.setdefault((place, table), survey) is survey:
                found[table, place, value] = MarketCell(line.count, line.new_count, survey)
    territories = {one.territory.code for one in newest.values() if one.territory}
    return _without(found, territories) | _totals(found, newest, territories)


def _without(
    found: dict[tuple[str, str, str], MarketCell], territories: set[str]
) -> dict[tuple[str, str, str], MarketCell]:
    """Splits are told by region; of a territory only its total."""
    return {key: cell for key, cell in found.items() if key[1] not in territories}


def _totals(
    found: Markets, newest: Mapping[tuple[str, str], MarketSurvey], territories: set[str]
) -> dict[tuple[str, str, str], MarketCell]:
    sums: dict[tuple[str, str], MarketCell] = {}
    for place, table in newest:
        own = [cell for key, cell in found.items() if key[:2] == (table, place)]
        sums[place, table] = _sum(own)
    totals: dict[tuple[str, str, str], MarketCell] = {}
    for place in {place for place, _table in newest}:
        firms = sums.get((place, "kind"))
        traders = sums.get((place, "trade")) or sums.get((place, "age"))
        parts = [cell for cell in (firms, traders) if cell is not None]
        if place in territories:
            totals["territory", place, "all"] = _sum(parts)
            continue
        for value, cell in ((FIRM, firms), (SOLE_TRADER, traders)):
            if cell is not None:
                totals["party", place, value] = cell
    return totals


def _sum(cells: list[MarketCell]) -> MarketCell:
    """The cells together, as old as the oldest of them."""
    told = [cell.new_count for cell in cells]
    known = [count for count in told if count is not None]
    new_count = sum(known) if len(known) == len(told) else None
    oldest = min((cell.survey for cell in cells), key=lambda one: one.as_of)
    return MarketCell(sum(cell.count for cell in cells), new_count, oldest)


def approved_surveys() -> list[MarketSurvey]:
    """Every approved survey of the bank with its lines: for averages and denominators."""
    rows = MarketSurvey.objects.filter(state=MarketSurvey.State.APPROVED)
    return list(rows.select_related("branch", "region", "territory").prefetch_related("lines"))


def readable(surveys: Iterable[MarketSurvey], *, user: User) -> list[MarketSurvey]:
    """Of approved surveys those that ``surveys_for`` gives, without asking again."""
    reach, number = user.reach(), user.scope_no
    return [
        survey
        for survey in surveys
        if any(low <= survey.branch.scope_lo <= high for low, high in reach)
        or survey.branch.scope_lo <= number <= survey.branch.scope_hi
    ]


def units_to_survey(*, user: User) -> QuerySet[Branch]:
    """Open units in reach, from the top."""
    wanted = Q(pk__in=[])
    for low, high in user.reach():
        wanted |= Q(scope_lo__range=(low, high))
    return Branch.objects.filter(wanted, is_active=True).order_by("scope_lo")


def every_unit() -> QuerySet[Branch]:
    """Every unit, to be found by its code."""
    return Branch.objects.all()


def every_region() -> QuerySet[RegionCode]:
    """Every region, to be found by its code."""
    return RegionCode.objects.all()


def every_territory() -> QuerySet[Territory]:
    """Every territory, to be found by its code; the service asks whose it is."""
    return Territory.objects.all()


def counties() -> QuerySet[RegionCode]:
    """Every region below the provinces."""
    return RegionCode.objects.filter(level__gte=2).order_by("code")


def territories_to_survey(*, user: User) -> QuerySet[Territory]:
    """Territories of units in reach."""
    rows: QuerySet[Territory] = Territory.objects.visible_to(user)
    return rows.order_by("code")


def may_approve(survey: MarketSurvey, user: User) -> bool:
    """Whether the user is somebody else who may decide on this draft."""
    reach = any(low <= survey.branch.scope_lo <= high for low, high in user.reach())
    is_draft = survey.state == MarketSurvey.State.DRAFT
    return is_draft and reach and user.can(Can.APPROVE_GOALS) and survey.made_by_id != user.pk


def may_edit(survey: MarketSurvey, user: User) -> bool:
    """Whether the user may write on this draft."""
    reach = any(low <= survey.branch.scope_lo <= high for low, high in user.reach())
    return survey.state == MarketSurvey.State.DRAFT and reach and user.can(Can.EDIT_GOALS)
