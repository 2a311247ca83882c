"""Why a portrait says what it says, in sentences a manager can say aloud (spec 0.2: reasons).

``reasons(portrait, "stage")`` are the tests tried with their answers, the deciding one first;
``why(portrait, "stage")`` is its sentence alone. A portrait version works like a portrait. The
sentences come from the specs, so a new rule explains itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.core.models import IndustryCode, RuleParameter, TradeProfile
from crm.core.words import Text
from customers.features.catalogue import COLUMNS, LADDERS, MARKS
from customers.features.demand import FOR_ALL_NEEDS, NEED, PUSHES
from customers.features.economics import TIES
from customers.features.spec import ColumnSpec
from customers.features.spec import Test as Question
from customers.selectors.portrait_words import percent, say, say_limit

Tell = Callable[[ColumnSpec, Any], str]
ANSWERS = {"y": "yes", "n": "no", "?": "unknown"}
PLACE = re.compile(r"%\(([\w.]+)\)s")
HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # 17 万元 的 -> 17 万元的


@dataclass(frozen=True)
class Told:
    """One reason. ``state`` yes, no or unknown; ``contribution`` what it adds, where it adds."""

    code: str
    text: str
    state: str = "yes"
    inputs: Mapping[str, Any] = field(default_factory=dict)
    contribution: float | None = None


class Teller:
    """Fills sentences with the values of one portrait and the limits in force on its day."""

    def __init__(
        self,
        portrait: Any,
        tell: Tell | None = None,
        names: dict[str, dict[str, str]] | None = None,
    ) -> None:
        self.portrait = portrait
        self._tell = tell
        self._limits: dict[str, tuple[str, str]] | None = None
        self._names = names

    def __getitem__(self, key: str) -> str:
        if "." in key:
            return say_limit(*self.limits[key])
        column, value = COLUMNS[key], getattr(self.portrait, key)
        if self._tell is not None and column.data_class == "C2":
            return self._tell(column, value)
        return say(column, value, self.names if not column.choices else None)

    @property
    def limits(self) -> dict[str, tuple[str, str]]:
        """Value and unit of every rule parameter on the portrait's day."""
        if self._limits is None:
            rows = (
                RuleParameter.objects.filter(
                    state=RuleParameter.State.ACTIVE, effective_from__lte=self.portrait.as_of
                )
                .order_by("key", "-effective_from", "-version")
                .distinct("key")
                .values_list("key", "value", "unit")
            )
            self._limits = {key: (value, unit) for key, value, unit in rows}
        return self._limits

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of industry and trade, which are no choices of their columns."""
        if self._names is None:
            code, trade = self.portrait.industry_code, self.portrait.trade_key
            industries = IndustryCode.objects.filter(code=code).values_list("code", "name_zh")
            trades = TradeProfile.objects.filter(key=trade).values_list("key", "name_zh")
            self._names = {"industry_code": dict(industries), "trade_key": dict(trades)}
        return self._names

    def number(self, key: str) -> float:
        """A rule parameter as a number."""
        return float(self.limits[key][0])

    def sentence(self, text: Text, code: str, **extra: Any) -> Told:
        """The sentence filled in, with the values it quotes."""
        quoted = [key for key in PLACE.findall(str(text)) if key in COLUMNS]
        inputs = {key: getattr(self.portrait, key) for key in (*quoted, *extra.pop("more", ()))}
        return Told(
            code, str(text) % _Filled(self, extra.pop("values", {})), inputs=inputs, **extra
        )


class _Filled(dict[str, Any]):
    """Values given for one sentence, then those of the portrait."""

    def __init__(self, teller: Teller, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.teller = teller

    def __missing__(self, key: str) -> str:
        return self.teller[key]


def reasons(portrait: Any, key: str, *, tell: Tell | None = None) -> list[Told]:
    """Why column ``key`` has its value; ``tell`` writes sensitive values (a masked reader's)."""
    return _expanded(Teller(portrait, tell), key)


def why(portrait: Any, key: str, *, tell: Tell | None = None) -> str:
    """The deciding sentence, or an empty text."""
    found = reasons(portrait, key, tell=tell)
    return found[0].text if found else ""


def all_reasons(
    portrait: Any, *, tell: Tell | None = None, teller: Teller | None = None
) -> dict[str, list[Told]]:
    """The reasons of every column that has any; a ``teller`` at hand saves its look-ups."""
    teller = teller or Teller(portrait, tell)
    keys = [column.key for column in COLUMNS if column.reasons or column.reasons_from]
    found = {key: _expanded(teller, key) for key in keys}
    return {key: told for key, told in found.items() if told}


def _expanded(teller: Teller, key: str) -> list[Told]:
    column = COLUMNS[key]
    if getattr(teller.portrait, key) in (None, []):
        return []
    if column.reasons_from:
        return list(EXPANDERS[column.reasons_from](teller, column))
    return [
        teller.sentence(reason.text, reason.code, more=reason.inputs) for reason in column.reasons
    ]


def _asked(teller: Teller, test: Question, state: str) -> Told:
    return teller.sentence(test.text, test.code, state=state, more=test.inputs)


def _ladder(teller: Teller, column: ColumnSpec) -> Iterator[Told]:
    """The deciding test first, then those tried before it, as they were asked."""
    tests = LADDERS[column.key].tests
    marks = getattr(teller.portrait, f"{column.key}_tests") or ""
    answers = [ANSWERS.get(mark, "unknown") for mark in marks]
    tried = list(zip(tests, answers, strict=False))
    place = answers.index("yes") if "yes" in answers else len(tried)
    if place < len(tried):
        yield _asked(teller, *tried[place])
    else:
        yield Told("otherwise", _("None of the tests could say yes."), state="unknown")
    for test, answer in tried[:place]:
        text = test.label or test.text
        yield teller.sentence(text, test.code, state=answer, more=test.inputs)


def _marks(teller: Teller, column: ColumnSpec) -> Iterator[Told]:
    """A sentence for every code that is there."""
    codes = set(getattr(teller.portrait, column.key))
    for test in MARKS[column.key].tests:
        if test.code in codes:
            yield _asked(teller, test, "yes")


def _size(teller: Teller, column: ColumnSpec) -> Iterator[Told]:
    """The figures that were held against the standard, or those that are missing."""
    portrait = teller.portrait
    if portrait.size_class == "unknown" and portrait.size_missing:
        yield teller.sentence(
            _("The size cannot be told: %(size_missing)s missing."), "missing", state="unknown"
        )
        return
    yield teller.sentence(
        _(
            "By the standard of the trade: %(employees)s, revenue %(annual_revenue)s, assets "
            "%(total_assets)s."
        ),
        "standard",
    )


def _demand(teller: Teller, column: ColumnSpec) -> Iterator[Told]:
    """Base chance, every adjustment with what it adds, and the red light."""
    portrait = teller.portrait
    need = NEED[portrait.top_need if column.key == "top_need" else column.key.removeprefix("p_")]
    base = teller.number(f"demand.{portrait.stage}.{need.key}")
    yield teller.sentence(
        _("%(stage)s: base chance of the need %(percent)s."),
        "base",
        contribution=base,
        values={"percent": percent(base)},
    )
    pushes = portrait.demand_reasons or []
    for test in PUSHES:
        if test.code in pushes and (need.is_credit or test.code in FOR_ALL_NEEDS):
            added = teller.number(f"demand.add.{test.code}")
            yield teller.sentence(test.text, test.code, contribution=added, more=test.inputs)
    if need.is_credit and portrait.is_credit_suppressed:
        yield teller.sentence(
            _("No credit is offered while a red flag stands: %(red_flags)s."), "suppressed"
        )


def _stickiness(teller: Teller, column: ColumnSpec) -> Iterator[Told]:
    """The five parts; what is not known is left out of the score."""
    for points, key, text in TIES:
        known = getattr(teller.portrait, key) is not None
        share = _tie_share(key, getattr(teller.portrait, key), teller) if known else None
        yield teller.sentence(
            text,
            key,
            state="yes" if known else "unknown",
            contribution=None if share is None else round(points * share, 2),
        )


def _tie_share(key: str, value: Any, teller: Teller) -> float:
    """How much of the points of one part of stickiness is reached."""
    if key == "inflow_coverage_12m":
        return 1.0 if value >= teller.number("econ.main_account") else 0.0
    full = {"families_held": 6, "wallet_share": 1, "active_months_12m": 12, "relationship_years": 5}
    return max(0.0, min(float(value) / full[key], 1.0))


EXPANDERS: dict[str, Callable[[Teller, ColumnSpec], Iterable[Told]]] = {
    "ladder": _ladder,
    "marks": _marks,
    "size": _size,
    "demand": _demand,
    "stickiness": _stickiness,
}
