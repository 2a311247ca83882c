"""Routes of the market: penetration, surveys, the coordination list."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import coordination, market, surveys

READ, WRITE = Can.VIEW_BOARD, Can.EDIT_GOALS
ITEMS, WORK = Can.VIEW_FIELD_WORK, Can.WORK_COORDINATION

urlpatterns: list[URLPattern] = [
    page(
        "market/",
        market.market,
        name="market",
        can=READ,
        menu=_("Market"),
        icon="chart-pie",
        order=65,
    ),
    page(
        "market/customers/",
        market.market_customers,
        name="market_customers",
        can=Can.VIEW_CUSTOMERS,
    ),
    page("market/count/", market.recount, name="market_count", can=READ),
    page("market/surveys/", surveys.surveys, name="surveys", can=READ),
    page("market/surveys/file/", surveys.survey_file, name="survey_file", can=WRITE),
    page("market/surveys/template/", surveys.survey_template, name="survey_template", can=WRITE),
    page("market/surveys/new/<slug:form>/", surveys.new_survey, name="survey_new", can=WRITE),
    page("market/surveys/<int:pk>/", surveys.survey, name="survey", can=READ),
    page(
        "market/surveys/<int:pk>/edit/<slug:form>/",
        surveys.edit_survey,
        name="survey_edit",
        can=WRITE,
    ),
    page(
        "market/surveys/<int:pk>/approve/",
        surveys.approve,
        name="survey_approve",
        can=Can.APPROVE_GOALS,
    ),
    page("market/surveys/<int:pk>/drop/", surveys.drop, name="survey_drop", can=WRITE),
    page("coordination/", coordination.board, name="coordination", can=READ),
    page("coordination/items/", coordination.items, name="coordination_items", can=ITEMS),
    page("coordination/export/", coordination.export, name="coordination_export", can=READ),
    page("coordination/<int:pk>/", coordination.item, name="coordination_item", can=ITEMS),
    page(
        "coordination/<int:pk>/contact/",
        coordination.contact,
        name="coordination_contact",
        can=WORK,
    ),
    page(
        "coordination/<int:pk>/checks/", coordination.checks, name="coordination_checks", can=WORK
    ),
    page(
        "coordination/<int:pk>/decide/", coordination.decide, name="coordination_decide", can=WORK
    ),
    page(
        "coordination/<int:pk>/give/",
        coordination.give,
        name="coordination_give",
        can=Can.ASSIGN_CUSTOMERS,
    ),
]
