"""The one route of this app at the root: a worker serves only what lies below its own address."""

from django.urls import URLPattern

from crm.core.access import public_page
from marketing.views import visit_log

urlpatterns: list[URLPattern] = [
    public_page("service-worker.js", visit_log.service_worker, name="service_worker"),
]
