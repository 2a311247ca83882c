"""Routes of the catalogue: products, versions, rules, review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
