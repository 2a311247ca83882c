"""Every figure of the board: which rows of a population it counts, and what it sums."""

from __future__ import annotations

from itertools import groupby

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from customers.features.catalogue import COLUMNS
from customers.ledger.categories import CATEGORIES
from marketing.boards.populations import (
    BAD,
    BIRTHDAY,
    IN_TIME,
    INCLUSIVE,
    LATE,
    NTH_FACT,
    NTH_VISIT,
    POPULATIONS,
    STAGES,
    TIERS,
)
from marketing.boards.spec import Figure, Unit
from marketing.pipeline import LOST
from marketing.pipeline.clock import BANDS
from marketing.planning.valid import valid_visit_sql

FIGURES: Catalogue[Figure] = Catalogue("figures of the board")
_add = FIGURES.add
Y = Unit.YUAN
_add(
    Figure("visits", "visits", _("Visits made")),
    Figure("visits_valid", "visits", _("Valid visits"), valid_visit_sql("x")),
    Figure(
        "visits_to_opportunity",
        "visits",
        _("Visits with an opportunity"),
        "EXISTS (SELECT FROM marketing_opportunity y WHERE y.visit_id = x.id)",
    ),
    Figure(
        "visits_scored", "visits", _("Visits with a score"), "x.quality IS NOT NULL",
        value="x.quality", unit=Unit.SCORE,
    ),
    Figure("visits_flagged", "visits", _("Flagged visits"), "x.flags <> '{}'"),
    Figure(
        "visits_pointed",
        "visits",
        _("Visits that give points"),
        f"{valid_visit_sql('x')} AND {NTH_VISIT} <= %(points.visits_day)s",
    ),
    Figure("stops", "stops", _("Visits planned")),
    Figure("stops_done", "stops", _("Planned visits done"), "x.state = 'done'"),
    Figure("touches", "touches", _("Contacts with customers")),
    Figure("touches_reached", "touches", _("Contacts that reached somebody"), "x.has_reached"),
    Figure("entered", "moves", _("Entered"), value="x.amount", unit=Y),
    Figure("left", "moves", _("Left the stage"), "x.from_stage <> ''"),
    Figure("forward", "moves", _("Moved on"), f"x.from_stage <> '' AND x.to_stage <> '{LOST}'"),
    Figure("dropped", "moves", _("Lost"), f"x.to_stage = '{LOST}'", value="x.amount", unit=Y),
    Figure(
        "timed", "moves", _("Stages left"), "x.days_in_stage IS NOT NULL AND x.from_stage <> ''"
    ),
    Figure("in_time", "moves", _("Stages left in time"), IN_TIME),
    Figure("submitted", "moves", _("Submitted"), "x.to_stage = 'submitted'"),
    Figure(
        "loan_drawn",
        "moves",
        _("Drawn"),
        "x.to_stage = 'submitted' AND EXISTS (SELECT FROM marketing_stageevent y "
        "WHERE y.opportunity_id = x.opportunity_id AND y.to_stage = 'drawn' AND y.at >= x.at)",
    ),
    Figure("opened", "opened", _("Opportunities opened"), value="x.amount", unit=Y),
    Figure("opened_at_visit", "opened", _("Opened at a visit"), "x.visit_id IS NOT NULL"),
    Figure("closed", "closed", _("Opportunities closed")),
    Figure("won", "closed", _("Won"), "x.state = 'won'", value="x.amount", unit=Y),
    Figure("lost", "closed", _("Lost"), "x.state = 'lost'", value="x.amount", unit=Y),
    Figure("closed_amounts", "closed", _("Opportunities closed"), value="x.amount", unit=Y),
    Figure("won_credit", "closed", _("Loans won"), "x.state = 'won' AND x.pipeline = 'credit'"),
    Figure("won_other", "closed", _("Services won"), "x.state = 'won' AND x.pipeline = 'other'"),
    Figure("open", "open", _("Open opportunities"), value="x.amount", unit=Y),
    Figure(
        "weighted", "open", _("Weighted pipeline"), value="x.amount * x.probability", unit=Y
    ),
    Figure("overdue", "open", _("Past the stage's time"), "[[overdue]]"),
    Figure("stalled", "open", _("Stalled"), "[[stalled]]"),
    *(
        Figure(f"aged_{no}", "open", band.label, f"[[aged_{no}]]", value="x.amount", unit=Y)
        for no, band in enumerate(BANDS)
    ),
    Figure("customers", "customers", _("Customers known")),
    Figure("existing", "customers", _("Existing customers"), "c.relation_state = 'existing'"),
    Figure("prospects", "customers", _("Prospects"), "c.relation_state = 'prospect'"),
    Figure("dormant", "customers", _("Dormant"), "c.relation_state = 'dormant'"),
    Figure("lost_customers", "customers", _("Lost customers"), "c.relation_state = 'lost'"),
    Figure(
        "holders", "customers", _("Customers with a product"), "p.families_held > 0",
        value="p.families_held", unit=Unit.SCORE,
    ),
    Figure(
        "holders_income", "customers", _("Customers with a product"), "p.families_held > 0",
        value="p.comprehensive_income", unit=Y,
    ),
    Figure("borrowers", "customers", _("Customers with a loan"), "p.loan_balance > 0"),
    Figure(
        "complete", "customers", _("Portrait completeness"), "p.completeness IS NOT NULL",
        value="p.completeness / 100", unit=Unit.SHARE,
    ),
    Figure(
        "aum", "customers", _("Deposits, average of 3 months"), "p.deposit_average_3m IS NOT NULL",
        value="p.deposit_average_3m", unit=Y,
    ),
    Figure(
        "aum_change", "customers", _("Change of deposits against last year's end"),
        "dn.deposit_average - dy.deposit_average IS NOT NULL",
        value="dn.deposit_average - dy.deposit_average", unit=Y,
    ),
    Figure("churn", "customers", _("Churn signals"), "p.tags @> ARRAY['churn_risk']::varchar[]"),
    Figure("birthdays", "customers", _("Birthdays of the firm, 30 days"), BIRTHDAY),
    Figure("red_flags", "customers", _("With a red flag"), "p.red_flags <> '{}'"),
    *(
        Figure(f"tier_{tier.lower()}", "customers", label, f"p.tier = '{tier}'")
        for tier, label in TIERS.items()
    ),
    *(
        Figure(
            f"stage_{stage}",
            "customers",
            dict(COLUMNS["stage"].choices)[stage],
            f"coalesce(nullif(p.stage, ''), 'unknown') = '{stage}'",
        )
        for stage in STAGES
    ),
    *(
        Figure(
            f"late_{low}",
            "customers",
            label,
            f"p.days_past_due {f'BETWEEN {low} AND {high}' if high else f'>= {low}'}",
            value="p.loan_balance",
            unit=Y,
        )
        for low, (high, label) in LATE.items()
    ),
    Figure("new_customers", "joined", _("New customers")),
    Figure("loans", "loans", _("Loan balance"), value="x.balance_amount", unit=Y),
    Figure(
        "loans_inclusive", "loans", _("Inclusive loan balance"), INCLUSIVE,
        value="x.balance_amount", unit=Y,
    ),
    Figure(
        "loans_bad", "loans", _("Non-performing balance"), f"x.five_class IN {BAD}",
        value="x.balance_amount", unit=Y,
    ),
    Figure(
        "loans_watched", "loans", _("Special mention"), "x.five_class = 'special_mention'",
        value="x.balance_amount", unit=Y,
    ),
    Figure(
        "renewals", "loans", _("Renewals due in 90 days"),
        "x.matures_on BETWEEN %(as_of)s AND %(as_of)s::date + 90",
        value="x.balance_amount", unit=Y,
    ),
    Figure("drawn", "drawn", _("Loans drawn"), value="x.principal_amount", unit=Y),
    Figure(
        "drawn_inclusive", "drawn", _("New inclusive balance"), INCLUSIVE,
        value="x.principal_amount", unit=Y,
    ),
    Figure(
        "drawn_interest", "drawn", _("A year's interest on it"),
        value="x.principal_amount * x.rate", unit=Y,
    ),
    Figure("first_loans", "drawn", _("First loans"), "x.is_first_loan"),
    Figure("granted", "grants", _("Granted in three years"), value="x.principal_amount", unit=Y),
    Figure(
        "granted_bad", "grants", _("Of it non-performing"), f"x.five_class IN {BAD}",
        value="x.principal_amount", unit=Y,
    ),
    Figure("complaints", "complaints", _("Complaints received")),
    Figure("complaints_open", "complaints_open", _("Open complaints")),
    Figure("complaints_late", "complaints_open", _("Complaints past due"), "x.due_on < %(as_of)s"),
    Figure("care", "care", _("Care tasks open")),
    Figure("care_late", "care", _("Care tasks overdue"), "x.due_on < %(as_of)s"),
    Figure("marks", "satisfaction", _("Satisfaction"), value="x.mark", unit=Unit.SCORE),
    Figure(
        "facts_pointed", "facts", _("Facts that give points"),
        f"{NTH_FACT} <= %(points.facts_day)s",
    ),
    Figure("decided", "coordination", _("Coordination items decided")),
    Figure(
        "decided_in_time", "coordination", _("Decided in time"),
        "(x.decided_at AT TIME ZONE 'Asia/Shanghai')::date <= x.due_on",
    ),
    Figure("grid_known", "grid", _("Operators known")),
    Figure(
        "grid_visited", "grid", _("Visited within a year"),
        "p.last_visit_on > %(as_of)s::date - interval '1 year'",
    ),
    *(
        Figure(f"{name}{suffix}", population, label, value=f"p.{column}", unit=Y)
        for population, suffix in (("customers", ""), ("by_group", "_by_group"))
        for name, column, label in (
            ("spread_income", "spread_income", _("Spread income")),
            ("all_income", "comprehensive_income", _("Comprehensive income")),
            ("risk_cost", "risk_cost", _("Risk cost")),
            ("servicing_cost", "servicing_cost", _("Servicing cost")),
            ("contribution", "contribution_12m", _("Contribution")),
        )
    ),
    *(
        Figure(
            f"cover_{category.no}", "ledger", category.label,
            f"x.share_{category.no} IS NOT NULL",
            value=f"x.share_{category.no} / 100.0", unit=Unit.SHARE,
        )
        for category in CATEGORIES
    ),
)  # fmt: skip

# Figures of one population, in the order in which a cell holds their sums.
BY_POPULATION: dict[str, list[Figure]] = {
    key: list(rows)
    for key, rows in groupby(
        sorted(FIGURES, key=lambda row: POPULATIONS.keys().index(row.population)),
        key=lambda row: row.population,
    )
}
