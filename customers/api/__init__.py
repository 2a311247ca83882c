"""The API of this app under /api/v1/: viewsets over its selectors and services."""

from rest_framework.routers import BaseRouter

from customers.api.customer import CustomerViewSet
from customers.api.facts import FACT_VIEWS
from customers.api.imports import ImportViewSet


def register(router: BaseRouter) -> None:
    """The routes of this app."""
    router.register("customers", CustomerViewSet, basename="customer")
    for name, view in FACT_VIEWS.items():
        router.register(f"facts/{name}", view, basename=f"fact-{name}")
    router.register("imports", ImportViewSet, basename="import")
