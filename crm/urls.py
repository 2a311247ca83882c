"""Mounts each app's urls.py; nothing else."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("crm.core.signin_urls")),
    path("customers/", include("customers.urls")),
    path("products/", include("products.urls")),
    path("risk/", include("risk.urls")),
    path("marketing/", include("marketing.urls")),
    path("api/", include("crm.api_urls")),
    path("", include("marketing.urls.device")),  # the service worker, which must be at the root
    path("", include("crm.core.urls")),
]

handler400 = "crm.core.errors.bad_request"
handler403 = "crm.core.errors.forbidden"
handler404 = "crm.core.errors.not_found"
handler500 = "crm.core.errors.crashed"
