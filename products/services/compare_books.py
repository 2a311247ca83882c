"""Two sets of weights over the same customers: who would see other products, and what for.

Rules do not change with weights, so only the order of what fits can. Both books are run over the
portraits of today, range by range, in transactions that write nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction

from crm.core.jobs import enqueue
from crm.core.models import Job, User
from customers.services.rollups import customer_ranges
from products.matching.book import Book, Weights
from products.matching.statement import RANGE, Engine
from products.models import MatchFeedback, MatchWeights
from products.selectors.book import current_book
from products.selectors.feedback import precision
from products.selectors.weights import COMPARE, DEDUCTIONS, PARTS, weights_set
from products.services.matching_sql import book_params

SAMPLE, MOST = 2_000, 10**9
STEP = 10_000  # customers a statement
MOVED = 12  # products named in the result


@dataclass(frozen=True)
class Side:
    """One book over the sample: how past answers agree with the five it would have shown."""

    version: int
    fits: int
    wrong: int

    @property
    def precision(self) -> float | None:
        """The share of "fits" among the answers on products it shows."""
        return precision(self.fits, self.wrong)


@dataclass(frozen=True)
class Comparison:
    """What differs between two books over ``customers``; ``moved``: product, before, after."""

    customers: int
    first_changed: int
    five_changed: int
    order_changed: int  # the same five in another order
    old: Side
    new: Side
    moved: Sequence[tuple[str, int, int]]


def with_weights(book: Book, row: MatchWeights) -> Book:
    """The same book with these weights."""
    points = {name: getattr(row, name) for name in (*PARTS, *DEDUCTIONS)}
    return replace(book, weights=Weights(version=row.version, **points))


def compare_books(*, old: Book, new: Book, sample: int = SAMPLE) -> Comparison:
    """Both books over every customer, or over about ``sample`` of them spread over the bank."""
    answers = _answers()
    codes = {offer.version_id: offer.code for offer in old.offers}
    count: Counter[str] = Counter()
    shown: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    said: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for before, after in _pairs(old, new, sample):
        for customer, first in before.items():
            second = after.get(customer)
            if second is None:  # its portrait was removed between the two statements
                continue
            count["customers"] += 1
            count["first"] += first[:1] != second[:1]
            count["five"] += set(first) != set(second)
            count["order"] += set(first) == set(second) and first != second
            for place, top in enumerate((first, second)):
                shown[place].update(top)
                told = answers.get(customer, {})
                said[place].update(told[version] for version in top if version in told)
    moved = sorted(
        (
            (codes[key], shown[0][key], shown[1][key])
            for key in shown[0] | shown[1]
            if shown[0][key] != shown[1][key]
        ),
        key=lambda row: (-abs(row[2] - row[1]), row[0]),
    )
    sides = [
        Side(book.weights.version, said[place]["fits"], said[place]["wrong"])
        for place, book in enumerate((old, new))
    ]
    return Comparison(
        customers=count["customers"],
        first_changed=count["first"],
        five_changed=count["five"],
        order_changed=count["order"],
        old=sides[0],
        new=sides[1],
        moved=moved[:MOVED],
    )


def _pairs(old: Book, new: Book, sample: int) -> Any:
    """By ranges of customers: the five of each under the old book, and under the new one."""
    engines = (Engine(old), Engine(new))
    ranges = list(customer_ranges(STEP))
    whole = sum(number for _low, _high, number in ranges)
    every = max(1, whole // sample) if sample else 1
    for low, high, _number in ranges:
        yield tuple(_tops(engine, low, high, every) for engine in engines)


@transaction.atomic
def _tops(engine: Engine, low: int, high: int, every: int) -> dict[int, list[int]]:
    where = f"{RANGE} AND customer_id %% {int(every)} = 0" if every > 1 else RANGE
    sql = f"SELECT m.customer_id, m.top FROM ({engine.select(where)}) AS m"
    params = engine.params | book_params(engine.book) | {"low": low, "high": high}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jit', 'off', true)")
        cursor.execute(sql, params)
        return dict(cursor.fetchall())


def _answers() -> Mapping[int, Mapping[int, str]]:
    """The newest judgement on each customer and version ("not now" is none)."""
    found: dict[int, dict[int, str]] = {}
    rows = MatchFeedback.objects.exclude(answer=MatchFeedback.Answer.NOT_NOW).order_by("on", "at")
    for customer, version, answer in rows.values_list("customer", "version", "answer"):
        found.setdefault(customer, {})[version] = answer
    return found


def ask_comparison(*, old: int, new: int, is_whole: bool, by: User) -> Job:
    """Two sets by their version numbers are compared by a worker; the job keeps the result."""
    for version in (old, new):
        weights_set(version=version)
    params = {"old": old, "new": new, "sample": 0 if is_whole else SAMPLE}
    return enqueue(COMPARE, params, by=by, unique_key=f"{old}:{new}:{params['sample']}", priority=4)


def comparison_of_weights(*, old: int, new: int, sample: int, as_of: date) -> dict[str, Any]:
    """The result of a comparison as plain JSON, for its job."""
    book = current_book(as_of)
    books = [with_weights(book, weights_set(version=version)) for version in (old, new)]
    found = compare_books(old=books[0], new=books[1], sample=sample)
    plain = asdict(found) | {"as_of": as_of.isoformat()}
    for side in ("old", "new"):
        plain[side]["precision"] = getattr(found, side).precision
    return plain
