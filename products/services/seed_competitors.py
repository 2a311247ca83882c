"""Made-up competitors for the demo bank: products with source, date, evidence; one expired."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from crm.core.conditions import BadCondition
from products.models import Competitor, CompetitorNote, CompetitorProduct
from products.selectors.rules import checked_condition
from products.services.seed_files import SEEDS, BadSeed, known, read

VALID_DAYS = 90
_FIELDS = {field.name for field in CompetitorProduct._meta.local_concrete_fields}


@transaction.atomic
def load_demo_competitors(*, as_of: date, folder: Path = SEEDS) -> int:
    """The demo competitors are there, dated back from ``as_of``; the number that was made."""
    made = 0
    for row in read(folder / "demo_competitors.toml")["competitors"]:
        plain = {key: row[key] for key in ("kind", "outlets", "style")}
        competitor, is_new = Competitor.objects.get_or_create(name=row["name"], defaults=plain)
        if not is_new:
            continue
        made += 1
        for product in row["products"]:
            CompetitorProduct.objects.create(competitor=competitor, **_product(product, as_of))
        for note in row.get("notes", ()):
            noted_on = as_of - timedelta(days=note["noted_days_ago"])
            CompetitorNote.objects.create(
                competitor=competitor, topic=note["topic"], text=note["text"], noted_on=noted_on
            )
    return made


def _product(row: dict[str, Any], as_of: date) -> dict[str, Any]:
    place = f"demo_competitors.toml {row['name']}"
    known(place, row, _FIELDS | {"seen_days_ago", "valid_days"})
    given = {key: row[key] for key in row if key in _FIELDS}
    given["admission"] = [_admission(place, part) for part in row.get("admission", ())]
    seen_on = as_of - timedelta(days=row["seen_days_ago"])
    valid_until = seen_on + timedelta(days=row.get("valid_days", VALID_DAYS))
    return given | {"source_on": seen_on, "valid_until": valid_until}


def _admission(place: str, part: dict[str, Any]) -> dict[str, Any]:
    try:
        condition = checked_condition(part["condition"]).to_data()
    except BadCondition as error:
        raise BadSeed(f"{place}: {error}") from error
    return {"text": part["text"], "condition": condition}
