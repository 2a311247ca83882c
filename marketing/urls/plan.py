"""Routes of the week plan, the route, the brief before a visit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
