"""Full portrait run against a plain loop over the ORM that computes ninety of its columns.

The loop is the plain Python that the tests hold the SQL against: some queries a customer, sums in
Python. It computes less than half of the columns, so the speed-up is told too low.
"""

from __future__ import annotations

from datetime import timedelta

from benchmarks import harness
from benchmarks.harness import AS_OF, say

LOOPED = 200


def main() -> None:
    """Figures, then one JSON line."""
    options = harness.start(10_000, __doc__ or "")
    from customers.models import Customer
    from customers.services import portrait, portrait_run

    count = harness.make_bank(options.customers, seed=options.seed, keep=options.keep)
    portrait_run.run_twice_if_first(as_of=AS_OF - timedelta(days=1))
    full = harness.cost_of(lambda: portrait.run_full(as_of=AS_OF))
    step = max(count // LOOPED, 1)
    sample = list(Customer.objects.order_by("pk").select_related("trade")[::step])[:LOOPED]
    found: dict[int, dict[str, object]] = {}
    loop = harness.cost_of(lambda: found.update(by_hand(sample)))
    each = full.cpu / count, loop.cpu / len(sample)
    wrong = differing(found)
    say(f"full run {each[0] * 1e6:.0f} CPU-us a customer, loop {each[1] * 1e6:.0f}")
    for line in wrong[:10]:
        say(f"  differs: {line}")
    harness.finish(
        {
            "benchmark": "portrait_naive",
            "customers": count,
            "looped": len(sample),
            "cpu_us_full": round(each[0] * 1e6),
            "cpu_us_loop": round(each[1] * 1e6),
            "speedup": round(each[1] / each[0], 1),
            "peak_mb": round(max(full.peak_mb, loop.peak_mb)),
            "equal": not wrong,
        }
    )


def by_hand(sample: list[object]) -> dict[int, dict[str, object]]:
    """The features of the customers, one after the other."""
    from tests.customers.portrait_reference import all_features

    return {customer.pk: all_features(customer) for customer in sample}  # type: ignore[attr-defined]


def differing(found: dict[int, dict[str, object]]) -> list[str]:
    """The values in which loop and portrait differ past rounding."""
    from customers.features.catalogue import COLUMNS
    from customers.features.spec import PLACES
    from customers.models import Portrait

    wrong = []
    for row in Portrait.objects.filter(pk__in=found).values():
        for key, wanted in found[row["customer_id"]].items():
            value = row[key]
            if value is None or wanted is None or not hasattr(wanted, "__float__"):
                same = value == wanted
            else:
                places = PLACES.get(COLUMNS[key].unit, 0)
                same = abs(float(value) - float(wanted)) <= 0.51 * 10**-places
            if not same:
                wrong.append(f"{key} of {row['customer_id']}: {value} and {wanted}")
    return wrong


if __name__ == "__main__":
    main()
