"""The ledger of one customer: facts with who said them, entities, derived figures, the pattern."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.core.months import last_closed
from crm.core.parameters import Parameters
from customers.ledger.categories import BY_NO, CATEGORIES, sealed_keys
from customers.ledger.cover import KNOWN_UNTIL, cover_sql
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


def ledger_of(
    *, customer: Customer, portrait: Any | None, as_of: date, limits: Parameters
) -> Ledger:
    """The ledger of a customer that the caller found within its reach.

    ``portrait`` is the row of the same day (or None), ``limits`` the parameters of the day.
    """
    said = said_facts(customer=customer, as_of=as_of)
    cover, asked = _cover_and_asks(customer, as_of)
    sections = {
        category.no: Section(
            category,
            one,
            [said[key] for key in (*category.fact_keys, *sealed_keys(category))],
            asked[category.no],
        )
        for category, one in zip(CATEGORIES, cover, strict=True)
    }
    standing = Q(as_of__lte=as_of) & (Q(ended_on=None) | Q(ended_on__gt=as_of))
    ledger = Ledger(
        customer=customer,
        as_of=as_of,
        cover=cover,
        sections=sections,
        links=list(ChainLink.objects.filter(customer=customer, as_of__lte=as_of)),
        procure=list(ProcureMode.objects.filter(standing, customer=customer)),
        settle=list(SettleMode.objects.filter(standing, customer=customer)),
        months=monthly(customer, as_of),
    )
    derive(ledger, said, portrait, limits)
    return ledger


def _cover_and_asks(
    customer: Customer, as_of: date
) -> tuple[tuple[CategoryCover, ...], dict[int, list[Ask]]]:
    """The seven covers, and the open asks of each category."""
    sql = cover_sql("= ANY(%(ids)s::bigint[])", until=KNOWN_UNTIL, with_open=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": [customer.pk], "as_of": as_of})
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    asks = {
        no: [ask for ask in category.asks if ask.key in row[f"open_{no}"]]
        for no, category in BY_NO.items()
    }
    return covers_of(row), asks


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
