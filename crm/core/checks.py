"""What must hold before the product starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from crm.core.access import undeclared


@register
def every_route_declares_its_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each route that says nothing about who may use it."""
    return [
        Error(
            f"The route {route} declares no access.",
            hint="Use page(), public_page() or declared(); an API view needs CanView.",
            id="core.E001",
        )
        for route in undeclared()
    ]
