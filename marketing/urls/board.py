"""Routes of the branch board and its drill-downs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
