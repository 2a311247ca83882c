"""The two pipelines of e.6: what must hold before each stage is left.

Deadlines (``pipeline.sla.*``), chances (``pipeline.chance.*``) and limits are parameters. To ask
for something more, add a ``Check`` to a gate: pages, services and API follow.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.models import CREDIT_FAMILIES, ProductFamily
from marketing.pipeline.spec import Check, Stage, Track

BALANCE_FAMILIES = frozenset({ProductFamily.DEPOSIT, ProductFamily.ACCOUNT_CARD})
RECEIPT_FAMILIES = frozenset({ProductFamily.ACQUIRING, ProductFamily.ONLINE_PAYMENT})
WAGE_FAMILIES = frozenset({ProductFamily.PAYROLL})
_TESTED = BALANCE_FAMILIES | RECEIPT_FAMILIES | WAGE_FAMILIES
_UNTESTED = frozenset(str(family) for family in ProductFamily) - CREDIT_FAMILIES - _TESTED

NEED_HEARD = Check(
    "need_heard",
    _("The need was heard"),
    feature="has_need",
    hint=_("In the customer's words: what for, and why now."),
    mend="details",
)
VERSION_CHOSEN = Check(
    "version_chosen",
    _("The product version is chosen"),
    feature="has_version",
    may_tick=False,
    hint=_("One that is on offer today."),
    mend="details",
)

CREDIT = Track(
    "credit",
    _("Loan business"),
    (
        Stage("lead", _("Lead"), (NEED_HEARD,)),
        Stage(
            "qualified",
            _("Qualifying"),
            (
                Check(
                    "size_known",
                    _("The size of the firm is known"),
                    feature="has_size",
                    may_tick=False,
                    hint=_("It follows from industry, employees, revenue and assets."),
                    mend="portrait",
                ),
                Check(
                    "industry_known",
                    _("The industry is known"),
                    feature="has_industry",
                    may_tick=False,
                    mend="customer",
                ),
                Check(
                    "lists_clean",
                    _("On no list that stops a loan"),
                    feature="list_hits",
                    op="<=",
                    value=0,
                    is_hard=True,
                    hint=_("Dishonest debtors, abnormal operation, open enforcement, licence."),
                    mend="portrait",
                ),
                Check(
                    "amount_known",
                    _("The amount is known"),
                    feature="has_amount",
                    may_tick=False,
                    mend="details",
                ),
                Check(
                    "time_known",
                    _("The time is known"),
                    feature="has_time",
                    may_tick=False,
                    hint=_("By when the money is needed."),
                    mend="details",
                ),
                Check(
                    "complete_for_qualified",
                    _("The portrait is complete enough to judge"),
                    feature="completeness",
                    op=">=",
                    limit="pipeline.completeness.qualified",
                    may_tick=False,
                    mend="missing",
                ),
            ),
        ),
        Stage(
            "investigated",
            _("Investigating"),
            (
                Check(
                    "visit_done",
                    _("The customer was visited"),
                    feature="visits",
                    op=">=",
                    value=1,
                    may_tick=False,
                    hint=_("A visit since this opportunity was opened."),
                    mend="visit",
                ),
                Check(
                    "cross_check",
                    _("The cross check was run"),
                    hint=_(
                        "The system does not compute the cross check yet: do it by hand, tick it, "
                        "and say where the work sheet lies."
                    ),
                ),
                Check(
                    "complete_for_submission",
                    _("The portrait is complete enough to submit"),
                    feature="completeness",
                    op=">=",
                    limit="pipeline.completeness.investigated",
                    may_tick=False,
                    mend="missing",
                ),
            ),
        ),
        Stage(
            "submitted",
            _("Submitting"),
            (
                Check(
                    "papers_complete",
                    _("The papers are complete"),
                    hint=_("Those that the product version names."),
                ),
                VERSION_CHOSEN,
            ),
        ),
        Stage(
            "approved",
            _("Approving"),
            (
                Check(
                    "decision_stored",
                    _("The decision is on record"),
                    feature="is_approved",
                    is_hard=True,
                    hint=_("An application of this family, approved since this was opened."),
                    mend="portrait",
                ),
            ),
        ),
        Stage(
            "signed",
            _("Signing"),
            (
                Check("contract_signed", _("The contract is signed"), hint=_("Contract number.")),
                Check(
                    "first_drawdown",
                    _("The first drawdown was made"),
                    feature="has_drawn",
                    hint=_("Found by itself once the loan is in our books."),
                    mend="portrait",
                ),
            ),
        ),
        Stage("drawn", _("Drawn"), is_last=True),
    ),
)

OTHER = Track(
    "other",
    _("Other business"),
    (
        Stage("lead", _("Lead"), (NEED_HEARD,)),
        Stage("offered", _("Offering"), (VERSION_CHOSEN,)),
        Stage(
            "agreed",
            _("Agreeing"),
            (Check("customer_agreed", _("The customer agreed"), hint=_("Who said so, and when.")),),
        ),
        Stage(
            "opened",
            _("Opening"),
            (
                Check(
                    "service_opened",
                    _("The service is open"),
                    feature="has_holding",
                    hint=_("A contract of this family since this was opened."),
                    mend="portrait",
                ),
                Check(
                    "balance_kept",
                    _("The balance was kept for a month"),
                    feature="month_low",
                    op=">=",
                    limit="pipeline.usage.balance",
                    is_money=True,
                    hint=_("The lowest balance of a whole month since the opening."),
                    mend="portrait",
                    families=BALANCE_FAMILIES,
                ),
                Check(
                    "receipts_come",
                    _("Receipts come every day"),
                    feature="receipts_a_day",
                    op=">=",
                    limit="pipeline.usage.receipts",
                    hint=_("On a week of days; from our books: the mean of a whole month."),
                    mend="portrait",
                    families=RECEIPT_FAMILIES,
                ),
                Check(
                    "wages_paid",
                    _("Wages were paid once"),
                    feature="wages_paid",
                    op=">=",
                    value=1,
                    mend="portrait",
                    families=WAGE_FAMILIES,
                ),
                Check(
                    "in_use",
                    _("The customer uses it"),
                    hint=_("What shows it: a policy number, a first order, a first payment."),
                    families=_UNTESTED,
                ),
            ),
        ),
        Stage("active", _("Used"), is_last=True),
    ),
)

TRACKS: dict[str, Track] = {track.key: track for track in (CREDIT, OTHER)}


def track_of(family: str) -> Track:
    """The pipeline of a product family."""
    return CREDIT if family in CREDIT_FAMILIES else OTHER


def stage_of(pipeline: str, key: str) -> Stage:
    """The stage of this key; ImproperlyConfigured for a stage that does not exist."""
    return TRACKS[pipeline].stage(key)
