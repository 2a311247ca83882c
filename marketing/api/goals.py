"""The API of goals of units and branch strategies."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
