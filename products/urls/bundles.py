"""Routes of bundles and quotes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
