"""Routes of the catalogue: products, versions, rules, review. A product's code comes last."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from products.views import catalogue, catalogue_edit, catalogue_review

urlpatterns: list[URLPattern] = [
    page(
        "",
        catalogue.product_list,
        name="list",
        can=Can.VIEW_PRODUCTS,
        menu=_("Products"),
        icon="package",
        order=40,
    ),
    page("new/", catalogue_edit.product_new, name="new", can=Can.EDIT_PRODUCTS),
    page("review/", catalogue_review.review_queue, name="review", can=Can.VIEW_PRODUCTS),
    page("<str:code>/", catalogue.product_detail, name="detail", can=Can.VIEW_PRODUCTS),
    page("<str:code>/name/", catalogue_edit.product_change, name="name", can=Can.EDIT_PRODUCTS),
    page("<str:code>/status/", catalogue_edit.product_status, name="status", can=Can.EDIT_PRODUCTS),
    page(
        "<str:code>/difference/",
        catalogue.version_difference,
        name="difference",
        can=Can.VIEW_PRODUCTS,
    ),
    page("<str:code>/<int:no>/", catalogue.product_version, name="version", can=Can.VIEW_PRODUCTS),
    page(
        "<str:code>/<int:no>/sheet/", catalogue.product_sheet, name="sheet", can=Can.VIEW_PRODUCTS
    ),
    page(
        "<str:code>/<int:no>/edit/",
        catalogue_edit.version_edit,
        name="edit",
        can=Can.EDIT_PRODUCTS,
    ),
    *(
        page(
            f"<str:code>/<int:no>/{what}/",
            getattr(catalogue_edit, f"version_{what}"),
            name=what,
            can=Can.EDIT_PRODUCTS,
        )
        for what in ("draft", "submit", "withdraw")
    ),
    page(
        "<str:code>/<int:no>/decide/",
        catalogue_review.version_decide,
        name="decide",
        can=Can.VIEW_PRODUCTS,
    ),
]
