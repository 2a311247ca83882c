"""What the market calls its events."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events

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
