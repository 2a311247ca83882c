"""The API of the week plan, the route, the brief before a visit."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
