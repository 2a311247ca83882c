"""What the search box finds: every app gives its hits through one registered function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.core.catalogue import Catalogue
from crm.core.roles import Can
from crm.core.words import Text

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True)
class Hit:
    """One result: a name that leads somewhere, and a small note."""

    label: Text
    url: str
    note: Text = ""


@dataclass(frozen=True)
class SearchSource:
    """A group of results; ``find(user, words, limit)`` starts at ``visible_to(user)``."""

    key: str
    label: Text
    can: Can
    find: Callable[[User, str, int], Iterable[Hit]]
    order: int = 50


SEARCH_SOURCES: Catalogue[SearchSource] = Catalogue("search sources")


def search_source(
    key: str,
    *,
    label: Text,
    can: Can,
    find: Callable[[User, str, int], Iterable[Hit]],
    order: int = 50,
) -> None:
    """The search box also asks ``find`` for users who ``can``."""
    SEARCH_SOURCES.add(SearchSource(key, label, can, find, order))


def search_everything(user: User, words: str, limit: int = 8) -> list[tuple[Text, list[Hit]]]:
    """The groups with at least one hit, in their order."""
    groups = []
    for source in sorted(SEARCH_SOURCES, key=lambda source: source.order):
        if user.can(source.can):
            hits = list(source.find(user, words, limit))
            if hits:
                groups.append((source.label, hits))
    return groups
