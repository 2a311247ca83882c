"""The sources of the today queue, one entry each; a new source is one more entry here.

Every source says whose its items are, by when, what they are worth in a year and why they stand
there, in one sentence. Points and horizons are parameters (``queue.points.*``, ``queue.ahead.*``).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from crm.core.catalogue import Catalogue
from crm.core.roles import Can
from marketing.queue.spec import Deed, How, QueueSource

MARGINS = ("queue.margin.credit", "queue.margin.other")
LOOK_BACK = "%(queue.look_back_days)s"

PROMISED = "marketing.promise"  # the to-do that a visit with a promise leaves; its key is the visit
# What a former manager noted to do next stands as a to-do of the customer's manager (same key).
STEP_TAKEN_OVER, CONTACT_TAKEN_OVER = "marketing.next_step", "marketing.contact_again"

PROMISE = QueueSource(
    key="promise",
    label=_("Promise"),
    tables=f"core_task x JOIN marketing_visit v ON v.id = CASE WHEN x.kind = '{PROMISED}' "
    "THEN x.unique_key::bigint END",
    where=f"x.kind = '{PROMISED}' AND x.state = 'open'",
    owner="x.owner_id",
    customer="v.customer_id",
    due="x.due_on",
    value="c.worth",
    inputs="jsonb_build_object('code', CASE WHEN v.manager_id = x.owner_id THEN 'promised' "
    "ELSE 'taken_over' END, 'what', v.promise, "
    "'who', (SELECT m.full_name FROM core_user m WHERE m.id = v.manager_id), "
    "'on', (v.started_at AT TIME ZONE 'Asia/Shanghai')::date)",
    words={
        "promised": _("You promised on %(on)s: %(what)s"),
        "taken_over": _("%(who)s promised on %(on)s: %(what)s"),
    },
    deed=Deed(_("Kept"), said=_("The promise was kept.")),
    tone="bad",
)

FOLLOW_UP = QueueSource(
    key="follow_up",
    label=_("Follow-up"),
    tables="marketing_visit x",
    where=f"x.next_on IS NOT NULL AND x.closed_reason = '' "
    f"AND x.started_at >= %(today)s - {LOOK_BACK} AND NOT EXISTS (SELECT 1 FROM marketing_visit v "
    "WHERE v.customer_id = x.customer_id AND v.started_at > x.started_at)",
    owner="x.manager_id",
    due="x.next_on",
    value="c.worth",
    inputs="jsonb_build_object('code', CASE WHEN x.next_step = '' THEN 'again' ELSE 'step' END, "
    "'what', x.next_step, 'on', (x.started_at AT TIME ZONE 'Asia/Shanghai')::date)",
    words={
        "step": _("Next step after the visit of %(on)s: %(what)s"),
        "again": _("Get in touch again after the visit of %(on)s."),
    },
    deed=Deed(_("Done"), said=_("The next step is done.")),
    needs=("queue.look_back_days",),
)

STOP = QueueSource(
    key="stop",
    label=_("Planned visit"),
    tables="marketing_plannedvisit x",
    where="x.state = 'planned' AND x.\"on\" BETWEEN %(today)s - 6 AND %(today)s",
    owner="x.manager_id",
    due='x."on"',
    value="c.worth",
    inputs="jsonb_build_object('code', CASE WHEN x.\"on\" < %(today)s THEN 'missed' ELSE 'today' "
    "END, 'on', x.\"on\", 'place', x.place, 'purpose', x.purpose)",
    words={
        "today": _("Stop %(place)s of today's route: %(purpose)s"),
        "missed": _("Planned for %(on)s and not visited yet: %(purpose)s"),
    },
    deed=Deed(
        _("Log visit"),
        How.FORM,
        "marketing:visit_new",
        _("The visit is on record."),
        Can.LOG_VISITS,
    ),  # fmt: skip,
)

SUGGESTION = QueueSource(
    key="suggestion",
    label=_("Suggestion"),
    tables="products_suggestion x",
    where="x.state IN ('new', 'seen') AND x.expires_on >= %(today)s",
    owner="c.manager_id",
    due="x.expires_on",
    value="x.expected_amount",
    inputs="jsonb_build_object('code', 'offer', 'chance', x.chance, 'names', "
    "(SELECT jsonb_build_array(d.name_zh, d.name_en) FROM products_productversion v "
    "JOIN products_product d ON d.id = v.product_id WHERE v.id = x.version_id), "
    "'reasons', x.reasons, 'amount', x.receipt #> '{income,amount}')",
    words={"offer": _("%(product)s: %(why)s")},
    deed=Deed(
        _("To opportunity"),
        said=_("Taken up: an opportunity follows."),
        can=Can.ANSWER_SUGGESTIONS,
    ),
    is_marketing=True,
)

OPPORTUNITY = QueueSource(
    key="opportunity",
    label=_("Opportunity"),
    tables="marketing_opportunity x",
    # A next step that is still ahead is waited for, up to the day on which the row is stalled.
    where="x.state = 'open' AND (x.next_on <= %(today)s "
    "OR (x.stage_due_on <= %(today)s AND x.next_on IS NULL) "
    "OR x.last_action_on <= %(today)s - %(pipeline.stalled.days)s)",
    owner="x.owner_id",
    due="least(x.stage_due_on, x.next_on, x.last_action_on + %(pipeline.stalled.days)s)",
    value="x.amount * x.probability * CASE WHEN x.pipeline = 'credit' "
    "THEN %(queue.margin.credit)s ELSE %(queue.margin.other)s END",
    inputs="jsonb_build_object('code', CASE WHEN x.stage_due_on <= %(today)s THEN 'overdue' "
    "WHEN x.next_on <= %(today)s THEN 'next' ELSE 'stalled' END, 'id', x.id, 'stage', x.stage, "
    "'family', x.family, 'amount', x.amount, 'next', x.next_action, "
    "'days', %(today)s - (x.stage_since AT TIME ZONE 'Asia/Shanghai')::date, "
    "'late', %(today)s - x.stage_due_on, 'quiet', %(today)s - x.last_action_on)",
    words={
        "overdue": ngettext_lazy(
            "%(family)s at “%(stage)s” for %(days)s day, %(late)s over its time",
            "%(family)s at “%(stage)s” for %(days)s days, %(late)s over its time",
            "days",
        ),
        "stalled": ngettext_lazy(
            "%(family)s at “%(stage)s”: nothing happened for %(quiet)s day",
            "%(family)s at “%(stage)s”: nothing happened for %(quiet)s days",
            "quiet",
        ),
        "next": _("%(family)s at “%(stage)s”, due now: %(next)s"),
    },
    deed=Deed(
        _("Next step"), How.NEXT, said=_("The next step is on record."), can=Can.EDIT_OPPORTUNITIES
    ),
    tone="warn",
    needs=(*MARGINS, "pipeline.stalled.days"),
)

RENEWAL = QueueSource(
    key="renewal",
    label=_("Renewal"),
    tables="customers_loan x",
    where="x.closed_on IS NULL AND x.balance_amount > 0 "
    "AND x.five_class IN ('normal', 'special_mention') "
    "AND x.matures_on BETWEEN %(today)s AND %(today)s + 90 "
    "AND NOT EXISTS (SELECT 1 FROM marketing_opportunity o WHERE o.customer_id = x.customer_id "
    "AND o.family = x.family AND o.state = 'open')",
    owner="c.manager_id",
    due="x.matures_on",
    value="x.balance_amount * %(queue.margin.credit)s",
    inputs="jsonb_build_object('code', CASE WHEN x.matures_on <= %(today)s + 30 THEN 'in_30' "
    "WHEN x.matures_on <= %(today)s + 60 THEN 'in_60' ELSE 'in_90' END, 'on', x.matures_on, "
    "'days', x.matures_on - %(today)s, 'balance', x.balance_amount, 'five_class', x.five_class, "
    "'family', x.family)",
    words={
        "in_30": ngettext_lazy(
            "Loan of %(balance)s matures in %(days)s day: settle the renewal now",
            "Loan of %(balance)s matures in %(days)s days: settle the renewal now",
            "days",
        ),
        "in_60": _("Loan of %(balance)s matures in %(days)s days: collect the papers"),
        "in_90": _("Loan of %(balance)s matures in %(days)s days: ask about the plans"),
    },
    deed=Deed(
        _("To opportunity"),
        said=_("The renewal is an opportunity now."),
        can=Can.EDIT_OPPORTUNITIES,
    ),
    tone="warn",
    needs=("queue.margin.credit",),
)

GAP = QueueSource(
    key="gap",
    label=_("Portrait"),
    tables="{c} c JOIN LATERAL (SELECT f.rule, count(*) AS offers, max(f.score) AS best "
    "FROM products_offerfit f WHERE f.customer_id = c.id AND f.kind = 'u' "
    "AND f.rule = ANY(%(askable)s) GROUP BY f.rule ORDER BY 2 DESC, 3 DESC, 1 LIMIT 1) x ON true",
    where="true",
    owner="c.manager_id",
    due="NULL",
    value="c.worth",
    inputs="jsonb_build_object('code', 'one', 'feature', x.rule, 'offers', x.offers)",
    words={
        "one": ngettext_lazy(
            "%(feature)s is not known: %(offers)s product cannot be matched without it",
            "%(feature)s is not known: %(offers)s products cannot be matched without it",
            "offers",
        )
    },
    deed=Deed(
        _("Record the answer"),
        How.FORM,
        "products:fact",
        _("What was told is on record."),
        Can.EDIT_CUSTOMERS,
    ),
    ref="c.id",
    joins_customer=False,
    is_marketing=True,
    tone="plain",
)

COORDINATION = QueueSource(
    key="coordination",
    label=_("On a list"),
    tables="marketing_coordinationitem x",
    where="x.state IN ('open', 'visited')",
    owner="coalesce(x.owner_id, c.manager_id)",
    due="x.due_on",
    value="x.wanted_amount * %(queue.margin.credit)s",
    inputs="jsonb_build_object('code', CASE WHEN x.contacted_on IS NOT NULL AND x.state = 'open' "
    "THEN 'contacted' ELSE x.state END, 'list', x.list_no, 'on', x.due_on, "
    "'days', %(today)s - x.received_on, 'wanted', x.wanted_amount)",
    words={
        "open": ngettext_lazy(
            "List %(list)s: not contacted since %(days)s day, decide by %(on)s",
            "List %(list)s: not contacted since %(days)s days, decide by %(on)s",
            "days",
        ),
        "contacted": _("List %(list)s: contacted, decide by %(on)s"),
        "visited": _("List %(list)s: visited, decide by %(on)s"),
    },
    deed=Deed(
        _("Work on it"),
        How.FORM,
        "marketing:coordination_item",
        _("It is on record."),
        Can.WORK_COORDINATION,
    ),
    tone="warn",
    needs=("queue.margin.credit",),
)

CHURN = QueueSource(
    key="churn",
    label=_("Leaving"),
    tables="marketing_caretask x",
    where="x.state = 'open' AND x.kind = 'churn'",
    owner="x.owner_id",
    due="x.due_on",
    value="c.worth",
    inputs="jsonb_build_object('code', 'churn', 'reasons', x.reasons)",
    words={"churn": _("%(reasons)s")},
    deed=Deed(_("Win back"), How.NOTE, said=_("What was done is on record."), can=Can.HANDLE_CARE),
    is_marketing=True,
    tone="bad",
)

CARE = QueueSource(
    key="care",
    label=_("Care"),
    tables="marketing_caretask x",
    where="x.state = 'open' AND x.kind NOT IN ('churn', 'complaint')",
    owner="x.owner_id",
    due="x.due_on",
    value="c.worth",
    inputs="jsonb_build_object('code', 'care', 'kind', x.kind, 'reasons', x.reasons)",
    words={"care": _("%(reasons)s")},
    deed=Deed(_("Done"), How.NOTE, said=_("What was done is on record."), can=Can.HANDLE_CARE),
    tone="plain",
)

TASK = QueueSource(
    key="task",
    label=_("To-do"),
    tables="core_task x",
    where=f"x.state = 'open' AND x.kind <> '{PROMISED}'",
    owner="x.owner_id",
    due="x.due_on",
    value="NULL",
    inputs="jsonb_build_object('code', 'task', 'kind', x.kind, 'params', x.params, 'link', x.link)",
    words={"task": _("%(sentence)s")},
    deed=Deed(_("Mark as done"), said=_("Done.")),
    has_customer=False,
    tone="plain",
)

CORRECTION = QueueSource(
    key="correction",
    label=_("Correction"),
    tables="customers_correctionrequest x",
    where="x.state = 'open'",
    owner="c.manager_id",
    due="x.due_on",
    value="NULL",
    inputs="jsonb_build_object('code', 'asked', 'feature', x.key, 'wanted', x.wanted, "
    "'on', x.due_on)",
    words={"asked": _("Asks to correct %(feature)s to “%(wanted)s”: answer by %(on)s")},
    deed=Deed(
        _("Answer"),
        How.FORM,
        "customers:judgement",
        _("The answer is noted."),
        Can.EDIT_CUSTOMERS,
    ),
    tone="warn",
)

COMPLAINT = QueueSource(
    key="complaint",
    label=_("Complaint"),
    tables="marketing_complaint x",
    where="x.state = 'open'",
    owner="x.owner_id",
    due="x.due_on",
    value="c.worth",
    inputs="jsonb_build_object('code', CASE WHEN x.handed_by_id IS NULL THEN 'open' "
    "ELSE 'handed' END, 'kind', x.kind, 'on', x.received_on, 'text', left(x.text, 80), "
    "'note', x.handed_note, "
    "'by', (SELECT u.full_name FROM core_user u WHERE u.id = x.handed_by_id))",
    words={
        "open": _("%(kind)s, since %(on)s: %(text)s"),
        "handed": _("%(kind)s, since %(on)s: %(text)s (handed on by %(by)s: %(note)s)"),
    },
    deed=Deed(
        _("Close it"),
        How.FORM,
        "marketing:complaint",
        _("The complaint is closed."),
        Can.HANDLE_CARE,
    ),
    tone="bad",
)

REVIEW = QueueSource(
    key="review",
    label=_("Visit to review"),
    tables="marketing_visit x JOIN core_user m ON m.id = x.manager_id",
    where="x.quality IS NULL AND (x.sampled_on IS NOT NULL OR NOT (x.flags = '{}')) "
    f"AND x.started_at >= %(today)s - {LOOK_BACK}",
    # The nearest leader above whoever made the visit; nobody reviews a visit of their own.
    owner="(SELECT u.id FROM core_user u JOIN core_branch b ON b.id = u.branch_id "
    "WHERE u.is_active AND u.role = ANY(%(reviewers)s) AND u.id <> x.manager_id "
    "AND m.scope_no BETWEEN b.scope_lo AND b.scope_hi "
    "ORDER BY b.scope_hi - b.scope_lo, u.id LIMIT 1)",
    due="greatest(x.sampled_on + 7, (x.started_at AT TIME ZONE 'Asia/Shanghai')::date) "
    "+ %(queue.review_days)s",
    value="NULL",
    inputs="jsonb_build_object('code', CASE WHEN x.flags = '{}' THEN 'drawn' ELSE 'flagged' END, "
    "'who', m.full_name, 'on', (x.started_at AT TIME ZONE 'Asia/Shanghai')::date, "
    "'flags', x.flags, 'whom', x.whom_met)",
    words={
        "drawn": _("%(who)s was there on %(on)s; the visit was drawn for review"),
        "flagged": _("%(who)s was there on %(on)s: %(flags)s"),
    },
    deed=Deed(
        _("Look over"),
        How.FORM,
        "marketing:review",
        _("The review is on record."),
        Can.REVIEW_VISITS,
    ),
    can=Can.REVIEW_VISITS,
    needs=("queue.look_back_days", "queue.review_days"),
)

SOURCES: Catalogue[QueueSource] = Catalogue(
    "sources of the queue",
    (
        PROMISE, STOP, FOLLOW_UP, COMPLAINT, COORDINATION, CHURN, RENEWAL, OPPORTUNITY, CARE,
        CORRECTION, REVIEW, TASK, SUGGESTION, GAP,
    ),
)  # fmt: skip


def needed() -> Mapping[str, None]:
    """Every parameter that a source reads, beside its points and horizon."""
    return dict.fromkeys(key for source in SOURCES for key in source.needs)
