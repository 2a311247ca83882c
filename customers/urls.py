"""Routes of this app: one ``page(...)`` line each."""

from django.urls import URLPattern, URLResolver

from crm.core.access import page
from crm.core.roles import Can
from customers.views import frame, profile

app_name = "customers"

one_customer: list[URLPattern] = [
    page("<int:customer_id>/", profile.profile, name="detail", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/profile/", profile.profile, name="profile", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/holdings/", profile.profile, name="holdings", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/chain/", profile.profile, name="chain", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/history/", profile.profile, name="history", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/panels/<str:key>/", frame.panel, name="panel", can=Can.VIEW_CUSTOMERS),
]

urlpatterns: list[URLPattern | URLResolver] = [*one_customer]
