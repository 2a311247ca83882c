"""What each role may do and how far it sees: the table of spec j, in one place."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text


class Can(StrEnum):
    """One ability each; pages, API and menu ask for these and for nothing else."""

    USE_SHELL = "use_shell"  # home, own settings, search: everybody who is signed in
    VIEW_CUSTOMERS = "view_customers"
    EDIT_CUSTOMERS = "edit_customers"
    REVEAL_FIELDS = "reveal_fields"
    ASSIGN_CUSTOMERS = "assign_customers"
    EXPORT_CUSTOMERS = "export_customers"
    VIEW_FACTS = "view_facts"
    RECOMPUTE_PORTRAITS = "recompute_portraits"
    RUN_IMPORTS = "run_imports"
    VIEW_IMPORTS = "view_imports"
    VIEW_JOBS = "view_jobs"
    MANAGE_JOBS = "manage_jobs"
    VIEW_USERS = "view_users"
    MANAGE_USERS = "manage_users"
    VIEW_PARAMETERS = "view_parameters"
    EDIT_PARAMETERS = "edit_parameters"
    ACTIVATE_PARAMETERS = "activate_parameters"
    VIEW_REFERENCE = "view_reference"
    EDIT_REFERENCE = "edit_reference"
    VIEW_OWN_ACTS = "view_own_acts"  # the audit trail: own acts; with VIEW_AUDIT those in reach
    VIEW_AUDIT = "view_audit"
    USE_COVER = "use_cover"
    APPROVE_COVER = "approve_cover"
    VIEW_PRODUCTS = "view_products"
    EDIT_PRODUCTS = "edit_products"
    APPROVE_PRODUCTS = "approve_products"
    APPROVE_RISK_TERMS = "approve_risk_terms"
    EDIT_MATCHING = "edit_matching"  # weights and industry policies
    VIEW_MATCHES = "view_matches"
    ANSWER_SUGGESTIONS = "answer_suggestions"
    ADD_COMPETITOR_FACTS = "add_competitor_facts"
    EDIT_COMPETITORS = "edit_competitors"
    MAKE_QUOTES = "make_quotes"
    VIEW_FIELD_WORK = "view_field_work"  # visits and opportunities in reach
    LOG_VISITS = "log_visits"
    REVIEW_VISITS = "review_visits"
    EDIT_OPPORTUNITIES = "edit_opportunities"
    REASSIGN_OPPORTUNITIES = "reassign_opportunities"
    USE_WORKBENCH = "use_workbench"
    VIEW_BOARD = "view_board"
    EDIT_GOALS = "edit_goals"  # surveys, goals, strategy of the own unit
    APPROVE_GOALS = "approve_goals"  # of a unit below
    WORK_COORDINATION = "work_coordination"
    HANDLE_CARE = "handle_care"


class Reach(StrEnum):
    """How far a role sees, before a stand-in adds to it."""

    OWN = "own"
    UNIT = "unit"  # the user's unit and all below it: a team, a branch, the bank
    BANK = "bank"
    NONE = "none"


@dataclass(frozen=True)
class Role:
    """One of the seven roles."""

    key: str
    label: Text
    reach: Reach
    can: frozenset[Can]
    full_names: bool = True  # person names in lists unmasked


_CUSTOMER_READ = {Can.USE_SHELL, Can.VIEW_CUSTOMERS, Can.VIEW_FACTS, Can.VIEW_JOBS}
_REFERENCE = {Can.VIEW_REFERENCE}
_PRODUCT_READ = {Can.VIEW_PRODUCTS, Can.VIEW_MATCHES}
_FIELD_READ = {Can.VIEW_FIELD_WORK, Can.VIEW_BOARD}

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            "rm",
            _("Relationship manager"),
            Reach.OWN,
            frozenset(
                _CUSTOMER_READ
                | _PRODUCT_READ
                | _FIELD_READ
                | _REFERENCE
                | {
                    Can.EDIT_CUSTOMERS,
                    Can.REVEAL_FIELDS,
                    Can.EXPORT_CUSTOMERS,
                    Can.RECOMPUTE_PORTRAITS,
                    Can.USE_COVER,
                    Can.VIEW_OWN_ACTS,
                    Can.ANSWER_SUGGESTIONS,
                    Can.ADD_COMPETITOR_FACTS,
                    Can.MAKE_QUOTES,
                    Can.LOG_VISITS,
                    Can.EDIT_OPPORTUNITIES,
                    Can.USE_WORKBENCH,
                    Can.WORK_COORDINATION,
                    Can.HANDLE_CARE,
                }
            ),
        ),
        Role(
            "team_lead",
            _("Team leader"),
            Reach.UNIT,
            frozenset(
                _CUSTOMER_READ
                | _PRODUCT_READ
                | _FIELD_READ
                | _REFERENCE
                | {
                    Can.ASSIGN_CUSTOMERS,
                    Can.EXPORT_CUSTOMERS,
                    Can.RECOMPUTE_PORTRAITS,
                    Can.USE_COVER,
                    Can.REVIEW_VISITS,
                    Can.REASSIGN_OPPORTUNITIES,
                    Can.USE_WORKBENCH,
                    Can.WORK_COORDINATION,
                }
            ),
        ),
        Role(
            "branch_head",
            _("Branch head"),
            Reach.UNIT,
            frozenset(
                _CUSTOMER_READ
                | _PRODUCT_READ
                | _FIELD_READ
                | _REFERENCE
                | {
                    Can.ASSIGN_CUSTOMERS,
                    Can.EXPORT_CUSTOMERS,
                    Can.RECOMPUTE_PORTRAITS,
                    Can.APPROVE_COVER,
                    Can.USE_COVER,
                    Can.REVIEW_VISITS,
                    Can.REASSIGN_OPPORTUNITIES,
                    Can.EDIT_GOALS,
                    Can.APPROVE_GOALS,
                    Can.WORK_COORDINATION,
                    Can.HANDLE_CARE,
                    Can.VIEW_IMPORTS,
                    Can.VIEW_OWN_ACTS,
                    Can.VIEW_AUDIT,
                }
            ),
        ),
        Role(
            "catalog_admin",
            _("Catalogue admin"),
            Reach.NONE,
            frozenset(
                _REFERENCE
                | {
                    Can.USE_SHELL,
                    Can.VIEW_JOBS,
                    Can.VIEW_PARAMETERS,
                    Can.EDIT_REFERENCE,
                    Can.VIEW_PRODUCTS,
                    Can.EDIT_PRODUCTS,
                    Can.APPROVE_PRODUCTS,
                    Can.EDIT_MATCHING,
                    Can.ADD_COMPETITOR_FACTS,
                    Can.EDIT_COMPETITORS,
                }
            ),
        ),
        Role(
            "risk_officer",
            _("Risk officer"),
            Reach.UNIT,
            frozenset(
                _CUSTOMER_READ
                | _PRODUCT_READ
                | _FIELD_READ
                | _REFERENCE
                | {
                    Can.EDIT_CUSTOMERS,
                    Can.REVEAL_FIELDS,
                    Can.EXPORT_CUSTOMERS,
                    Can.RECOMPUTE_PORTRAITS,
                    Can.VIEW_IMPORTS,
                    Can.VIEW_PARAMETERS,
                    Can.EDIT_PARAMETERS,
                    Can.ACTIVATE_PARAMETERS,
                    Can.APPROVE_RISK_TERMS,
                    Can.USE_COVER,
                }
            ),
        ),
        Role(
            "auditor",
            _("Auditor"),
            Reach.BANK,
            frozenset(
                _CUSTOMER_READ
                | _PRODUCT_READ
                | _FIELD_READ
                | _REFERENCE
                | {
                    Can.VIEW_IMPORTS,
                    Can.VIEW_USERS,
                    Can.VIEW_PARAMETERS,
                    Can.VIEW_OWN_ACTS,
                    Can.VIEW_AUDIT,
                }
            ),
        ),
        Role(
            "sys_admin",
            _("System administrator"),
            Reach.NONE,
            frozenset(
                _REFERENCE
                | {
                    Can.USE_SHELL,
                    Can.RUN_IMPORTS,
                    Can.VIEW_IMPORTS,
                    Can.VIEW_JOBS,
                    Can.MANAGE_JOBS,
                    Can.VIEW_USERS,
                    Can.MANAGE_USERS,
                    Can.VIEW_PARAMETERS,
                    Can.EDIT_PARAMETERS,
                }
            ),
        ),
    )
}
