"""Routes of matching: the match page, fits, the grid, weights."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import fits, matrix, weights

urlpatterns: list[URLPattern] = [
    page("matrix/", matrix.matrix, name="matrix", can=Can.VIEW_PRODUCTS),
    page("weights/", weights.weights, name="weights", can=Can.VIEW_PRODUCTS),
    page("weights/new/", weights.propose, name="weights_propose", can=Can.EDIT_MATCHING),
    page(
        "weights/<int:weights_id>/decide/",
        weights.decide,
        name="weights_decide",
        can=Can.EDIT_MATCHING,
    ),
    page("<str:code>/fits/", fits.fits, name="fits", can=Can.VIEW_PRODUCTS),
]
