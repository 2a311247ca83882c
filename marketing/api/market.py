"""The API of surveys, penetration, goals, strategy, the coordination list."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
