"""Pages under load: customer list, filters, search, deep pages, portrait and its API twin.

Two gunicorn workers as in production, four clients; a relationship manager, a branch head and a
risk officer who sees the whole bank ask in turn. A bank of ``--customers`` is made when the
database is empty. CPU is that of the web workers and of their PostgreSQL processes together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from typing import Any
from urllib.parse import quote

import django

from benchmarks import web

READERS = ("rm", "branch_head", "risk_officer")  # own customers, one branch, the whole bank
LISTS = ("list", "filtered", "filtered_count", "search", "deep")
PORTRAITS = ("portrait", "portrait_api")
KINDS = (*LISTS, *PORTRAITS)
FILTERS = (
    "stage=growth&size=micro",
    "tier=A&relation=existing",
    "stage=decline&f=inflow_trend:le:-20",
    "industry=C&completeness=good",
    "groups=quality_trade&sort=-f.inflow_month_12m",
    "tags=renewal_due_90&sort=f.completeness",
    "f=loan_balance:ge:50万&sort=-f.loan_balance",
)


def main() -> None:
    """Figures for people, then one JSON line."""
    options = _options()
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    os.environ["LOG_LEVEL"] = "WARNING"
    django.setup()
    count = make_bank(options.customers)
    readers = {}
    for role in READERS:
        user = web.fullest(role)
        readers[role] = (web.cookie_of(user), addresses(user))
    found = web.load(readers, requests=options.requests, concurrency=options.concurrency)
    result = {"customers": count, "concurrency": options.concurrency, **found}
    print(json.dumps(result | headline(found)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=240, help="of each kind")
    parser.add_argument("--concurrency", type=int, default=4)
    return parser.parse_args()


def make_bank(customers: int) -> int:
    """The database holds a demo bank; returns its number of customers."""
    from django.core.management import call_command
    from django.db import connection

    from customers.models import Customer, Portrait

    if not Customer.objects.exists():
        call_command("load_reference", verbosity=0)
        call_command("make_demo", customers=customers, seed=1)
    if not Portrait.objects.exists():
        sys.exit("The customers have no portraits: run make_demo without --no-portraits.")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customer")
        cursor.execute("VACUUM ANALYZE customers_portrait")
    return Customer.objects.count()


def addresses(user: Any) -> dict[str, list[str]]:
    """What the user asks for, drawn from the user's own customers."""
    from customers.models import Customer
    from customers.selectors.keyset import Place

    chance = random.Random(1)
    rows = Customer.objects.visible_to(user).order_by("pk")
    seen = list(rows.values_list("pk", "name", "name_pinyin"))
    some = chance.sample(seen, min(len(seen), 80))
    words = {name[place : place + 2] for _pk, name, _pinyin in some for place in (0, 2, 4)}
    deep = [Place(pinyin, pk, False, 10_001).written() for pk, _name, pinyin in some]
    return {
        "list": ["/customers/", "/customers/?sort=-name", "/customers/?sort=-created"],
        "filtered": [f"/customers/?{quote(query, safe='=&:.')}" for query in FILTERS],
        "filtered_count": [f"/customers/count/?{quote(q, safe='=&:.')}" for q in FILTERS],
        "search": [f"/customers/?q={quote(word)}" for word in sorted(words) if len(word) == 2],
        "deep": [f"/customers/?at={place}" for place in deep],
        "portrait": [f"/customers/{pk}/" for pk, _name, _pinyin in some],
        "portrait_api": [f"/api/v1/customers/{pk}/portrait/" for pk, _name, _pinyin in some],
    }


def headline(result: dict[str, Any]) -> dict[str, Any]:
    """The named figures: the worst kind of list, and the worse of portrait page and API."""

    def worst(kinds: tuple[str, ...], key: str) -> float:
        return max(result[kind][key] for kind in kinds)

    return {
        "list_queries": worst(LISTS, "queries"),
        "list_p50_ms": worst(LISTS, "p50_ms"),
        "list_p95_ms": worst(LISTS, "p95_ms"),
        "list_cpu_ms": worst(LISTS, "cpu_ms"),
        "portrait_queries": worst(PORTRAITS, "queries"),
        "portrait_p95_ms": worst(PORTRAITS, "p95_ms"),
        "portrait_cpu_ms": worst(PORTRAITS, "cpu_ms"),
    }


if __name__ == "__main__":
    main()
