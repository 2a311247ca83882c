"""Routes of competitors and comparison."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views.compare import compare

urlpatterns: list[URLPattern] = [
    page("compare/", compare, name="compare", can=Can.VIEW_PRODUCTS),
]
