"""Routes of opportunities: board, list, calendar, one opportunity."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
