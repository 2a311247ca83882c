"""A portrait computed for any day by the statement of the nightly run, and kept versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.core.models import User
from customers.features.catalogue import COLUMNS
from customers.features.engine import compiled
from customers.models import Customer, Portrait, PortraitVersion

OF_A_DAY = 0  # the version number of a portrait that is not kept
# The engine's own settings: joins in the written order, no compiling for one row.
_PLAIN_PLAN = (
    "SELECT set_config(name, value, true) FROM "
    "(VALUES ('jit', 'off'), ('join_collapse_limit', '1')) s(name, value)"
)


def parameters_needed() -> frozenset[str]:
    """What the statement has to be told beside the customer."""
    return compiled(chosen=True, of_the_day=True).parameters


def portrait_of_day(customer: Customer, as_of: date, named: Mapping[str, Any], version: str) -> Any:
    """The portrait as the facts known on the day give it; nothing is stored."""
    statement = compiled(chosen=True, of_the_day=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN_PLAN)
        cursor.execute(statement.sql, {**named, "ids": [customer.pk]})
        names = [column.name for column in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True))
    values.pop("customer_id")
    head: dict[str, Any] = {
        "as_of": as_of,
        "version_no": OF_A_DAY,
        "parameters": version,
        "trigger": "",
    }
    head["computed_at"] = timezone.now()
    typed = {key: Portrait._meta.get_field(key).to_python(value) for key, value in values.items()}
    return Portrait(customer_id=customer.pk, **head, **{key: typed[key] for key in COLUMNS.keys()})  # noqa: SIM118


def versions(*, user: User, customer: Customer, most: int = 40) -> list[Any]:
    """The newest versions, newest first, with all columns."""
    rows = PortraitVersion.objects.visible_to(user).filter(customer=customer)
    return list(rows.order_by("-version_no")[:most])


def version(*, user: User, customer: Customer, number: int) -> Any | None:
    """One version, or None."""
    rows = PortraitVersion.objects.visible_to(user).filter(customer=customer)
    return rows.filter(version_no=number).first()
