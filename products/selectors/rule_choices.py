"""Names of the codes that conditions speak of, from the reference data."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import get_language

from crm.core.models import IndustryCode, RegionCode, TradeProfile


def industry_names(codes: Collection[str]) -> dict[str, str]:
    """Industry codes with their names in the language at hand, those that are known."""
    rows = IndustryCode.objects.filter(pk__in=codes).values_list("pk", "name_zh", "name_en")
    return {code: _own(chinese, english) for code, chinese, english in rows}


def code_names(codes: Collection[str]) -> dict[str, str]:
    """Industry and region codes with their names, those that are known."""
    if not codes:
        return {}
    regions = RegionCode.objects.filter(pk__in=codes).values_list("pk", "full_name_zh")
    return dict(regions) | industry_names(codes)


def trade_choices() -> list[tuple[str, str]]:
    """Every trade profile: key and name."""
    rows = TradeProfile.objects.order_by("key").values_list("pk", "name_zh", "name_en")
    return [(key, _own(chinese, english)) for key, chinese, english in rows]


def _own(chinese: str, english: str) -> str:
    return (english or chinese) if (get_language() or "").startswith("en") else chinese
