"""The API of this app under /api/v1/: viewsets over its selectors and services."""

from rest_framework.routers import BaseRouter

from customers.api.customer import CustomerViewSet
from customers.api.facts import FACT_VIEWS
from customers.api.imports import ImportViewSet
from customers.api.ledger import ROW_VIEWS, LedgerViewSet
from customers.api.portrait import PortraitViewSet


def register(router: BaseRouter) -> None:
    """The routes of this app."""
    router.register("customers", CustomerViewSet, basename="customer")
    router.register(
        "customers/(?P<customer_id>[0-9]{1,18})/portrait", PortraitViewSet, basename="portrait"
    )
    one = "customers/(?P<customer_id>[0-9]{1,18})"
    router.register(f"{one}/ledger", LedgerViewSet, basename="ledger")
    for name, rows in ROW_VIEWS.items():
        router.register(f"{one}/{name}", rows, basename=f"ledger-{name}")
    for name, view in FACT_VIEWS.items():
        router.register(f"facts/{name}", view, basename=f"fact-{name}")
    router.register("imports", ImportViewSet, basename="import")
