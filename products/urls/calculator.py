"""Routes of the calculator."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views.calculator import calculator

urlpatterns: list[URLPattern] = [
    page("calculator/", calculator, name="calculator", can=Can.VIEW_PRODUCTS),
]
