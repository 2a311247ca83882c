"""Routes of the goals of units and branch strategies."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import goals, strategy

READ, WRITE, DECIDE = Can.VIEW_BOARD, Can.EDIT_GOALS, Can.APPROVE_GOALS

urlpatterns: list[URLPattern] = [
    page("goals/", goals.goals, name="goals", can=READ, menu=_("Goals"), icon="target", order=62),
    page("goals/export/", goals.goals_export, name="goals_export", can=READ),
    page("goals/count/", goals.goals_count, name="goals_count", can=READ),
    page("goals/at-risk/", goals.goals_at_risk, name="goals_at_risk", can=READ),
    page("goals/rows/<slug:metric>/", goals.goal_rows, name="goal_rows", can=READ),
    page("goals/<int:branch_id>/edit/", goals.goals_edit, name="goals_edit", can=WRITE),
    page("goals/<int:branch_id>/submit/", goals.goals_submit, name="goals_submit", can=WRITE),
    page("goals/<int:branch_id>/decide/", goals.goals_decide, name="goals_decide", can=DECIDE),
    page("strategies/", strategy.strategy_list, name="strategies", can=READ),
    page("strategies/<int:branch_id>/<int:year>/", strategy.strategy, name="strategy", can=READ),
    page(
        "strategies/<int:branch_id>/<int:year>/rows/",
        strategy.strategy_rows,
        name="strategy_rows",
        can=READ,
    ),
    page(
        "strategies/<int:branch_id>/<int:year>/edit/",
        strategy.strategy_edit,
        name="strategy_edit",
        can=WRITE,
    ),
    page(
        "strategies/<int:strategy_id>/submit/",
        strategy.strategy_submit,
        name="strategy_submit",
        can=WRITE,
    ),
    page(
        "strategies/<int:strategy_id>/decide/",
        strategy.strategy_decide,
        name="strategy_decide",
        can=DECIDE,
    ),
]
