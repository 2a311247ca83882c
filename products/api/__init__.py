"""The API of this app: viewsets over its selectors and services, a file for each part."""

from rest_framework.routers import BaseRouter

from products.api import (
    bundles,
    calculator,
    catalogue,
    competitors,
    matching,
    quotes,
    rules,
    suggestions,
    weights,
)

PARTS = (
    bundles, calculator, catalogue, competitors, matching, quotes, rules, suggestions, weights
)  # fmt: skip


def register(router: BaseRouter) -> None:
    """The routes of this app under /api/v1/."""
    for part in PARTS:
        part.register(router)
