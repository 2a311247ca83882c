"""A tiny demo bank for tests of pages: built once a run, then copied into each test that asks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from crm.core.models import TradeProfile, User
from crm.core.services.reference import load_reference
from customers.demo.build import build_bank
from customers.demo.org import FIXED
from customers.demo.plan import Plan
from customers.demo.portraits import compute_portraits

AS_OF = date(2026, 7, 15)
CUSTOMERS = 60
LEFT_OUT = {"auditentry", "job", "jobrange"}


@dataclass(frozen=True)
class DemoBank:
    """What a test may want to know of the bank."""

    plan: Plan

    def user(self, role: str) -> User:
        """The person of the fixed log-in of this role."""
        username = next(post[0] for post in FIXED if post[2] == role)
        return User.objects.get(username=username)

    def busiest_manager(self) -> User:
        """The relationship manager with the most customers."""
        managers = User.objects.filter(role="rm").annotate(load=models.Count("customers"))
        return managers.order_by("-load", "pk")[0]


@dataclass(frozen=True)
class Snapshot:
    """The rows of every table of the bank as COPY wrote them, in an order that loads."""

    rows: list[tuple[str, list[str], bytes]]


def quiet(_line: str) -> None:
    """Progress that nobody reads."""


@contextmanager
def throw_away() -> Iterator[None]:
    """Whatever happens inside never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_bank(plan: Plan, *, portraits: bool = True) -> None:
    """Reference data and a demo bank are in the database of the caller's transaction."""
    restart_keys()
    if not TradeProfile.objects.exists():
        load_reference()
    build_bank(plan, quiet)
    if portraits:
        compute_portraits(plan.as_of, quiet, earlier=False)


def restart_keys() -> None:
    """Keys of people and places start at one, whatever earlier tests used up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER SEQUENCE %I RESTART', sequencename) FROM pg_sequences "
            "WHERE schemaname = current_schema() "
            "AND sequencename ~ '^(core_(branch|user)|customers_)'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def take_snapshot(plan: Plan) -> Snapshot:
    """The rows of a bank that is built and thrown away again."""
    with throw_away():
        make_bank(plan)
        return Snapshot([part for table, columns in _tables() if (part := _read(table, columns))])


def put_snapshot(snapshot: Snapshot) -> None:
    """The rows are in the database; tables that hold rows already are left as they are."""
    with connection.cursor() as cursor:
        for table, columns, content in snapshot.rows:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if not cursor.fetchone()[0]:
                names = ", ".join(f'"{name}"' for name in columns)
                cursor.cursor.copy_expert(
                    f'COPY "{table}" ({names}) FROM STDIN', io.BytesIO(content)
                )
        for table, columns, _content in snapshot.rows:
            if "id" in columns:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), "
                    f'(SELECT max(id) FROM "{table}")) '
                    "WHERE pg_get_serial_sequence(%s, 'id') IS NOT NULL",
                    [table, table],
                )


def _tables() -> list[tuple[str, list[str]]]:
    """Tables of the lower two floors with their stored columns."""
    found = [
        model
        for label in ("core", "customers")
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed and model._meta.model_name not in LEFT_OUT
    ]
    return [(model._meta.db_table, _columns(model)) for model in found]


def _columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields if not field.generated]


def _read(table: str, columns: list[str]) -> tuple[str, list[str], bytes] | None:
    buffer = io.BytesIO()
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        raw.copy_expert(f'COPY (SELECT {names} FROM "{table}") TO STDOUT', buffer)
    content = buffer.getvalue()
    return (table, columns, content) if content else None
