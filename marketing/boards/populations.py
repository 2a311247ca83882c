"""Every population of the board and every figure counted over it.

What a stage is overdue, a visit valid or a category full is asked of the catalogue that says so.
"""

from __future__ import annotations

from django.db.models import Choices
from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.ledger.categories import CATEGORIES
from customers.models import FiveClass, ProductFamily, Touch
from marketing.boards.spec import Column, Place, Population, Spread
from marketing.goals.inclusive import business_sql, credit_sql, inclusive_sql, small_sql
from marketing.models import CareTask, Mode, Opportunity, PlannedVisit, Purpose, Satisfaction
from marketing.pipeline import LOST, TRACKS
from marketing.planning.valid import valid_visit_sql

BAD = "('substandard', 'doubtful', 'loss')"
LATE = {  # by the first day past due: the last, the words
    1: (30, _("1–30 days overdue")),
    31: (60, _("31–60 days overdue")),
    61: (90, _("61–90 days overdue")),
    91: (None, _("Over 90 days overdue")),
}
TIERS = {"A": _("Tier A"), "B": _("Tier B"), "C": _("Tier C"), "D": _("Tier D")}
STAGES = ("start_up", "growth", "mature", "decline", "unknown")
AGES = [0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 30, 45, 60, 90]  # last day of each step of a spread


def _words(choices: type[Choices]) -> dict[str, Text]:
    return dict(choices.choices)


def _stages() -> dict[str, Text]:
    """Stages of both pipelines by their key."""
    found: dict[str, Text] = {LOST: _("Lost")}
    for track in TRACKS.values():
        found |= {stage.key: stage.label for stage in track.stages}
    return found


def _step(days: str) -> str:
    """The number, from 1 on, of the step in which so many whole days lie."""
    ends = ", ".join(str(end + 1) for end in AGES)
    return f"width_bucket(floor({days})::int, ARRAY[{ends}]) + 1"


MONTHS_SINCE = """least(36, coalesce(
  (extract(year FROM x.started_at AT TIME ZONE 'Asia/Shanghai') * 12
   + extract(month FROM x.started_at AT TIME ZONE 'Asia/Shanghai'))
  - (SELECT extract(year FROM l.at) * 12 + extract(month FROM l.at) FROM (
    SELECT y.started_at AT TIME ZONE 'Asia/Shanghai' AS at FROM marketing_visit y
    WHERE y.customer_id = x.customer_id AND y.started_at <= x.started_at
    AND (y.started_at, y.id) < (x.started_at, x.id)
    ORDER BY y.started_at DESC, y.id DESC LIMIT 1) l), 36))::int"""
NTH_VISIT = f"""(SELECT count(*) FROM marketing_visit y WHERE y.manager_id = x.manager_id
  AND y.started_at <= x.started_at AND y.started_at >=
    date_trunc('day', x.started_at AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
  AND {valid_visit_sql("y")} AND (y.started_at, y.id) <= (x.started_at, x.id))"""
NTH_FACT = """(SELECT count(*) FROM marketing_visit y
  JOIN marketing_visitfact g ON g.visit_id = y.id
  WHERE y.manager_id = v.manager_id AND y.started_at <= v.started_at AND y.started_at >=
    date_trunc('day', v.started_at AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
  AND g.category > 0 AND (y.started_at, g.id) <= (v.started_at, x.id))"""
IN_TIME = (
    "x.days_in_stage <= CASE o.pipeline || '.' || x.from_stage "
    + " ".join(
        f"WHEN '{track.key}.{stage.key}' THEN %(sla.{track.key}.{stage.key})s"
        for track in TRACKS.values()
        for stage in track.stages
        if not stage.is_last
    )
    + " END"
)
INCLUSIVE = inclusive_sql(
    business=business_sql("x.family"),
    small=small_sql("c"),
    credit=credit_sql("p.limit_amount", "p.loan_balance"),
    limit="%(inclusive.limit)s",
)
BIRTHDAY = """((coalesce(c.founded_on, c.registered_on)
  + make_interval(years => extract(year FROM age(%(as_of)s::date - 1,
    coalesce(c.founded_on, c.registered_on)))::int + 1))::date - %(as_of)s::date) BETWEEN 0 AND 30
  AND coalesce(c.founded_on, c.registered_on) < %(as_of)s"""

_FAMILY = Column(_("family"), "x.family", choices=_words(ProductFamily))
_OPP_COLUMNS = (
    _FAMILY,
    Column(_("stage"), "x.stage", choices=_stages()),
    Column(_("amount"), "x.amount", "money"),
    Column(_("opened at"), "(x.opened_at AT TIME ZONE 'Asia/Shanghai')::date", "day"),
)
_LOAN_COLUMNS = (
    Column(_("loan number"), "x.loan_no", is_named=True),
    _FAMILY,
    Column(_("class"), "x.five_class", choices=_words(FiveClass)),
    Column(_("matures on"), "x.matures_on", "day"),
)
_CUSTOMER_COLUMNS = (
    Column(_("tier"), "p.tier"),
    Column(_("stage"), "p.stage", choices=dict(COLUMNS["stage"].choices)),
    Column(_("loan balance"), "p.loan_balance", "money"),
)

POPULATIONS: Catalogue[Population] = Catalogue("populations of the board")
POPULATIONS.add(
    Population(
        "visits",
        _("Visits"),
        "marketing_visit x",
        at="x.started_at",
        is_moment=True,
        place=Place.MAKER,
        spread=Spread(f"nullif({MONTHS_SINCE}, 0)", 36),
        columns=(
            Column(_("purpose"), "x.purpose", choices=_words(Purpose)),
            Column(_("whom met"), "x.whom_met", is_named=True),
            Column(_("quality"), "x.quality", "number"),
        ),
        url="marketing:visit",
    ),
    Population(
        "stops",
        _("Planned visits"),
        "marketing_plannedvisit x",
        at="x.on",
        place=Place.MAKER,
        where="x.state <> 'dropped'",
        columns=(
            Column(_("purpose"), "x.purpose", choices=_words(Purpose)),
            Column(_("state"), "x.state", choices=_words(PlannedVisit.State)),
        ),
    ),
    Population(
        "touches",
        _("Contacts made"),
        "customers_touch x",
        at="x.at",
        is_moment=True,
        columns=(Column(_("channel"), "x.channel", choices=_words(Touch.Channel)),),
    ),
    Population(
        "moves",
        _("Stage changes"),
        "marketing_stageevent x JOIN marketing_opportunity o ON o.id = x.opportunity_id",
        at="x.at",
        is_moment=True,
        cut=("o.pipeline", ":", "x.from_stage", ">", "x.to_stage"),
        families="ARRAY[o.family]",
        mode="o.origin_mode",
        spread=Spread(
            f"CASE WHEN x.from_stage <> '' THEN {_step('x.days_in_stage')} END", len(AGES) + 1
        ),
        columns=(
            Column(_("family"), "o.family", choices=_words(ProductFamily)),
            Column(_("from"), "x.from_stage", choices=_stages()),
            Column(_("to"), "x.to_stage", choices=_stages()),
            Column(_("days in the stage before"), "x.days_in_stage", "number"),
            Column(_("amount"), "x.amount", "money"),
        ),
        url="marketing:opportunity",
        url_key="x.opportunity_id",
    ),
    Population(
        "opened",
        _("Opportunities opened"),
        "marketing_opportunity x",
        at="x.opened_at",
        is_moment=True,
        cut=("x.pipeline",),
        families="ARRAY[x.family]",
        mode="x.origin_mode",
        columns=(*_OPP_COLUMNS, Column(_("mode"), "x.origin_mode", choices=_words(Mode))),
        url="marketing:opportunity",
    ),
    Population(
        "closed",
        _("Opportunities closed"),
        "marketing_opportunity x",
        at="x.closed_at",
        is_moment=True,
        where="x.state <> 'open'",
        cut=("x.pipeline", ":", "x.lost_reason"),
        families="ARRAY[x.family]",
        mode="x.origin_mode",
        columns=(
            *_OPP_COLUMNS,
            Column(_("state"), "x.state", choices=_words(Opportunity.State)),
            Column(_("lost because"), "x.lost_reason", choices=_words(Opportunity.Lost)),
        ),
        url="marketing:opportunity",
    ),
    Population(
        "open",
        _("Open opportunities"),
        "marketing_opportunity x",
        place=Place.NOW,
        is_flow=False,
        where="x.state = 'open'",
        cut=("x.pipeline", ":", "x.stage"),
        families="ARRAY[x.family]",
        mode="x.origin_mode",
        columns=(*_OPP_COLUMNS, Column(_("stage due"), "x.stage_due_on", "day")),
        url="marketing:opportunity",
    ),
    Population(
        "customers",
        _("Customers"),
        "customers_customer x LEFT JOIN customers_monthrollup dn "
        "ON dn.customer_id = x.id AND dn.ym = %(ym.last)s LEFT JOIN customers_monthrollup dy "
        "ON dy.customer_id = x.id AND dy.ym = %(ym.year_end)s",
        customer="x.id",
        place=Place.NOW,
        is_flow=False,
        families="b.families",
        columns=_CUSTOMER_COLUMNS,
    ),
    Population(
        "joined",
        _("New customers"),
        "customers_customer x",
        customer="x.id",
        at="x.customer_since",
        families="b.families",
        columns=_CUSTOMER_COLUMNS,
    ),
    Population(
        "loans",
        _("Loans"),
        "customers_loan x",
        place=Place.NOW,
        is_flow=False,
        where="x.closed_on IS NULL AND x.balance_amount > 0",
        families="ARRAY[x.family]",
        columns=(*_LOAN_COLUMNS, Column(_("balance"), "x.balance_amount", "money")),
    ),
    Population(
        "drawn",
        _("Drawdowns"),
        "customers_loan x",
        at="x.drawn_on",
        families="ARRAY[x.family]",
        columns=(
            *_LOAN_COLUMNS,
            Column(_("principal"), "x.principal_amount", "money"),
            Column(_("yearly rate"), "x.rate", "share"),
        ),
    ),
    Population(
        "grants",
        _("Loans granted in three years"),
        "customers_loan x",
        at="x.drawn_on",
        is_flow=False,
        where="x.drawn_on > %(as_of)s::date - interval '36 months' AND x.drawn_on <= %(as_of)s",
        families="ARRAY[x.family]",
        columns=(*_LOAN_COLUMNS, Column(_("principal"), "x.principal_amount", "money")),
    ),
    Population(
        "complaints",
        _("Complaints"),
        "marketing_complaint x",
        at="x.received_on",
        columns=(
            Column(_("complaint"), "x.text", is_named=True),
            Column(_("due"), "x.due_on", "day"),
        ),
    ),
    Population(
        "complaints_open",
        _("Open complaints"),
        "marketing_complaint x",
        place=Place.NOW,
        is_flow=False,
        where="x.state = 'open'",
        columns=(
            Column(_("complaint"), "x.text", is_named=True),
            Column(_("due"), "x.due_on", "day"),
        ),
    ),
    Population(
        "care",
        _("Care tasks"),
        "marketing_caretask x",
        place=Place.NOW,
        is_flow=False,
        where="x.state = 'open'",
        cut=("x.kind",),
        columns=(
            Column(_("kind"), "x.kind", choices=_words(CareTask.Kind)),
            Column(_("due"), "x.due_on", "day"),
        ),
    ),
    Population(
        "satisfaction",
        _("Satisfaction"),
        "marketing_satisfaction x",
        at="x.on",
        cut=("x.after",),
        columns=(
            Column(_("after"), "x.after", choices=_words(Satisfaction.After)),
            Column(_("mark"), "x.mark", "number"),
        ),
    ),
    Population(
        "facts",
        _("Facts of visits"),
        "marketing_visitfact x JOIN marketing_visit v ON v.id = x.visit_id",
        at="v.started_at",
        is_moment=True,
        place=Place.MAKER,
        where="x.category > 0",
        columns=(Column(_("fact"), "x.key"), Column(_("category"), "x.category", "number")),
        url="marketing:visit",
        url_key="x.visit_id",
    ),
    Population(
        "coordination",
        _("Coordination items decided"),
        "marketing_coordinationitem x",
        at="x.decided_at",
        is_moment=True,
        where="x.decided_at IS NOT NULL",
        columns=(Column(_("list"), "x.list_no"), Column(_("due on"), "x.due_on", "day")),
    ),
    Population(
        "grid",
        _("Operators by grid cell"),
        "customers_territorymember x",
        place=Place.NOW,
        is_flow=False,
        where="x.is_grid",
        cut=("x.territory_id::text",),
        columns=(Column(_("last visit"), "p.last_visit_on", "day"),),
    ),
    Population(
        "by_group",
        _("Customers by group"),
        "marketing_boardcustomer x CROSS JOIN LATERAL unnest("
        "CASE WHEN x.groups = '{}' THEN ARRAY['none']::varchar[] ELSE x.groups END) g(code)",
        identity="x.customer_id",
        place=Place.NOW,
        is_flow=False,
        cut=("g.code",),
        families="b.families",
        columns=_CUSTOMER_COLUMNS,
    ),
    Population(
        "ledger",
        _("Customers by category of the ledger"),
        "customers_ledgercover x",
        identity="x.customer_id",
        place=Place.NOW,
        is_flow=False,
        columns=tuple(
            Column(category.label, f"x.share_{category.no} / 100.0", "share")
            for category in CATEGORIES
        ),
    ),
)
