"""Published codes to choose from, by number or by words."""

from __future__ import annotations

from django.db.models import Q

from crm.core.models import IndustryCode, RegionCode

MOST = 40


def code_options(kind: str, text: str) -> list[tuple[str, str]] | None:
    """Codes of this kind that start with the number or hold the words; None for no such kind."""
    text = text.strip()
    if kind == "industrycode":
        means = Q(pk__startswith=text.upper()) | Q(name_zh__contains=text)
        rows = IndustryCode.objects.filter(means | Q(name_en__icontains=text), level__gte=2)
        return [(row.pk, str(row)) for row in rows.order_by("level", "pk")[:MOST]]
    if kind == "regioncode":
        regions = RegionCode.objects.filter(Q(pk__startswith=text) | Q(full_name_zh__contains=text))
        return [(row.pk, str(row)) for row in regions.order_by("-level", "pk")[:MOST]]
    return None
