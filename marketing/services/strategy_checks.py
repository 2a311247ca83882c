"""What a branch strategy may say: choices that exist, places of the unit, shares that add up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.models import Branch, IndustryCode
from crm.core.words import Text
from customers.features.groups import LABELS
from customers.models import ProductFamily, Territory
from marketing.goals.strategy import MIX, PLANNED, STYLES

MOST_TO_WIN = 100_000


def check_strategy(*, unit: Branch, values: Mapping[str, Any]) -> None:
    """DomainError (422) with every field that says what it cannot say, and why."""
    wrong = _choices(values) | _places(unit, values) | _mix(values) | _goals(values)
    if wrong:
        told = " ".join(dict.fromkeys(str(text) for text in wrong.values()))
        raise DomainError(told, status=422, fields=wrong)


def _choices(values: Mapping[str, Any]) -> dict[str, Text]:
    """Industries, groups, families and styles are known ones."""
    asked = values.get("focus_industries", ())
    industries = IndustryCode.objects.filter(level__in=(1, 2), code__in=asked)
    known: dict[str, Collection[str]] = {
        "focus_industries": list(industries.values_list("code", flat=True)) if asked else (),
        "focus_groups": LABELS.keys(),
        "focus_families": ProductFamily.values,
        "styles": [key for key, _label in STYLES],
    }
    wrong: dict[str, Text] = {}
    for name, choices in known.items():
        unknown = [str(one) for one in values.get(name, ()) if one not in choices]
        if unknown:
            wrong[name] = _not_known(unknown)
    return wrong


def _places(unit: Branch, values: Mapping[str, Any]) -> dict[str, Text]:
    """Territories lie in the unit; a number to win belongs to one that is chosen."""
    chosen = list(values.get("focus_territories", ()))
    mine = Territory.objects.filter(
        pk__in=chosen, branch__scope_lo__gte=unit.scope_lo, branch__scope_hi__lte=unit.scope_hi
    )
    wrong: dict[str, Text] = {}
    unknown = set(chosen) - set(mine.values_list("pk", flat=True)) if chosen else set()
    if unknown:
        wrong["focus_territories"] = _not_known(map(str, sorted(unknown)))
    plan = values.get("territory_plan", {})
    if plan.keys() - {str(key) for key in chosen}:
        wrong["territory_plan"] = _("A number to win belongs to a chosen territory.")
    elif any(not isinstance(one, int) or not 0 < one <= MOST_TO_WIN for one in plan.values()):
        wrong["territory_plan"] = _("A number to win lies between 1 and %(most)s.") % {
            "most": f"{MOST_TO_WIN:,}"
        }
    return wrong


def _mix(values: Mapping[str, Any]) -> dict[str, Text]:
    """Shares of families of loans, together at most the whole."""
    mix = values.get("product_mix", {})
    unknown = [family for family in mix if family not in MIX]
    if unknown:
        return {"product_mix": _not_known(unknown)}
    shares = [_number(share) for share in mix.values()]
    if any(share is None or not 0 < share <= 1 for share in shares):
        return {"product_mix": _("A share lies above 0 and at most at 100 percent.")}
    whole = sum((share for share in shares if share is not None), Decimal(0))
    if whole > 1:
        told = {"whole": f"{(whole * 100).normalize():f}"}
        return {"product_mix": _("The shares add up to %(whole)s percent, over 100.") % told}
    return {}


def _goals(values: Mapping[str, Any]) -> dict[str, Text]:
    """Figures of the year are numbers of metrics that a strategy may state."""
    goals = values.get("goals", {})
    unknown = [key for key in goals if key not in PLANNED]
    if unknown:
        return {"goals": _not_known(unknown)}
    if any(_number(one) is None for one in goals.values()):
        return {"goals": _("A figure of the year is a number.")}
    return {}


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _not_known(names: Iterable[str]) -> Text:
    return _("Not known: %(names)s.") % {"names": "、".join(names)}
