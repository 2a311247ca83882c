"""Routes of matching: the match page, fits, the grid, weights."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import asking, fits, match, matrix, weights

urlpatterns: list[URLPattern] = [
    page("matrix/", matrix.matrix, name="matrix", can=Can.VIEW_PRODUCTS),
    page("weights/", weights.weights, name="weights", can=Can.VIEW_PRODUCTS),
    page("weights/new/", weights.propose, name="weights_propose", can=Can.EDIT_MATCHING),
    page("weights/compare/", weights.compare, name="weights_compare", can=Can.EDIT_MATCHING),
    page(
        "weights/<int:weights_id>/decide/",
        weights.decide,
        name="weights_decide",
        can=Can.EDIT_MATCHING,
    ),
    page("precision/matches/", weights.precision, name="match_precision", can=Can.VIEW_PRODUCTS),
    *(
        page(f"customers/<int:customer_id>/{path}", view, name=name, can=can)
        for path, view, name, can in (
            ("match/", match.match, "match", Can.VIEW_MATCHES),
            ("match/state/", match.state, "match_state", Can.VIEW_MATCHES),
            ("match/refresh/", match.refresh, "match_refresh", Can.RECOMPUTE_PORTRAITS),
            ("match/feedback/", match.feedback, "feedback", Can.ANSWER_SUGGESTIONS),
            ("facts/<str:feature>/", asking.fact, "fact", Can.EDIT_CUSTOMERS),
        )
    ),
    page("<str:code>/fits/", fits.fits, name="fits", can=Can.VIEW_PRODUCTS),
]
