"""A worksheet of SQL expressions: what is said twice is computed once, values travel as parameters.

Three kinds of names: facts are columns of the portrait row ``p``; ``base`` values are made of
facts; ``share`` values are made of base values. The statement lays them out in that order.
"""

from __future__ import annotations

from typing import Any

from crm.core.conditions import Condition
from products.matching.vocabulary import KINDS


def number(value: float) -> str:
    """A number as double precision; a bare 0.5 would be numeric, which costs several times more."""
    return f"'{float(value)!r}'::float8"


class Sheet:
    """The expressions of one statement."""

    def __init__(self) -> None:
        self.facts: dict[str, None] = {}
        self.base_values: dict[str, str] = {}
        self.share_values: dict[str, str] = {}
        self.params: dict[str, Any] = {}
        self._bound: dict[str, str] = {}
        self.focus: dict[str, str] = {}  # what the strategies of units say, as SQL (see Engine)

    def fact(self, key: str) -> str:
        """A column of the portrait; noted as an input of the match."""
        self.facts.setdefault(key)
        return f"p.{key}"

    def base(self, sql: str) -> str:
        """The name of a value made of facts."""
        return self.base_values.setdefault(sql, f"a{len(self.base_values)}")

    def share(self, sql: str) -> str:
        """The name of a value made of base values."""
        return self.share_values.setdefault(sql, f"b{len(self.share_values)}")

    def bind(self, value: Any) -> str:
        """A placeholder for a value; the same value has the same one."""
        key = repr(value)
        if key not in self._bound:
            name = f"v{len(self._bound)}"
            self._bound[key], self.params[name] = name, value
        return f"%({self._bound[key]})s"

    def codes(self, values: tuple[str, ...]) -> str:
        """A list of codes, to be compared with a column of codes."""
        return f"{self.bind(list(values))}::varchar[]"

    def heads(self, values: tuple[str, ...]) -> str:
        """Patterns of codes that begin with one of these."""
        return f"{self.bind([f'{value}%' for value in values])}::text[]"

    def condition(self, tree: Condition) -> str:
        """The condition over ``p``; NULL where it cannot be told."""
        for key in sorted(tree.features()):
            self.fact(key)
        sql, values = tree.to_sql(KINDS)
        *heads, tail = sql.split("%s")
        return "".join(h + self.bind(v) for h, v in zip(heads, values, strict=True)) + tail
