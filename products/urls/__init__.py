"""Routes of this app: one ``page(...)`` line each, a file for each part."""

from django.urls import URLPattern, URLResolver

from products.urls import bundles, calculator, catalogue, competitors, matching, rules, suggestions

app_name = "products"
urlpatterns: list[URLPattern | URLResolver] = [
    *calculator.urlpatterns,
    *competitors.urlpatterns,
    *bundles.urlpatterns,
    *suggestions.urlpatterns,
    *matching.urlpatterns,
    *rules.urlpatterns,
    *catalogue.urlpatterns,
]
