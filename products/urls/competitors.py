"""Routes of competitors and comparison."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
