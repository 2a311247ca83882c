"""Told facts and portrait columns of one customer by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customers.selectors.ledger_facts import Said


def number_of(value: Any) -> float | None:
    return None if value is None else float(value)


class Known:
    """Told facts and portrait columns by name, as numbers."""

    def __init__(self, said: Mapping[str, Said], portrait: Any | None) -> None:
        self.said, self.portrait = said, portrait

    def told(self, key: str) -> Any:
        """The value of a fact."""
        return self.said[key].value

    def number(self, key: str) -> float | None:
        """A fact that is a number."""
        return number_of(self.told(key))

    def column(self, key: str) -> Any:
        """A column of the portrait."""
        return None if self.portrait is None else getattr(self.portrait, key)
