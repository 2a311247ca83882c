"""The API of opportunities: board, list, calendar, one opportunity."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
