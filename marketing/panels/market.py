"""The coordination list on the customer page; what the market calls its events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_panel
from crm.core.roles import Can
from marketing.views.coordination_panel import coordination_panel

customer_panel(
    "marketing.coordination",
    label=_("Coordination list"),
    can=Can.VIEW_FIELD_WORK,
    view=coordination_panel,
    order=15,
    column="side",
)
name_events(
    {
        "marketing.survey_saved": _("survey saved"),
        "marketing.survey_approved": _("survey approved"),
        "marketing.survey_dropped": _("draft of a survey dropped"),
        "marketing.coordination_contacted": _("firm of a list contacted"),
        "marketing.coordination_checked": _("checks of a firm kept"),
        "marketing.coordination_decided": _("firm of a list decided"),
        "marketing.coordination_given": _("firm of a list handed over"),
        "marketing.coordination_exported": _("totals of the lists exported"),
    }
)
