"""Routes of this app: one ``page(...)`` line each, a file for each part."""

from django.urls import URLPattern, URLResolver

from marketing.urls import board, care, goals, market, pipeline, plan, visits, workbench

app_name = "marketing"
urlpatterns: list[URLPattern | URLResolver] = [
    *workbench.urlpatterns,
    *visits.urlpatterns,
    *plan.urlpatterns,
    *pipeline.urlpatterns,
    *board.urlpatterns,
    *goals.urlpatterns,
    *market.urlpatterns,
    *care.urlpatterns,
]
