"""Which visits of a week a team leader looks at: drawn by a hash, not by hand (VIS-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from uuid import UUID


def sample_size(count: int, share: Decimal) -> int:
    """The share rounded up, one at least where there is any."""
    return int((count * share).to_integral_value(ROUND_CEILING)) if count else 0


def drawn(keys: Iterable[UUID], *, week_on: date, share: Decimal) -> list[UUID]:
    """The keys with the smallest hashes of week and key: nobody can choose, anybody can check."""
    ordered = sorted(
        set(keys), key=lambda key: sha256(f"{week_on.isoformat()} {key}".encode()).digest()
    )
    return ordered[: sample_size(len(ordered), share)]
