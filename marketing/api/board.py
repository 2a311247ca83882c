"""The API of the branch board and its drill-downs."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
