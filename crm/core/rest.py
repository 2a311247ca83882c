"""Resources of the ground floor under /api/v1/."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this floor."""
