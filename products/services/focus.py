"""The focus of a unit is put in force; everybody is matched anew."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from crm.core.jobs import publish
from crm.core.models import Branch
from products.models import UnitFocus


@transaction.atomic
def set_focus(
    *,
    unit: Branch,
    year: int,
    industries: Sequence[str],
    groups: Sequence[str],
    families: Sequence[str],
    territories: Sequence[int] = (),
) -> UnitFocus:
    """What was approved for the unit and year is in force; the same again changes nothing.

    Whoever calls has seen to it that it was approved. Publishes ``products.changed``.
    """
    told = {
        "industries": sorted(set(industries)),
        "groups": sorted(set(groups)),
        "families": sorted(set(families)),
        "territories": sorted(set(territories)),
    }
    row, is_new = UnitFocus.objects.select_for_update().get_or_create(
        unit=unit, year=year, defaults=told
    )
    if not is_new:
        if all(getattr(row, name) == value for name, value in told.items()):
            return row
        for name, value in told.items():
            setattr(row, name, value)
        row.save()
    publish("products.changed")
    return row
