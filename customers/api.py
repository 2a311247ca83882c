"""The API of this app: viewsets over its selectors and services."""

from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """The routes of this app under /api/v1/."""
