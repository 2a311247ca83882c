"""Signs of a visit that was not made (VIS-6): plain measures and the codes they give.

Every limit is a rule parameter ``quality.*``; the same facts give the same flags.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import Parameters
from marketing.planning.route import Point, distance_m

SAME_PHOTO, TOO_FAST, COPIED, TOO_SHORT = "same_photo", "too_fast", "copied", "too_short"
FLAGS = {
    SAME_PHOTO: _("Photo of another visit"),
    TOO_FAST: _("Impossible way between two check-ins"),
    COPIED: _("Summary copied"),
    TOO_SHORT: _("Too short"),
}


@dataclass(frozen=True)
class Limits:
    """From which values on something is odd."""

    least_minutes: float
    most_kmh: float
    copy_share: float
    copy_least_chars: int
    compare_last: int
    likeness_bits: int


def limits_of(known: Parameters) -> Limits:
    """The limits in force."""
    return Limits(
        least_minutes=float(known.decimal("quality.least_minutes")),
        most_kmh=float(known.decimal("quality.most_kmh")),
        copy_share=float(known.share("quality.copy_share")),
        copy_least_chars=known.number("quality.copy_least_chars"),
        compare_last=known.number("quality.compare_last"),
        likeness_bits=known.number("quality.likeness_bits"),
    )


@dataclass(frozen=True)
class CheckIn:
    """Where somebody was at a time."""

    at: datetime
    place: Point


def is_too_short(started_at: datetime, ended_at: datetime, limits: Limits) -> bool:
    """Whether it took less than the least minutes."""
    return (ended_at - started_at).total_seconds() < limits.least_minutes * 60


def speed_kmh(one: CheckIn, other: CheckIn) -> float:
    """Great-circle kilometres an hour between two check-ins; at least a second lies between."""
    seconds = max(abs((other.at - one.at).total_seconds()), 1.0)
    return distance_m(one.place, other.place) / seconds * 3.6


def is_too_fast(one: CheckIn | None, other: CheckIn | None, limits: Limits) -> bool:
    """Whether nobody can have made the way in that time."""
    return bool(one and other and speed_kmh(one, other) > limits.most_kmh)


def plain_text(text: str) -> str:
    """Letters and digits alone, full width and case made equal (NFKC)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def pairs_of(text: str) -> Counter[str]:
    """How often each pair of neighbouring signs of the plain text occurs."""
    plain = plain_text(text)
    return Counter(plain[no : no + 2] for no in range(len(plain) - 1))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Sørensen-Dice of two bags of pairs: 2 |A n B| / (|A| + |B|), from 0 to 1."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0


def is_copied(text: str, earlier: Iterable[str], limits: Limits) -> bool:
    """Whether the text is almost one that was written before; short ones are not compared."""
    if len(plain_text(text)) < limits.copy_least_chars:
        return False
    mine = pairs_of(text)
    return any(likeness(mine, pairs_of(other)) > limits.copy_share for other in earlier)


def is_near_copy(likeness_a: int | None, likeness_b: int | None, limits: Limits) -> bool:
    """Whether two difference hashes of 64 bits differ in few bits."""
    if likeness_a is None or likeness_b is None:
        return False
    return ((likeness_a ^ likeness_b) & (2**64 - 1)).bit_count() <= limits.likeness_bits


def has_same_photo(
    mine: Sequence[tuple[str, int | None]],
    others: Iterable[tuple[str, int | None]],
    limits: Limits,
) -> bool:
    """Whether a photo (sha256, difference hash) is one of the others or nearly so."""
    sums = {sha256 for sha256, _hash in mine}
    return any(
        sha256 in sums or any(is_near_copy(hashed, own, limits) for _sum, own in mine)
        for sha256, hashed in others
    )
