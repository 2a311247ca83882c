"""The focuses of a year as a rule book holds them: each with the units it speaks for."""

from __future__ import annotations

from datetime import date

from crm.core.models import Branch, IndustryCode
from products.matching.book import Focus
from products.models import UnitFocus


def focus_of_unit(unit: int | None, *, as_of: date) -> Focus | None:
    """What the strategy in force for this unit is after."""
    return next((focus for focus in focuses(as_of) if unit in focus.units), None)


def focuses(as_of: date) -> tuple[Focus, ...]:
    """Every focus of the year of ``as_of``; a unit without one shares that of the nearest above.

    Sections of industries are told by their divisions.
    """
    rows = {row.unit_id: row for row in UnitFocus.objects.filter(year=as_of.year)}
    if not rows:
        return ()
    units: dict[int, list[int]] = {pk: [] for pk in rows}
    nearest: dict[int, int] = {}
    for pk, parent in Branch.objects.order_by("scope_lo", "-scope_hi", "pk").values_list(
        "pk", "parent_id"
    ):
        own = pk if pk in rows else nearest.get(parent or 0)
        if own is not None:
            nearest[pk] = own
            units[own].append(pk)
    divisions: dict[str, list[str]] = {}
    for code, section in IndustryCode.objects.filter(level=2).values_list("code", "section"):
        divisions.setdefault(section, []).append(code)
    return tuple(
        Focus(
            units=tuple(sorted(units[pk])),
            industries=tuple(
                sorted({one for code in row.industries for one in divisions.get(code, [code])})
            ),
            groups=tuple(sorted(row.groups)),
            families=tuple(sorted(row.families)),
            territories=tuple(sorted(row.territories)),
        )
        for pk, row in sorted(rows.items())
    )
