"""Pages of rows that are ordered by their key, the newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

PAGE = 50


def newest_page(
    rows: QuerySet[Any], query: QueryDict, *, size: int = PAGE
) -> tuple[list[Any], str]:
    """One page of rows, and the address of the next older one ("" at the end).

    The caller filters ``pk < before``; the address carries the key of the last row shown.
    """
    found = list(rows[: size + 1])
    if len(found) <= size:
        return found, ""
    address = query.copy()
    address["before"] = str(found[size - 1].pk)
    return found[:size], f"?{address.urlencode()}"
