"""Routes of care tasks, relief, complaints, satisfaction."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
