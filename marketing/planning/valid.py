"""What a valid visit is, told once: boards, points and lists ask here.

A visit counts when a reviewer gave it ``quality.valid_score`` or more; one that nobody reviewed
counts unless it is flagged (VIS-6, g.1).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q


def is_valid_visit(*, quality: int | None, flags: Collection[str], valid_score: int) -> bool:
    """Whether the visit counts."""
    return not flags if quality is None else quality >= valid_score


def valid_visits(valid_score: int, *, prefix: str = "") -> Q:
    """The same as a filter; ``prefix`` leads to the visit, such as ``visit__``."""
    reviewed = Q(**{f"{prefix}quality__gte": valid_score})
    unseen = Q(**{f"{prefix}quality__isnull": True, f"{prefix}flags": []})
    return reviewed | unseen


def valid_visit_sql(alias: str = "v") -> str:
    """The same as SQL over a visit; takes the parameter ``%(valid_score)s``."""
    return f"coalesce({alias}.quality >= %(valid_score)s, {alias}.flags = '{{}}')"
