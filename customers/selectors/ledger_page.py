"""The ledger of one customer: facts with who said them, entities, derived figures, the pattern."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model, Q

from crm.core.months import last_closed
from crm.core.parameters import Parameters
from customers.ledger.categories import BY_NO, CATEGORIES, sealed_keys
from customers.ledger.cover import (
    KNOWN_UNTIL,
    PORTRAIT_GIVEN,
    PORTRAIT_NOW,
    cover_sql,
    marked,
    rows_then_sql,
)
from customers.ledger.spec import Ask, CategoryCover
from customers.models import (
    ChainLink,
    Customer,
    InvoiceMonth,
    MonthRollup,
    ProcureMode,
    SettleMode,
)
from customers.selectors.ledger import covers_of
from customers.selectors.ledger_facts import said_facts
from customers.selectors.ledger_figures import derive
from customers.selectors.ledger_shape import Ledger, Section

MONTHS = 24
ORDERS = {  # as the tables are sorted
    ChainLink._meta.db_table: "d.side, d.yearly_amount DESC",
    ProcureMode._meta.db_table: "d.item, d.mode",
    SettleMode._meta.db_table: "d.direction, d.share DESC",
}
MINE = "= ANY(%(ids)s::bigint[])"


def ledger_of(
    *,
    customer: Customer,
    portrait: Any | None,
    as_of: date,
    limits: Parameters,
    is_past: bool = False,
) -> Ledger:
    """The ledger of a customer that the caller found within its reach.

    ``portrait`` is the row of the same day (or None), ``limits`` the parameters of the day. Of a
    past day (``is_past``) nothing counts that came to be known later.
    """
    said = said_facts(customer=customer, as_of=as_of, is_past=is_past)
    cover, asked = _cover_and_asks(customer, as_of, portrait, is_past=is_past)
    rows = rows_then if is_past else rows_now
    sections = {
        category.no: Section(
            category,
            one,
            [said[key] for key in (*category.fact_keys, *sealed_keys(category))],
            asked[category.no],
        )
        for category, one in zip(CATEGORIES, cover, strict=True)
    }
    ledger = Ledger(
        customer=customer,
        as_of=as_of,
        cover=cover,
        sections=sections,
        links=rows(ChainLink, customer, as_of),
        procure=rows(ProcureMode, customer, as_of),
        settle=rows(SettleMode, customer, as_of),
        months=monthly(customer, as_of),
    )
    derive(ledger, said, portrait, limits)
    return ledger


def rows_now(model: type[Model], customer: Customer, as_of: date) -> list[Any]:
    """The rows of one kind that hold today."""
    rows = model._default_manager.filter(customer=customer, as_of__lte=as_of)
    if model is ChainLink:
        return list(rows)
    return list(rows.filter(Q(ended_on=None) | Q(ended_on__gt=as_of)))


def rows_then(model: type[Model], customer: Customer, as_of: date) -> list[Any]:
    """The rows of one kind as they stood on a past day, changed or gone since or not."""
    held = "" if model is ChainLink else "WHERE d.ended_on IS NULL OR d.ended_on > %(as_of)s"
    table = model._meta.db_table
    sql = f"SELECT * FROM {rows_then_sql(table)} d {held} ORDER BY {ORDERS[table]}"
    named = {"ids": [customer.pk], "as_of": as_of}
    return list(model._default_manager.raw(marked(sql, MINE), named))


def _cover_and_asks(
    customer: Customer, as_of: date, portrait: Any | None, *, is_past: bool
) -> tuple[tuple[CategoryCover, ...], dict[int, list[Ask]]]:
    """The seven covers, and the open asks of each category."""
    named: dict[str, Any] = {"ids": [customer.pk], "as_of": as_of}
    source = PORTRAIT_NOW
    if is_past:
        source, named["portrait"] = PORTRAIT_GIVEN, _plain(portrait)
    sql = cover_sql(MINE, until=KNOWN_UNTIL, with_open=True, portrait=source)
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    asks = {
        no: [ask for ask in category.asks if ask.key in row[f"open_{no}"]]
        for no, category in BY_NO.items()
    }
    return covers_of(row), asks


def _plain(portrait: Any | None) -> str | None:
    """The portrait as the statement reads it: every plain column by name."""
    if portrait is None:
        return None
    fields = [one.attname for one in portrait._meta.concrete_fields]
    told = {name: getattr(portrait, name) for name in fields}
    return json.dumps(told, default=str)


def monthly(customer: Customer, as_of: date) -> dict[str, list[tuple[int, float]]]:
    """24 closed months: sales (invoices), acquired, inflow, and net (inflow less outflow).

    Invoices end at the customer's last month with any, as the portrait's do (docs/decisions.md).
    """
    last = last_closed(as_of)
    span = {"customer": customer, "ym__gt": last - MONTHS, "ym__lte": last}
    invoiced = InvoiceMonth.objects.filter(customer=customer, ym__lte=last).order_by("-ym")
    newest = list(invoiced.values_list("ym", "sales")[:MONTHS])
    found: dict[str, list[tuple[int, float]]] = {
        "sales": [
            (ym, float(sales)) for ym, sales in reversed(newest) if ym > newest[0][0] - MONTHS
        ],
        "acquired": [],
        "inflow": [],
        "net": [],
    }
    rows = MonthRollup.objects.filter(**span).order_by("ym")
    for ym, inflow, business, outflow, acquired in rows.values_list(
        "ym", "inflow", "business_inflow", "outflow", "acquired"
    ):
        if acquired is not None:
            found["acquired"].append((ym, float(acquired)))
        if inflow is not None:
            taken = float(inflow if business is None else business)
            found["inflow"].append((ym, taken))
            found["net"].append((ym, taken - float(outflow or 0)))
    return found
