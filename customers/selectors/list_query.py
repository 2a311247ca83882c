"""What a customer list shows, as it stands in its address: words, filters, order, place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.http import QueryDict

from customers.selectors.keyset import Place, read_place
from customers.selectors.search import tidy_query

MOST_CLAUSES = 8
MOST_VALUES = 12
DEFAULT_SORT = "name"


@dataclass(frozen=True)
class FeatureClause:
    """``key:op:value``: a condition on one portrait feature."""

    key: str
    op: str
    value: str = ""

    def written(self) -> str:
        """The clause as it stands in the address."""
        return f"{self.key}:{self.op}:{self.value}"


@dataclass(frozen=True)
class ListQuery:
    """One list: everything but the user who looks at it."""

    text: str = ""
    sort: str = DEFAULT_SORT
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clauses: tuple[FeatureClause, ...] = ()
    place: Place | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.text or self.chosen or self.clauses)

    def without(self, key: str, value: str) -> ListQuery:
        """The same list with one value of one filter taken away."""
        left = tuple(other for other in self.chosen.get(key, ()) if other != value)
        chosen = {name: values for name, values in self.chosen.items() if name != key}
        if left:
            chosen[key] = left
        return replace(self, chosen=chosen, place=None)

    def without_clause(self, clause: FeatureClause) -> ListQuery:
        """The same list without this condition."""
        left = tuple(other for other in self.clauses if other != clause)
        return replace(self, clauses=left, place=None)

    def at(self, place: Place | None) -> ListQuery:
        """The same list at another page."""
        return replace(self, place=place)

    def address(self) -> str:
        """The query string that leads here, the same for the same list."""
        query = QueryDict(mutable=True)
        if self.text:
            query["q"] = self.text
        for key in sorted(self.chosen):
            query.setlist(key, list(self.chosen[key]))
        if self.clauses:
            query.setlist("f", [clause.written() for clause in self.clauses])
        if self.sort != DEFAULT_SORT:
            query["sort"] = self.sort
        if self.place is not None:
            query["at"] = self.place.written()
        return "?" + query.urlencode()


def read_list_query(data: QueryDict, *, filters: list[str]) -> ListQuery:
    """The list that an address asks for; what cannot be read is left out."""
    chosen = {}
    for key in filters:
        values = tuple(dict.fromkeys(v for v in data.getlist(key) if 0 < len(v) <= 40))
        if values:
            chosen[key] = values[:MOST_VALUES]
    return ListQuery(
        text=tidy_query(data.get("q", "")),
        sort=data.get("sort", DEFAULT_SORT)[:60] or DEFAULT_SORT,
        chosen=chosen,
        clauses=read_clauses(data),
        place=read_place(str(data.get("at", ""))),
    )


def read_clauses(data: QueryDict) -> tuple[FeatureClause, ...]:
    """The conditions on features, the one that is just being added last."""
    found = [FeatureClause(*parts) for text in data.getlist("f") if (parts := _parts(text))]
    if data.get("fkey") and data.get("fop"):
        key, op, value = (str(data.get(name, "")) for name in ("fkey", "fop", "fvalue"))
        found.append(FeatureClause(key, op, value.strip()))
    return tuple(dict.fromkeys(found))[:MOST_CLAUSES]


def _parts(text: str) -> tuple[str, str, str] | None:
    parts = text.split(":", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and len(text) <= 200 else None
