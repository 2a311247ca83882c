"""Routes of visits: the form, one visit, its photos, the list."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import visit_log, visits

urlpatterns: list[URLPattern] = [
    page(
        "visits/", visits.visit_table, name="visits", can=Can.VIEW_FIELD_WORK,
        menu=_("Visits"), icon="map-pin", order=35,
    ),
    *(
        page(f"visits/log/{which}", visit_log.visit_log, name="visit_new", can=Can.LOG_VISITS)
        for which in ("", "<int:customer_id>/")
    ),
    page("visits/<int:pk>/", visits.visit_detail, name="visit", can=Can.VIEW_FIELD_WORK),
    page("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit", can=Can.LOG_VISITS),
    page(
        "visits/photos/<int:photo_id>/", visits.photo, name="visit_photo_file",
        can=Can.VIEW_FIELD_WORK,
    ),
]  # fmt: skip
