"""The brief is one tap away from every customer; what the plan and reviews record has names."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_action
from crm.core.roles import Can

customer_action(
    "marketing.brief",
    label=_("Before a visit"),
    can=Can.VIEW_FIELD_WORK,
    url_name="marketing:brief",
    icon="clipboard-list",
    order=15,
)

name_events(
    {
        "marketing.week_planned": _("week of visits planned"),
        "marketing.stop_moved": _("planned visit moved"),
        "marketing.stop_dropped": _("planned visit dropped"),
        "marketing.stop_locked": _("planned visit kept on its day"),
        "marketing.stop_added": _("planned visit added"),
        "marketing.visit_reviewed": _("visit reviewed"),
    }
)
