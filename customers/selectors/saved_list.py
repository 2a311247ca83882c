"""The columns a user has chosen and the lists a user keeps."""

from __future__ import annotations

from dataclasses import dataclass

from crm.core.models import User
from customers.models import SavedList
from customers.selectors.list_columns import LIST_COLUMNS, ListColumn, list_column, usual_columns


@dataclass
class Shelf:
    """The chosen columns, and the named lists."""

    columns: list[ListColumn]
    named: list[SavedList]
    is_chosen: bool = False


def shelf_of(user: User) -> Shelf:
    """What this user keeps, in one query; the default columns when nothing was chosen."""
    kept = list(SavedList.objects.filter(user=user))
    keys = next((row.columns for row in kept if not row.name), [])
    return Shelf(chosen_columns(keys), [row for row in kept if row.name], bool(keys))


def chosen_columns(keys: list[str]) -> list[ListColumn]:
    """These columns as far as they are known, the name always first."""
    found = [column for key in keys if (column := list_column(key)) is not None]
    if not found:
        return usual_columns()
    return [LIST_COLUMNS["name"], *(column for column in found if column.key != "name")]
