"""The API of this app: viewsets over its selectors and services, a file for each part."""

from rest_framework.routers import BaseRouter

from marketing.api import board, care, goals, market, pipeline, plan, visits, workbench


def register(router: BaseRouter) -> None:
    """The routes of this app under /api/v1/."""
    for part in (board, care, goals, market, pipeline, plan, visits, workbench):
        part.register(router)
