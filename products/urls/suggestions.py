"""Routes of suggestions and their precision."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import precision, suggestions

urlpatterns: list[URLPattern] = [
    page("suggestions/", suggestions.suggestion_table, name="suggestions", can=Can.VIEW_MATCHES),
    page(
        "suggestions/<int:pk>/",
        suggestions.receipt,
        name="suggestion_receipt",
        can=Can.VIEW_MATCHES,
    ),
    page(
        "suggestions/<int:pk>/accept/",
        suggestions.accept,
        name="suggestion_accept",
        can=Can.ANSWER_SUGGESTIONS,
    ),
    page(
        "suggestions/<int:pk>/decline/",
        suggestions.decline,
        name="suggestion_decline",
        can=Can.ANSWER_SUGGESTIONS,
    ),
    page("precision/", precision.precision, name="precision", can=Can.VIEW_PRODUCTS),
]
