"""Routes of suggestions and their precision."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
