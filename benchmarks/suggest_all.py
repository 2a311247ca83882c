"""Suggestions for everybody: propensity, ranking and write, against a plain loop over the ORM.

The loop reads rules, terms and the model once, then takes one customer after the other: asks the
model, judges and ranks in Python, and stores through the ORM. Results of both are compared. The
measured run is the first one, which writes every row; the run after it, which finds everything as
it is, is told beside it.
"""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from typing import Any

from benchmarks import harness
from benchmarks.harness import AS_OF, say

SMALL = 10_000
LOOPED = 200
MILLION = 1_000_000
CONTENT: dict[str, Any] = {}  # the model, learned once from the first bank


def main() -> None:
    """Figures of a small bank and of one of the size asked for, then one JSON line."""
    options = harness.start(100_000, __doc__ or "")
    sizes = sorted({min(SMALL, options.customers), options.customers})
    found = {size: measure(size, seed=options.seed, keep=options.keep) for size in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    harness.finish(
        {
            "benchmark": "suggest_all",
            "customers": options.customers,
            "suggestions": large["made"],
            "speedup": round(min(part["loop_us"] / part["us"] for part in found.values()), 1),
            "growth": round(large["us"] / small["us"], 3),
            "peak_mb": round(max(part["peak_mb"] for part in found.values())),
            "per_million_cpu_s": round(large["us"] * MILLION / 1e6),
            "per_million_cpu_s_again": round(large["again_us"] * MILLION / 1e6),
            "cpu_us": {size: round(part["us"]) for size, part in found.items()},
            "cpu_us_loop": round(large["loop_us"]),
            "equal": all(part["wrong"] == 0 for part in found.values()),
        }
    )


def measure(customers: int, *, seed: int, keep: bool) -> dict[str, Any]:
    """CPU microseconds a customer of both ways, and in how many results they differ."""
    from customers.models import Customer
    from customers.services import portrait_run
    from products.models import Suggestion
    from products.services import matching, suggestions
    from products.services.seeds import load_products

    count = harness.make_bank(customers, seed=seed, keep=keep)
    portrait_run.run_twice_if_first(as_of=AS_OF)
    load_products(effective_from=AS_OF)
    matching.run_full(as_of=AS_OF)
    use_model()
    Suggestion.objects.all().delete()
    ours = harness.cost_of(lambda: suggestions.run_full(as_of=AS_OF))
    again = harness.cost_of(lambda: suggestions.run_full(as_of=AS_OF))
    step = max(count // LOOPED, 1)
    sample = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[::step][:LOOPED])
    looped: dict[int, dict[str, Any]] = {}
    loop = harness.cost_of(lambda: looped.update(by_hand(sample)))
    us, loop_us = ours.cpu / count * 1e6, loop.cpu / len(sample) * 1e6
    wrong = differing(looped)
    made = Suggestion.objects.count()
    say(
        f"{count:,} customers, {made:,} suggestions: {us:.0f} CPU-us each (Python "
        f"{ours.python / count * 1e6:.0f}, PostgreSQL {ours.postgres / count * 1e6:.0f}, wall "
        f"{ours.wall / count * 1e6:.0f}); again {again.cpu / count * 1e6:.0f}; loop "
        f"{loop_us:.0f}; peak {ours.peak_mb:.0f} MB"
    )
    for line in wrong[:10]:
        say(f"  differs: {line}")
    return {
        "us": us,
        "again_us": again.cpu / count * 1e6,
        "loop_us": loop_us,
        "peak_mb": max(ours.peak_mb, again.peak_mb, loop.peak_mb),
        "wrong": len(wrong),
        "made": made,
    }


def learned() -> dict[str, Any]:
    """The content of a model of the bank at hand; run in a process of its own."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from crm.core.parameters import parameters
    from products.services.propensity_training import learn

    return learn(until=AS_OF - timedelta(days=1), rules=parameters(AS_OF)).content


def use_model() -> None:
    """A model is active: learned from the first bank, the same one for every size."""
    from products.models import PropensityModel

    if not CONTENT:  # apart, so that its memory is not counted
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            CONTENT.update(pool.apply(learned))
    PropensityModel.objects.all().delete()
    PropensityModel.objects.create(
        version=1,
        state=PropensityModel.State.ACTIVE,
        trained_to=AS_OF - timedelta(days=1),
        horizon_days=90,
        content=CONTENT,
        data_hash="benchmark",
    )


def by_hand(sample: list[int]) -> dict[int, dict[str, Any]]:
    """The suggestions of the customers, one after the other; what was stored is taken back."""
    from django.db import transaction

    from products.models import Suggestion
    from tests.products.suggestion_reference import Plain

    with transaction.atomic():
        Suggestion.objects.filter(customer__in=sample).delete()
        plain = Plain(AS_OF)
        found = {pk: plain.store_one(pk) for pk in sample}
        transaction.set_rollback(True)
    return found


def differing(found: dict[int, dict[str, Any]]) -> list[str]:
    """What loop and run tell differently; chances are rounded to four places on both sides."""
    from decimal import Decimal

    from products.models import Suggestion

    ours: dict[int, dict[str, Any]] = {pk: {} for pk in found}
    for row in Suggestion.objects.filter(customer__in=found, state__in=("new", "seen")):
        told = (row.version_id, row.rank, Decimal(f"{row.chance:.4f}"), row.expected_amount)
        ours[row.customer_id][row.family] = told
    return [f"{pk}: {ours[pk]} and {found[pk]}" for pk in found if ours[pk] != found[pk]]


if __name__ == "__main__":
    main()
