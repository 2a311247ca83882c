"""A book compiled to one statement: every offer judged and scored for many customers at once.

The statement is a chain of sub-queries over the portrait row ``p``: base values (one for each
distinct rule and fact), shares made of them, a score and a kind for each offer, and the arrays that
are stored. ``OFFSET 0`` keeps PostgreSQL from folding the layers, which would compute shared values
again and again. The row comes from the portrait table, or from the stored inputs of one match.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from customers.features.tags import RISK_TAGS
from products.matching.book import Book, Offer, Rule
from products.matching.needs import need_share
from products.matching.outcomes import FAILED, missing_facts, offer_code, rule_code
from products.matching.ranking import best_of_families, rank_key, top_versions
from products.matching.segments import is_in_chain, segment_share
from products.matching.sheet import Sheet, number
from products.matching.terms_fit import (
    channel_share,
    guarantee_share,
    price_share,
    repayment_share,
    speed_share,
    strategy_share,
)
from products.matching.vocabulary import can_change

AMBER_TAGS = RISK_TAGS  # what counts as an amber warning until warnings are raised by themselves
RANGE = "t.customer_id BETWEEN %(low)s AND %(high)s"
CHOSEN = "t.customer_id = ANY(%(ids)s::bigint[])"
PLACES = 100.0  # scores are kept to the hundredth
MAX_SCORED = 2 * FAILED  # an offer that two rules bar is not scored
SHARES: dict[str, Callable[..., str]] = {
    "need": need_share,
    "segment": segment_share,
    "repayment": repayment_share,
    "guarantee": guarantee_share,
    "price": price_share,
    "speed": speed_share,
    "channel": channel_share,
    "strategy": strategy_share,
}
COLUMNS = (
    "customer_id",
    "version_no",
    "inputs",
    "outcomes",
    "scores",
    "failed",
    "unknown",
    "top",
    "kinds",
    "obstacles",
)


@dataclass
class Engine:
    """The statement of one book. ``select`` gives ``COLUMNS``, one row a customer.

    ``outcomes`` has a letter an offer; ``kinds`` y fits, a one rule away, u one fact missing, else
    NULL; ``obstacles`` names that rule or fact. ``explain`` gives shares of one stored match. It
    is laid out at once, because laying it out binds values.
    """

    book: Book
    sheet: Sheet = field(default_factory=Sheet)

    def __post_init__(self) -> None:
        self.sheet.focus = self._focus()
        self._where = self._own_places() if self._places else ""
        self._penalty = self._penalties()
        self._offers = [self._offer(offer) for offer in self.book.offers]
        self._chain = is_in_chain(self.sheet)
        self._due_shares = self._due_table()
        versions = self.sheet.bind([offer.version_id for offer in self.book.offers])
        self._scored = ", ".join(["customer_id", "version_no", "inputs", *self._scores()])
        made, keys = best_of_families(self.book.offers)
        self._firsts = "".join(f", {sql} AS {name}" for name, sql in made.items())
        self._top = top_versions(keys, versions)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The facts that rules and score of this book read."""
        return tuple(sorted(self.sheet.facts))

    @property
    def params(self) -> dict[str, Any]:
        """The values that the statement needs beside its customers."""
        return self.sheet.params

    def select(self, where: str = RANGE) -> str:
        """The statement for a range of customers (``low``, ``high``) or for chosen ``ids``."""
        mine = ", ".join(f"t.{name}" for name in self.inputs)
        if self.book.focuses:
            customer = "customers_customer c WHERE c.id = t.customer_id"
            mine += f", (SELECT c.branch_id FROM {customer}) AS unit"
        if self._where:
            mine += f", {self._where} AS territories"
        return self._over(
            f"customers_portrait AS t CROSS JOIN LATERAL (SELECT {mine} OFFSET 0) AS p", where
        )

    @property
    def select_stored(self) -> str:
        """The same for one row rebuilt from stored ``inputs``."""
        return self._over(self._stored)

    @property
    def explain(self) -> str:
        """For stored ``inputs``: an array of shares an offer, in the order of its parts, the
        penalty last.
        """
        shares = ", ".join(
            f"ARRAY[{', '.join([*row.shares.values(), row.penalty])}]::float8[] AS x{no}"
            for no, row in enumerate(self._offers)
        )
        return f"SELECT {shares or 'NULL'} FROM ({self._shares(self._stored)} OFFSET 0) AS shares"

    @property
    def _stored(self) -> str:
        more = ["(%(inputs)s::jsonb ->> 'unit')::bigint AS unit"] if self.book.focuses else []
        if self._where:
            told = "jsonb_path_query(%(inputs)s::jsonb, '$.territories[*]')"
            more.append(f"ARRAY(SELECT {told} #>> '{{}}') AS territories")
        return (
            "(SELECT 0::bigint AS customer_id, 0 AS version_no) AS t CROSS JOIN LATERAL "
            f"(SELECT {', '.join([*self.inputs, *more])} FROM jsonb_populate_record("
            "null::customers_portrait, %(inputs)s::jsonb) OFFSET 0) AS p"
        )

    def _offer(self, offer: Offer) -> _Row:
        """The expressions of one offer."""
        tuning = self.book.tuning
        points = self.book.weights.of(offer)
        shares = {part: SHARES[part](self.sheet, offer, tuning) for part in points}
        summed = " + ".join(f"{shares[part]} * {number(points[part])}" for part in points)
        penalty = self._penalty if offer.is_credit and self._penalty else number(0)
        whole = f"greatest(least({summed} - {penalty}, 100), 0)"
        return _Row(
            offer=offer,
            code=offer_code(self.sheet, offer),
            shares=shares,
            penalty=penalty,
            score=f"round({whole} * {number(PLACES)}) / {number(PLACES)}",
            rules=[(rule, rule_code(self.sheet, rule)) for rule in offer.rules],
            missing=missing_facts(self.sheet, offer),
            bind=self.sheet.bind,
        )

    def _penalties(self) -> str:
        """What is taken off a credit: the industry is restricted, an amber warning stands."""
        parts = []
        weights = self.book.weights
        if self.book.limited_industries:
            code = self.sheet.fact("industry_code")
            limited = f"{code} = ANY({self.sheet.codes(self.book.limited_industries)})"
            parts.append(f"CASE WHEN {limited} THEN {number(weights.limited_industry)} ELSE 0 END")
        amber = f"{self.sheet.fact('tags')} && {self.sheet.codes(tuple(sorted(AMBER_TAGS)))}"
        parts.append(f"CASE WHEN {amber} THEN {number(weights.amber_warning)} ELSE 0 END")
        return self.sheet.base(" + ".join(parts))

    def _held(self, family: str) -> str:
        """Whether the customer has something of this family."""
        return self.sheet.base(f"{self.sheet.fact('families')} && {self.sheet.codes((family,))}")

    def _scores(self) -> Iterator[str]:
        """Code, score, rank key, kind and obstacle of each offer."""
        for no, row in enumerate(self._offers):
            key = rank_key(
                row.offer,
                no,
                code=row.code,
                score=row.score,
                in_chain=self._chain,
                held=self._held(row.offer.family),
            )
            yield f"{row.code} AS n{no}"
            yield f"CASE WHEN {row.code} < {MAX_SCORED} THEN {row.score} END AS s{no}"
            yield f"{key} AS q{no}"
            yield f"{row.kind} AS k{no}"
            yield f"{row.obstacle} AS o{no}"

    def _shares(self, source: str, where: str = "true") -> str:
        """The row with base values and shares."""
        base = "".join(f", {sql} AS {name}" for sql, name in self.sheet.base_values.items())
        joined = ""
        if "trade_key" in self.sheet.facts:
            joined = f" LEFT JOIN ({self._due_shares}) AS s ON s.trade_key = p.trade_key"
        first = (
            f"SELECT t.customer_id, t.version_no, to_jsonb(p) AS inputs{base} "
            f"FROM {source}{joined} WHERE {where}"
        )
        kept = "".join(f", {name}" for name in self.sheet.base_values.values())
        share = "".join(f", {sql} AS {name}" for sql, name in self.sheet.share_values.items())
        return (
            f"SELECT customer_id, version_no, inputs{kept}{share} FROM ({first} OFFSET 0) AS base"
        )

    def _due_table(self) -> str:
        """Trades with their shares of due amounts by due key."""
        table = self.sheet.bind(json.dumps(self.book.due_shares, sort_keys=True))
        return f"SELECT key AS trade_key, value AS due FROM jsonb_each({table}::jsonb)"

    def _focus(self) -> dict[str, str]:
        """SQL of what the strategy of the customer's unit is after, and of its weights: the first
        for being one of those customers, then by family the place of its weight.
        """
        if not self.book.focuses:
            return {}
        families = sorted({offer.family for offer in self.book.offers})
        weights, whom = {}, {}
        for focus in self.book.focuses:
            answers = [focus.names_customers, bool(focus.families)]
            each = 1 / sum(answers) if any(answers) else None
            told = [each and each * answers[0]]
            told += [each and each * (family in focus.families) for family in families]
            text = "{" + ",".join("NULL" if one is None else repr(float(one)) for one in told) + "}"
            for unit in focus.units:
                weights[unit] = text
                whom[unit] = {"groups": focus.groups, "industries": focus.industries}
                if focus.territories:
                    whom[unit]["territories"] = tuple(map(str, focus.territories))
        told_whom = self.sheet.bind(json.dumps(whom, sort_keys=True))
        told_weights = self.sheet.bind(json.dumps(weights, sort_keys=True))
        places = f"({told_whom}::jsonb -> p.unit::text -> 'territories')"
        return {
            "is_there": f"coalesce({places} ?| p.territories, false)" if self._places else "false",
            "groups": f"({told_whom}::jsonb -> p.unit::text -> 'groups')",
            "industries": f"({told_whom}::jsonb -> p.unit::text -> 'industries')",
            "weights": f"({told_weights}::jsonb ->> p.unit::text)::float8[]",
        } | {family: str(place) for place, family in enumerate(families, start=2)}

    @property
    def _places(self) -> list[int]:
        """Every territory that a strategy names."""
        return sorted({key for focus in self.book.focuses for key in focus.territories})

    def _own_places(self) -> str:
        """Which of them the customer works in."""
        return (
            "ARRAY(SELECT m.territory_id::text FROM customers_territorymember m "
            f"WHERE m.customer_id = t.customer_id AND m.territory_id = "
            f"ANY({self.sheet.bind(self._places)}::bigint[]) ORDER BY m.territory_id)"
        )

    def _over(self, source: str, where: str = "true") -> str:
        """The whole statement over a source row."""
        numbered = range(len(self._offers))
        letters = ", ".join(
            f"CASE WHEN n{no} = 0 THEN 'y' WHEN n{no} < {FAILED} THEN '?' ELSE 'n' END"
            for no in numbered
        )
        return (
            f"SELECT customer_id, version_no, inputs, concat({letters or repr('')}) AS outcomes, "
            f"{_array((f's{no}' for no in numbered), 'float8')} AS scores, "
            f"{_array((f'n{no} / {FAILED}' for no in numbered), 'smallint')} AS failed, "
            f"{_array((f'n{no} & {FAILED - 1}' for no in numbered), 'smallint')} AS unknown, "
            f"{self._top} AS top, "
            f"{_array((f'k{no}' for no in numbered), 'text')} AS kinds, "
            f"{_array((f'o{no}' for no in numbered), 'text')} AS obstacles "
            f"FROM (SELECT *{self._firsts} FROM (SELECT {self._scored} "
            f"FROM ({self._shares(source, where)} OFFSET 0) AS shares OFFSET 0) AS scored "
            "OFFSET 0) AS ranked"
        )


@dataclass(frozen=True)
class _Row:
    """SQL of one offer over base values and shares."""

    offer: Offer
    code: str
    shares: dict[str, str]
    penalty: str
    score: str
    rules: list[tuple[Rule, str]]
    missing: dict[str, str]
    bind: Callable[[Any], str]

    @property
    def kind(self) -> str:
        """y fits, a fails by one rule alone that may yet pass, u waits for one fact alone."""
        almost = f"WHEN {self.code} = {FAILED}{self._can_change} THEN 'a' " if self.rules else ""
        unknown = ""
        if self.missing:
            count = " + ".join(f"coalesce(({sql})::int, 0)" for sql in self.missing.values())
            unknown = f"WHEN {self.code} < {FAILED} AND {count} = 1 THEN 'u' "
        return f"CASE WHEN {self.code} = 0 THEN 'y' {almost}{unknown}END"

    @property
    def _can_change(self) -> str:
        """AND no rule has failed for what the customer is."""
        return "".join(
            f" AND {sql} = 0" for rule, sql in self.rules if not can_change(rule.tree.features())
        )

    @property
    def obstacle(self) -> str:
        """The rule that fails, or the fact that is missing."""
        if not self.rules:
            return "NULL::text"
        failing = " ".join(
            f"WHEN {sql} = {FAILED} THEN {self.bind(rule.code)}" for rule, sql in self.rules
        )
        waiting = " ".join(f"WHEN {sql} THEN '{key}'" for key, sql in self.missing.items())
        return (
            f"CASE WHEN {self.code} = {FAILED} THEN CASE {failing} END "
            f"WHEN {self.code} BETWEEN 1 AND {FAILED - 1} THEN CASE {waiting} END END"
            if waiting
            else f"CASE WHEN {self.code} = {FAILED} THEN CASE {failing} END END"
        )


def _array(items: Iterable[str], kind: str) -> str:
    return f"ARRAY[{', '.join(items)}]::{kind}[]"
