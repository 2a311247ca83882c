"""Routes of the branch board and its drill-downs."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import board

urlpatterns: list[URLPattern] = [
    page(
        "board/",
        board.show,
        name="board",
        can=Can.VIEW_BOARD,
        menu=_("Board"),
        icon="chart-bar",
        order=60,
    ),
    page("board/rows/", board.rows, name="board_rows", can=Can.VIEW_FIELD_WORK),
    page("board/ranking/", board.ranks, name="board_ranking", can=Can.VIEW_BOARD),
    page("board/managers/<int:pk>/", board.manager, name="board_manager", can=Can.VIEW_BOARD),
    page("board/file/", board.export, name="board_export", can=Can.VIEW_BOARD),
    page("board/refresh/", board.refresh, name="board_refresh", can=Can.VIEW_BOARD),
]
