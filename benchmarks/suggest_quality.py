"""How well the propensity model ranks, judged by the quarter after the cut.

The model learns from nothing later than the cut, one horizon before the bank's last opening, and
is compared with three simple lists on the same customers with the same families left out.
"""

from __future__ import annotations

from benchmarks import harness
from benchmarks.harness import say


def main() -> None:
    """Figures, then one JSON line."""
    options = harness.start(10_000, __doc__ or "")
    from products.services.propensity_evaluation import Evaluation, default_cut, evaluate

    harness.make_bank(options.customers, seed=options.seed, keep=options.keep)
    found: list[Evaluation] = []
    cost = harness.cost_of(lambda: found.append(evaluate(cut=default_cut())))
    for note in found[0].notes:
        say(note)
    for name, ranking in found[0].rankings.items():
        told = ranking.marks
        say(f"{name:10} MAP@7 {told.map7:.4f}, p@3 {told.precision3:.4f}, r@5 {told.recall5:.4f}")
    harness.finish(
        {
            "benchmark": "suggest_quality",
            "seed": options.seed,
            **found[0].to_data(),
            "cpu_s": round(cost.cpu, 1),
            "peak_mb": round(cost.peak_mb),
        }
    )


if __name__ == "__main__":
    main()
