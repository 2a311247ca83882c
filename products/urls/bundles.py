"""Routes of bundles and quotes."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import bundles, compose, quotes

reading: list[URLPattern] = [
    page("bundles/", bundles.bundles, name="bundles", can=Can.VIEW_PRODUCTS),
    page("bundles/new/", bundles.bundle_new, name="bundle_new", can=Can.EDIT_PRODUCTS),
    page("bundles/<str:code>/", bundles.bundle, name="bundle", can=Can.VIEW_PRODUCTS),
]

writing: list[URLPattern] = [
    page(
        "bundles/<str:code>/draft/",
        bundles.bundle_draft,
        name="bundle_draft",
        can=Can.EDIT_PRODUCTS,
    ),
    page(
        "bundles/<str:code>/edit/", bundles.bundle_edit, name="bundle_edit", can=Can.EDIT_PRODUCTS
    ),
    page(
        "bundles/versions/<int:bundle_version_id>/submit/",
        bundles.bundle_submit,
        name="bundle_submit",
        can=Can.EDIT_PRODUCTS,
    ),
    page(
        "bundles/versions/<int:bundle_version_id>/decide/",
        bundles.bundle_decide,
        name="bundle_decide",
        can=Can.APPROVE_PRODUCTS,
    ),
    page(
        "bundles/versions/<int:bundle_version_id>/drop/",
        bundles.bundle_drop,
        name="bundle_drop",
        can=Can.EDIT_PRODUCTS,
    ),
]

quoting: list[URLPattern] = [
    page("compose/<int:customer_id>/", compose.compose, name="compose", can=Can.MAKE_QUOTES),
    page("quotes/<int:pk>/", quotes.quote, name="quote", can=Can.VIEW_MATCHES),
    page("quotes/<int:pk>/sheet/", quotes.sheet, name="quote_sheet", can=Can.VIEW_MATCHES),
    page("quotes/<int:pk>/pdf/", quotes.pdf, name="quote_pdf", can=Can.VIEW_MATCHES),
]

urlpatterns: list[URLPattern] = [*reading, *writing, *quoting]
