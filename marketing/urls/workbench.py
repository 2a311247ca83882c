"""Routes of the today queue."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
