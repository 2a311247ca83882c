"""The manager's day and the head's board under load, in a small bank and in a large one.

One manager with 500 customers and 5,000 open items asks for the workbench, visit briefs, the
pipeline and visits; a branch head and an auditor who sees the whole bank ask for boards and the
rows behind their figures. Growth is the CPU of a page in the large bank over the small one. As many
requests run at a time as there are web workers; database and asking side share their machine.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

from benchmarks import harness, web
from benchmarks.harness import AS_OF, say

SMALL = 10_000
REQUESTS, CONCURRENCY = 120, 2
DRILLED = 24  # rows behind so many figures of a board
HEADS = ("branch_head", "auditor")
STEADY = ("workbench", "brief", "pipeline", "board", "drill")  # pages that "growth" is about


def main() -> None:
    """Figures of both banks, then one JSON line."""
    options = harness.start(100_000, __doc__ or "")
    sizes = sorted({min(SMALL, options.customers), options.customers})
    if options.keep:  # the bank that is there, without a smaller one beside it
        sizes = sizes[-1:]
    found = {size: measure(size, seed=options.seed, keep=options.keep) for size in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    growth = {kind: large[kind]["cpu_ms"] / small[kind]["cpu_ms"] for kind in large}
    steady = {
        kind: large[kind]["queries"] == small[kind]["queries"] for kind in ("workbench", "board")
    }
    harness.finish(
        {
            "benchmark": "field_pages",
            "customers": options.customers,
            "workbench_queries": large["workbench"]["queries"],
            "workbench_p95_ms": large["workbench"]["p95_ms"],
            "board_queries": large["board"]["queries"],
            "board_p95_ms": large["board"]["p95_ms"],
            "queries_constant": all(steady.values()),
            "growth": round(max(growth.get(kind, 1.0) for kind in STEADY), 3),
            "growth_by_page": {kind: round(ratio, 3) for kind, ratio in growth.items()},
            "pages": found,
        }
    )


def measure(customers: int, *, seed: int, keep: bool) -> dict[str, dict[str, Any]]:
    """Times, CPU and queries of each kind of page in a bank of this size."""
    if not keep:
        make_bank(customers, seed=seed)
    readers = readers_of_the_field(f"busy{customers}")
    say(f"{customers:,} customers:")
    return web.load(readers, requests=REQUESTS, concurrency=CONCURRENCY)


def make_bank(customers: int, *, seed: int) -> None:
    """Portraits, matches, three years of field work and the rollups of boards stand ready."""
    from django.core.management import call_command
    from django.db import connection

    from customers.services import portrait_run
    from marketing.services.board_counts import count_boards
    from marketing.services.goals import count_goals
    from marketing.services.market_counts import count_market
    from products.services import matching
    from products.services.seeds import load_products

    harness.make_bank(customers, seed=seed)
    portrait_run.run_twice_if_first(as_of=AS_OF)
    load_products(effective_from=AS_OF - timedelta(days=1))
    matching.run_full(as_of=AS_OF)
    call_command("make_field_work", as_of=AS_OF, seed=seed, reset=True, stdout=StringIO())
    count_goals(as_of=AS_OF)
    count_market(as_of=AS_OF)
    with harness.meter() as cost:
        count_boards(as_of=AS_OF)
    say(f"{customers:,} customers: figures of the boards in {cost.cpu:.0f} CPU-s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def readers_of_the_field(name: str) -> web.Readers:
    """A busy manager, a branch head and an auditor, with what each asks for."""
    from benchmarks.field_bank import busy_manager
    from crm.core.models import User

    manager = User.objects.filter(username=name).first() or busy_manager(
        customers=500, items=5_000, today=AS_OF, name=name
    )
    readers = {"rm": (web.cookie_of(manager), manager_pages(manager))}
    for role in HEADS:
        head = web.fullest(role)
        cookie = web.cookie_of(head)
        readers[role] = (cookie, head_pages(cookie))
    return readers


def manager_pages(manager: Any) -> dict[str, list[str]]:
    """What a manager opens in a day, drawn from the own customers."""
    from django.urls import reverse

    from customers.models import Customer

    chance = random.Random(1)
    own = list(Customer.objects.filter(manager=manager).order_by("pk").values_list("pk", flat=True))
    return {
        "workbench": [reverse("marketing:workbench")],
        "brief": [
            reverse("marketing:brief", args=[pk]) for pk in chance.sample(own, min(len(own), 80))
        ],
        "pipeline": [
            reverse("marketing:pipeline"),
            reverse("marketing:opportunities"),
            reverse("marketing:pipeline_calendar"),
        ],
        "visits": [reverse("marketing:visits")],
        "plan": [reverse("marketing:plan")],
    }


def head_pages(cookie: str) -> dict[str, list[str]]:
    """The board under some filters, and the rows behind some of its figures."""
    from django.test import Client
    from django.urls import reverse

    board, pipeline = reverse("marketing:board"), reverse("marketing:pipeline")
    page = Client(headers={"cookie": cookie, "host": "localhost"}).get(board).content.decode()
    behind = sorted({unescape(href) for href in re.findall(rf'href="({board}rows/[^"]+)"', page)})
    assert behind, "the board leads nowhere"
    chance = random.Random(1)
    return {
        "board": [board, f"{board}?period=quarter", f"{board}?period=year"],
        "board_filtered": [f"{board}?industry=C"],
        "ranking": [reverse("marketing:board_ranking")],
        "drill": chance.sample(behind, min(len(behind), DRILLED)),
        "pipeline": [pipeline],
    }


if __name__ == "__main__":
    main()
