"""Routes of matching: the match page, fits, the grid, weights."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
