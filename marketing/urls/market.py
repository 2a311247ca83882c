"""Routes of surveys, penetration, goals, strategy, the coordination list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
