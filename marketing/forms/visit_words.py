"""What a device sends, read into a VisitEntry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.words import Text
from customers.services.ledger_rows import KINDS, RowSaid
from marketing.selectors.visits_facts import read_fact
from marketing.services.visits_entry import (
    CompetitorSeen,
    FactSaid,
    Fix,
    NeedHeard,
    VisitEntry,
)

TEXTS = (
    "purpose", "whom_met", "summary", "next_step", "closed_reason", "need", "promise",
    "companions", "far_reason",
)  # fmt: skip


def entry_from(data: Mapping[str, Any]) -> VisitEntry:
    """The entry of data whose shape was checked; DomainError (422) for facts nobody can read."""
    return VisitEntry(
        key=data["key"],
        customer_id=data["customer"],
        started_at=data["started_at"],
        ended_at=data["ended_at"],
        next_on=data.get("next_on"),
        promise_on=data.get("promise_on"),
        mood=data.get("mood"),
        objections=tuple(data.get("objections") or ()),
        facts=_facts(data.get("facts") or ()),
        rows=tuple(_row(row) for row in data.get("rows") or ()),
        heard=_heard(data.get("heard")),
        competitor=_seen(data.get("competitor")),
        coordination_checks=dict(data.get("coordination_checks") or {}),
        fix=Fix(**data["fix"]) if data.get("fix") else None,
        was_offline=bool(data.get("was_offline")),
        **{name: str(data.get(name) or "").strip() for name in TEXTS},
    )


def _facts(rows: Any) -> tuple[FactSaid, ...]:
    found, wrong = [], {}
    for row in rows:
        key = row["key"]
        try:
            value = read_fact(key, row["value"])
        except ValueError as error:
            wrong[f"facts.{key}"] = _text(error)
            continue
        found.append(FactSaid(key, value, row.get("said_by", ""), row.get("proof", "")))
    if wrong:
        raise DomainError(_("Some facts cannot be read."), status=422, fields=wrong)
    return tuple(found)


def _row(row: Mapping[str, Any]) -> RowSaid:
    """What was said of one supplier, purchase or settlement; blanks say nothing."""
    spec = KINDS[row["kind"]]
    values = {name: row[name] for name in spec.fields if row.get(name) not in (None, "")}
    return RowSaid(row["kind"], values, row.get("said_by", ""), row.get("proof", ""))


def _text(error: ValueError) -> Text:
    return str(error)


def _heard(data: Mapping[str, Any] | None) -> NeedHeard | None:
    return NeedHeard(data["family"], data.get("amount"), data.get("months")) if data else None


def _seen(data: Mapping[str, Any] | None) -> CompetitorSeen | None:
    if not data:
        return None
    facts = {name: value for name, value in data.items() if name != "competitor"}
    return CompetitorSeen(data["competitor"], facts)
