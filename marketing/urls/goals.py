"""Routes of the goals of units and branch strategies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
