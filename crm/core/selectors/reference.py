"""Published codes and planning figures."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.core.models import (
    IndustryCode,
    LprQuote,
    RegionCode,
    SizeMapping,
    SizeStandard,
    TradeProfile,
)

SEARCH_CAP = 200


def industries(*, parent: str = "", search: str = "") -> QuerySet[IndustryCode]:
    """The codes right below ``parent`` (default: the sections), or those that match a search."""
    if search:
        words = Q(code__startswith=search.upper()) | Q(name_zh__icontains=search)
        found = IndustryCode.objects.filter(words | Q(name_en__icontains=search))
        return found.select_related("parent")[:SEARCH_CAP]
    return IndustryCode.objects.filter(parent=parent or None)


def industry_path(code: str) -> list[IndustryCode]:
    """The code and those above it, from the section down."""
    path: list[IndustryCode] = []
    row = IndustryCode.objects.filter(pk=code).first()
    while row is not None:
        path.insert(0, row)
        row = row.parent
    return path


def regions(*, parent: str = "", search: str = "") -> QuerySet[RegionCode]:
    """The divisions right below ``parent`` (default: the provinces), or those that match."""
    if search:
        words = Q(code__startswith=search) | Q(full_name_zh__icontains=search)
        return RegionCode.objects.filter(words)[:SEARCH_CAP]
    return RegionCode.objects.filter(parent=parent or None)


def region_path(code: str) -> list[RegionCode]:
    """The division and those above it, from the province down."""
    path: list[RegionCode] = []
    row = RegionCode.objects.filter(pk=code).first()
    while row is not None:
        path.insert(0, row)
        row = row.parent
    return path


def size_standard() -> QuerySet[SizeStandard]:
    """The sizing rule, group by group."""
    return SizeStandard.objects.order_by("group", "indicator")


def size_mapping() -> QuerySet[SizeMapping]:
    """Which industries belong to which size group."""
    return SizeMapping.objects.order_by("code")


def lpr_quotes() -> QuerySet[LprQuote]:
    """The quotes, the newest first."""
    return LprQuote.objects.order_by("-quoted_on")


def trade_profiles() -> QuerySet[TradeProfile]:
    """The trades with their planning figures."""
    return TradeProfile.objects.order_by("key")
