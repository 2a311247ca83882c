"""Routes of opportunities: board, list, calendar, one opportunity."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import (
    opportunity,
    opportunity_file,
    opportunity_many,
    opportunity_new,
    pipeline,
)

urlpatterns: list[URLPattern] = [
    page(
        "pipeline/",
        pipeline.board,
        name="pipeline",
        can=Can.VIEW_FIELD_WORK,
        menu=_("Pipeline"),
        icon="target",
        order=30,
    ),
    page(
        "pipeline/list/",
        pipeline.opportunity_table,
        name="opportunities",
        can=Can.VIEW_FIELD_WORK,
    ),
    page(
        "pipeline/calendar/",
        pipeline.month,
        name="pipeline_calendar",
        can=Can.VIEW_FIELD_WORK,
    ),
    page(
        "pipeline/list/file/",
        opportunity_file.ask,
        name="opportunities_export",
        can=Can.EXPORT_CUSTOMERS,
    ),
    page(
        "pipeline/list/reassign/",
        opportunity_many.reassign_many,
        name="opportunities_reassign",
        can=Can.REASSIGN_OPPORTUNITIES,
    ),
    page(
        "pipeline/new/",
        opportunity_new.choose,
        name="opportunity_new",
        can=Can.EDIT_OPPORTUNITIES,
    ),
    page(
        "pipeline/new/<int:customer_id>/",
        opportunity_new.add,
        name="opportunity_add",
        can=Can.EDIT_OPPORTUNITIES,
    ),
    page(
        "pipeline/<int:pk>/",
        opportunity.opportunity,
        name="opportunity",
        can=Can.VIEW_FIELD_WORK,
    ),
    *(
        page(
            f"pipeline/<int:pk>/{name}/",
            view,
            name=f"opportunity_{name}",
            can=Can.EDIT_OPPORTUNITIES,
        )
        for name, view in (
            ("details", opportunity.details),
            ("move", opportunity.move),
            ("tick", opportunity.tick),
            ("lose", opportunity.lose),
            ("reopen", opportunity.reopen),
        )
    ),
    page(
        "pipeline/<int:pk>/reassign/",
        opportunity.reassign,
        name="opportunity_reassign",
        can=Can.REASSIGN_OPPORTUNITIES,
    ),
]
