"""What this app hangs on the ground floor: home boxes, search results, values to reveal, events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.models import User
from crm.core.panels import customer_panel, home_panel
from crm.core.roles import Can
from crm.core.searching import search_source
from crm.core.services.reveal import revealable
from customers.models import CustomerIdentifier
from customers.sealed import open_identifier, open_mobile
from customers.selectors.customer import contact_in_reach, identifier_in_reach
from customers.selectors.customer_home import customer_hits
from customers.selectors.ledger_facts import sealed_fact
from customers.views import home, ledger


def _contact_mobile(user: User, pk: int) -> tuple[models.Model, str]:
    """A contact in reach, and its mobile number."""
    contact = contact_in_reach(user=user, pk=pk)
    return contact, open_mobile(contact)


def _identifier(user: User, pk: int) -> tuple[models.Model, str]:
    """An identifier in reach, and its number."""
    number = identifier_in_reach(user=user, pk=pk)
    return number, open_identifier(number)


def _sealed_fact(user: User, pk: int) -> tuple[models.Model, str]:
    """A sealed answer in reach, in words."""
    fact = sealed_fact(user=user, pk=pk)
    return fact, str(_("yes") if fact.number else _("no"))


def _mask_of_identifier(row: models.Model) -> str:
    assert isinstance(row, CustomerIdentifier)  # noqa: S101
    return row.kind


revealable("customers.contact_mobile", mask="mobile", load=_contact_mobile)
revealable("customers.sealed_fact", mask="soft_flag", load=_sealed_fact)
revealable("customers.identifier", mask=_mask_of_identifier, load=_identifier)

search_source(
    "customers", label=_("Customers"), can=Can.VIEW_CUSTOMERS, find=customer_hits, order=10
)

customer_panel(
    "customers.ledger",
    label=_("Seven categories"),
    can=Can.VIEW_CUSTOMERS,
    view=ledger.cover_panel,
    order=15,
    column="side",
)
home_panel(
    "customers.numbers",
    label=_("My customers"),
    can=Can.VIEW_CUSTOMERS,
    view=home.numbers,
    order=10,
    column="top",
)
home_panel(
    "customers.stale",
    label=_("Portraits to complete"),
    can=Can.VIEW_CUSTOMERS,
    view=home.stale,
    order=30,
)
home_panel(
    "customers.recent",
    label=_("Recently opened"),
    can=Can.VIEW_CUSTOMERS,
    view=home.recent,
    order=20,
    column="side",
)
home_panel(
    "customers.new",
    label=_("New customers"),
    can=Can.VIEW_CUSTOMERS,
    view=home.newest,
    order=40,
    column="side",
)

name_events(
    {
        "customers.added": _("customer added"),
        "customers.assigned": _("customers handed over"),
        "customers.viewed": _("customer page opened"),
        "customers.identifier_added": _("number put on record"),
        "customers.existence_shown": _("existence shown to another manager"),
        "customers.override_set": _("value set by hand"),
        "customers.override_ended": _("value left to the rules again"),
        "customers.tag_put": _("tag put on by hand"),
        "customers.tag_taken": _("tag taken off"),
        "customers.correction_asked": _("correction asked for"),
        "customers.correction_decided": _("correction answered"),
        "customers.ledger_facts": _("ledger: facts put on record"),
        "customers.ledger_entity": _("ledger: row put on record"),
        "customers.ledger_rows": _("ledger: rows told at a visit"),
        "customers.ledger_entity_ended": _("ledger: row ended"),
        "customers.export_asked": _("export asked for"),
        "customers.exported": _("customers exported"),
        "customers.export_downloaded": _("export downloaded"),
    }
)
