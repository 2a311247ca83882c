"""Every customer against the seed catalogue, against a plain loop of one customer at a time.

The loop is the plain Python that the tests hold the engine against: the catalogue is read once,
then one customer after the other is fetched, judged, scored, ranked and stored through the ORM.
Results of both are compared.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from benchmarks import harness
from benchmarks.harness import AS_OF, say

SMALL = 10_000
LOOPED = 200
ROUNDING = 0.0101  # half a cent of a point on either side


def main() -> None:
    """Figures of a small bank and of one of the size asked for, then one JSON line."""
    options = harness.start(100_000, __doc__ or "")
    sizes = sorted({min(SMALL, options.customers), options.customers})
    found = {size: measure(size, seed=options.seed, keep=options.keep) for size in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    harness.finish(
        {
            "benchmark": "match_all",
            "customers": options.customers,
            "offers": large["offers"],
            "speedup": round(min(part["loop_us"] / part["us"] for part in found.values()), 1),
            "growth": round(large["us"] / small["us"], 3),
            "peak_mb": round(max(part["peak_mb"] for part in found.values())),
            "cpu_per_10k": round(large["us"] * SMALL / 1e6, 3),
            "cpu_us": {size: round(part["us"]) for size, part in found.items()},
            "cpu_us_loop": round(large["loop_us"]),
            "equal": all(part["wrong"] == 0 for part in found.values()),
        }
    )


def measure(customers: int, *, seed: int, keep: bool) -> dict[str, Any]:
    """CPU microseconds a customer of both ways, and in how many results they differ."""
    from customers.models import Customer
    from customers.services import portrait_run
    from products.services import matching
    from products.services.seeds import load_products

    count = harness.make_bank(customers, seed=seed, keep=keep)
    portrait_run.run_twice_if_first(as_of=AS_OF - timedelta(days=1))
    load_products(effective_from=AS_OF - timedelta(days=1))
    matching.run_full(as_of=AS_OF - timedelta(days=1))  # the night before
    ours = harness.cost_of(lambda: matching.run_full(as_of=AS_OF))
    step = max(count // LOOPED, 1)
    sample = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[::step][:LOOPED])
    looped: dict[int, dict[str, Any]] = {}
    loop = harness.cost_of(lambda: looped.update(by_hand(sample)))
    us, loop_us = ours.cpu / count * 1e6, loop.cpu / len(sample) * 1e6
    wrong = differing(looped)
    say(
        f"{count:,} customers: {us:.0f} CPU-us each (Python {ours.python / count * 1e6:.0f}, "
        f"PostgreSQL {ours.postgres / count * 1e6:.0f}, wall {ours.wall / count * 1e6:.0f}); "
        f"loop {loop_us:.0f}; peak {ours.peak_mb:.0f} MB"
    )
    for line in wrong[:10]:
        say(f"  differs: {line}")
    return {
        "us": us,
        "loop_us": loop_us,
        "peak_mb": max(ours.peak_mb, loop.peak_mb),
        "wrong": len(wrong),
        "offers": offers_in_force(),
    }


def offers_in_force() -> int:
    """How many versions were matched."""
    from products.selectors.book import current_book

    return len(current_book(AS_OF).offers)


def by_hand(sample: list[int]) -> dict[int, dict[str, Any]]:
    """The matches of the customers, one after the other; what was stored is taken back."""
    from django.db import transaction

    from tests.products.match_reference import Plain

    plain = Plain(AS_OF)
    with transaction.atomic():
        found = {pk: plain.store_one(pk) for pk in sample}
        transaction.set_rollback(True)
    return found


def differing(found: dict[int, dict[str, Any]]) -> list[str]:
    """What loop and engine tell differently, past rounding."""
    from products.models import CustomerMatch

    wrong = []
    for match in CustomerMatch.objects.filter(pk__in=found):
        wanted = found[match.pk]
        if (match.outcomes, match.top) != (wanted["outcomes"], wanted["top"]):
            wrong.append(f"{match.pk}: {match.outcomes} {match.top} and {wanted}")
        for no, (ours, theirs) in enumerate(zip(match.scores, wanted["scores"], strict=True)):
            if (ours is None) != (theirs is None) or (
                ours is not None and abs(ours - theirs) > ROUNDING
            ):
                wrong.append(f"{match.pk} offer {no}: {ours} and {theirs}")
    return wrong


if __name__ == "__main__":
    main()
