"""Specs by key: what we define in code. A catalogue refuses duplicates and unknown keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str: ...


S = TypeVar("S", bound=Keyed)


class Catalogue(Generic[S]):
    """Specs in the order of their definition, found by key."""

    def __init__(self, name: str, specs: Iterable[S] = ()) -> None:
        self.name = name
        self._specs: dict[str, S] = {}
        self.add(*specs)

    def add(self, *specs: S) -> None:
        """The specs are known; a key that is already taken is refused."""
        for spec in specs:
            if spec.key in self._specs:
                raise ImproperlyConfigured(f"{self.name}: {spec.key!r} is defined twice.")
            self._specs[spec.key] = spec

    def __getitem__(self, key: str) -> S:
        try:
            return self._specs[key]
        except KeyError:
            raise ImproperlyConfigured(f"{self.name}: {key!r} is not known.") from None

    def get(self, key: str) -> S | None:
        """The spec, or None."""
        return self._specs.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._specs

    def __iter__(self) -> Iterator[S]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    def keys(self) -> list[str]:
        """All keys, in order."""
        return list(self._specs)
