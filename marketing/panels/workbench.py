"""The workbench is where the day begins; its cards: column "figures" on top, "day" beside."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import home_panel, start_page
from crm.core.roles import Can
from marketing.views import workbench, workbench_cards

start_page("marketing.workbench", can=Can.USE_WORKBENCH, view=workbench.workbench)

home_panel(
    "marketing.figures",
    label=_("This month"),
    can=Can.LOG_VISITS,
    view=workbench_cards.figures,
    order=10,
    column="figures",
)
home_panel(
    "marketing.team",
    label=_("Lists of the team"),
    can=Can.REASSIGN_OPPORTUNITIES,
    view=workbench_cards.team,
    order=5,
    column="day",
)
home_panel(
    "marketing.route",
    label=_("Today's route"),
    can=Can.LOG_VISITS,
    view=workbench_cards.route,
    order=10,
    column="day",
)
home_panel(
    "marketing.my_pipeline",
    label=_("My opportunities"),
    can=Can.EDIT_OPPORTUNITIES,
    view=workbench_cards.opportunities,
    order=20,
    column="day",
)

name_events(
    {
        "marketing.queue_snoozed": _("item put off"),
        "marketing.queue_delegated": _("item passed on"),
        "marketing.queue_done": _("item ticked off"),
        "marketing.queue_taken_back": _("item taken back"),
    }
)
