"""The best five (d.4 step 3): two a family at most, chain products first for those in a chain.

Each fitting offer has a key, a whole number that is greater the better it ranks: chain products,
then the score, then the order of the book. Services that the customer has already come last: who
has a deposit account is not told to open one. Keys of one customer are all different.
"""

from __future__ import annotations

from collections.abc import Sequence

from customers.models import ProductFamily
from products.matching.book import Offer

CHAIN_FAMILY = ProductFamily.SUPPLY_CHAIN.value
PER_FAMILY, SHOWN = 2, 5
ORDER = 256  # more than a book has offers
FIRST = ORDER * 100_000  # above every score


def rank_key(offer: Offer, no: int, *, code: str, score: str, in_chain: str, held: str) -> str:
    """The key of an offer that fits, else NULL."""
    first = ""
    if offer.family == CHAIN_FAMILY:
        first = f"CASE WHEN {in_chain} THEN {FIRST} ELSE 0 END + "
    elif not offer.is_credit:
        first = f"CASE WHEN {held} THEN -{FIRST} ELSE 0 END + "
    return f"CASE WHEN {code} = 0 THEN {first}({score} * 100)::int * {ORDER} + {ORDER - 1 - no} END"


def best_of_families(offers: Sequence[Offer]) -> tuple[dict[str, str], list[str]]:
    """Values that must be made of the keys ``q<no>`` first, and SQL of two keys a family."""
    families: dict[str, list[str]] = {}
    for no, offer in enumerate(offers):
        families.setdefault(offer.family, []).append(f"q{no}")
    made: dict[str, str] = {}
    found: list[str] = []
    for place, keys in enumerate(families.values()):
        if len(keys) <= PER_FAMILY:
            found += keys
            continue
        best = f"g{place}"
        made[best] = f"greatest({', '.join(keys)})"
        others = ", ".join(f"CASE WHEN {key} < {best} THEN {key} END" for key in keys)
        found += [best, f"greatest({others})"]
    return made, found


def top_versions(keys: Sequence[str], versions: str) -> str:
    """SQL of the version ids of the best keys, best first."""
    if not keys:
        return "'{}'::bigint[]"
    return (
        f"ARRAY(SELECT ({versions}::bigint[])[{ORDER} - (v & {ORDER - 1})] "
        f"FROM unnest(ARRAY[{', '.join(keys)}]::int[]) AS v "
        f"WHERE v IS NOT NULL ORDER BY v DESC LIMIT {SHOWN})"
    )
