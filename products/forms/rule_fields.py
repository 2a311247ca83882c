"""The form of a condition as the page draws it: labels, choices and inputs suited to the unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.spec import ColumnSpec, Unit
from products.forms.rules import Node, is_many, operators_of
from products.matching.vocabulary import KINDS, RULE_COLUMNS
from products.selectors.rule_choices import code_names, trade_choices
from products.selectors.rules import PRESENCE, choices_of

MODES: tuple[tuple[str, Text], ...] = (
    ("all", _("All of these")),
    ("any", _("At least one of these")),
    ("not_all", _("Not all of these together")),
    ("not_any", _("None of these")),
)
SIGNS: Mapping[str, Text] = {
    "<": _("is below"),
    "<=": _("is at most"),
    ">": _("is above"),
    ">=": _("is at least"),
    "=": _("is"),
    "!=": _("is not"),
    "between": _("lies between"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "starts": _("begins with"),
    "has_any": _("has one of"),
    "has_all": _("has all of"),
    "known": _("is known"),
    "missing": _("is not known"),
}
UNITS: Mapping[str, Text] = {
    Unit.YUAN: _("10,000 yuan"),
    Unit.RATIO: "%",
    Unit.CHANGE: "%",
    Unit.PERSONS: _("persons"),
    Unit.DAYS: _("days"),
    Unit.MONTHS: _("months"),
    Unit.YEARS: _("years"),
    Unit.AREA: "m²",
    Unit.ENERGY: "kWh",
    Unit.SCALE: _("of 5"),
    Unit.PERCENTILE: _("of 100"),
    Unit.MONTH_OF_YEAR: _("month"),
}
GROUPS: tuple[tuple[str, Text], ...] = (
    ("basic", _("Basic features")),
    ("behaviour", _("Behaviour")),
    ("need", _("Needs and preferences")),
    ("credit", _("Credit standing")),
    ("", _("Derived")),
)
SHOWN_NAMES = 8
YES_NO: tuple[tuple[str, Text], ...] = (("true", _("yes")), ("false", _("no")))


@dataclass(frozen=True)
class Choice:
    """One chip or option."""

    value: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """A node ready to be drawn; ``kind`` of the input: none, number, date, chips, option, codes."""

    path: str
    place: str  # for people: 1.2
    is_group: bool
    modes: tuple[Choice, ...] = ()
    parts: tuple[Part, ...] = ()
    feature: str = ""
    label: Text = ""
    features: tuple[tuple[Text, tuple[Choice, ...]], ...] = ()
    signs: tuple[Choice, ...] = ()
    kind: str = "none"
    unit: Text = ""
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    named: tuple[str, ...] = field(default=())

    @property
    def depth(self) -> int:
        """0 at the root."""
        return len(self.path.split(".")) if self.path else 0


def drawn(root: Node) -> Part:
    """The whole form."""
    names = code_names(_all_codes(root))
    return _drawn(root, (), names, _trades(root))


def _drawn(
    node: Node, steps: tuple[int, ...], names: Mapping[str, str], trades: Mapping[str, str]
) -> Part:
    path = ".".join(map(str, steps))
    place = ".".join(str(step + 1) for step in steps)
    if not node.is_group:
        return _clause(node, path, place, names, trades)
    parts = tuple(
        _drawn(part, (*steps, number), names, trades) for number, part in enumerate(node.parts)
    )
    return Part(path, place, True, modes=_chosen(MODES, {node.mode}), parts=parts)


def _clause(
    node: Node, path: str, place: str, names: Mapping[str, str], trades: Mapping[str, str]
) -> Part:
    column = RULE_COLUMNS.get(node.feature)
    if column is None:
        return Part(path, place, False, feature=node.feature, features=_features(node.feature))
    kind, choices = _input(column, node, trades)
    wanted = 2 if node.op == "between" else 1
    values = tuple([*node.values, "", ""][:wanted]) if kind in ("number", "date") else ()
    signs = [(op, SIGNS[op]) for op in operators_of(column)]
    return Part(
        path,
        place,
        False,
        feature=node.feature,
        label=column.label,
        features=_features(node.feature),
        signs=_chosen(signs, {node.op}),
        kind=kind,
        unit=UNITS.get(column.unit, ""),
        values=values if kind != "codes" else tuple(node.values),
        choices=choices,
        named=_named(node.values, names),
    )


def _named(codes: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """The first codes with their names, and how many more there are."""
    found = [f"{code} {names[code]}" for code in codes if code in names]
    if len(found) <= SHOWN_NAMES:
        return tuple(found)
    more = str(_("%(count)s more") % {"count": len(found) - SHOWN_NAMES})
    return (*found[:SHOWN_NAMES], more)


def _input(
    column: ColumnSpec, node: Node, trades: Mapping[str, str]
) -> tuple[str, tuple[Choice, ...]]:
    if node.op in PRESENCE:
        return "none", ()
    kind = KINDS[column.key].type
    if kind == "flag":
        return "option", _chosen(YES_NO, set(node.values))
    given = tuple(trades.items()) if column.key == "trade_key" else choices_of(column)
    if kind in ("text", "list") and given and node.op != "starts":
        return ("chips" if is_many(node.op) else "option"), _chosen(given, set(node.values))
    return ("codes" if kind in ("text", "list") else kind), ()


def _chosen(pairs: Iterable[tuple[str, Text]], values: set[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value in values) for value, label in pairs)


def _features(chosen: str) -> tuple[tuple[Text, tuple[Choice, ...]], ...]:
    by: dict[str, list[Choice]] = {key: [] for key, _label in GROUPS}
    for key, column in RULE_COLUMNS.items():
        dimension = str(getattr(column, "dimension", ""))
        by.setdefault(dimension, []).append(Choice(key, column.label, key == chosen))
    if chosen and chosen not in RULE_COLUMNS:
        by[""].append(Choice(chosen, chosen, True))
    return tuple((label, tuple(by[key])) for key, label in GROUPS if by[key])


def _clauses(node: Node) -> list[Node]:
    return [node] if not node.is_group else [it for part in node.parts for it in _clauses(part)]


def _all_codes(root: Node) -> set[str]:
    """Industry and region codes that stand in the form."""
    coded = ("industry_code", "region_code")
    return {value for node in _clauses(root) if node.feature in coded for value in node.values}


def _trades(root: Node) -> dict[str, str]:
    if not any(node.feature == "trade_key" for node in _clauses(root)):
        return {}
    return dict(trade_choices())
