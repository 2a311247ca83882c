"""Opportunities on the customer page, and what their events are called."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_action, customer_panel
from crm.core.roles import Can
from marketing.views.opportunity_new import panel

customer_panel(
    "marketing.opportunities",
    label=_("Opportunities"),
    can=Can.VIEW_FIELD_WORK,
    view=panel,
    order=20,
    column="side",
)
customer_action(
    "marketing.opportunity",
    label=_("New opportunity"),
    can=Can.EDIT_OPPORTUNITIES,
    url_name="marketing:opportunity_add",
    icon="target",
    order=40,
)
name_events(
    {
        "marketing.opportunity_opened": _("opportunity opened"),
        "marketing.opportunity_changed": _("opportunity changed"),
        "marketing.opportunity_merged": _("opportunity merged"),
        "marketing.opportunity_moved": _("opportunity moved"),
        "marketing.opportunity_ticked": _("check of an opportunity ticked"),
        "marketing.opportunity_lost": _("opportunity lost"),
        "marketing.opportunity_reopened": _("opportunity reopened"),
        "marketing.opportunity_reassigned": _("opportunity reassigned"),
        "marketing.opportunities_exported": _("opportunities exported"),
    }
)
