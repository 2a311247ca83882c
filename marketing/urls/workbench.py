"""Routes of the today queue."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import workbench

urlpatterns: list[URLPattern] = [
    page("workbench/", workbench.workbench, name="workbench", can=Can.USE_WORKBENCH),
    *(
        page(f"workbench/{path}", view, name=name, can=Can.USE_WORKBENCH)
        for path, view, name in (
            ("<str:source>/<int:ref>/", workbench.item, "queue_item"),
            ("<str:source>/<int:ref>/do/", workbench.do, "queue_do"),
            ("<str:source>/<int:ref>/put-off/", workbench.put_off_item, "queue_put_off"),
            ("<str:source>/<int:ref>/pass-on/", workbench.pass_on_item, "queue_pass_on"),
            ("marks/<int:mark_id>/undo/", workbench.undo, "queue_undo"),
        )
    ),
]  # fmt: skip
