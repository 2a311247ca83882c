"""Routes of visits: the form, drafts, photos, one visit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
