"""Parameters as rows: what is in force, what is proposed, what was."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from crm.core.models import RuleParameter


def parameters_in_force(*, on: date, search: str = "") -> list[RuleParameter]:
    """The row in force of every key, with how many proposals wait for a decision."""
    rows = RuleParameter.objects.filter(state=RuleParameter.State.ACTIVE, effective_from__lte=on)
    if search:
        words = Q(key__icontains=search) | Q(title_zh__icontains=search)
        rows = rows.filter(words | Q(title_en__icontains=search))
    found = list(rows.order_by("key", "-effective_from", "-version").distinct("key"))
    waiting = RuleParameter.objects.filter(state=RuleParameter.State.PROPOSED)
    keys = set(waiting.values_list("key", flat=True))
    for row in found:
        row.is_waiting = row.key in keys  # type: ignore[attr-defined]
    return found


def parameter_history(*, key: str) -> QuerySet[RuleParameter]:
    """Every row of one key, the newest first."""
    people = ("proposed_by", "decided_by")
    return RuleParameter.objects.filter(key=key).select_related(*people).order_by("-version")
