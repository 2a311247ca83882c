"""The board's numbers at a glance on the home page of those who have no workbench."""

from django.utils.translation import gettext_lazy as _

from crm.core.panels import home_panel
from crm.core.roles import Can
from marketing.views import board_home

home_panel(
    "marketing.board",
    label=_("Board"),
    can=Can.VIEW_BOARD,
    view=board_home.glance,
    order=5,
    column="top",
)
