"""Routes of visits: the form, drafts, photos, one visit."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import visits

urlpatterns: list[URLPattern] = [
    page("visits/<int:pk>/", visits.visit_detail, name="visit", can=Can.VIEW_FIELD_WORK),
]
