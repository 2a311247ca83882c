"""What a device says about one visit, and whether it can be so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.features.declared import FACTS, Declared, FactType
from customers.services.declared import FactValue
from customers.services.ledger_rows import RowSaid, told_faults
from marketing.market.checks import clean_checks
from marketing.models import Purpose, Visit

CLOCK_AHEAD = timedelta(minutes=10)  # how far a device's clock may be ahead of ours
LONGEST = timedelta(hours=12)
OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class FactSaid:
    """One fact: a key of ``FACTS``, its value in base units, who said it, its proof (SEV-2)."""

    key: str
    value: FactValue
    said_by: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Fix:
    """A position as the device gave it: degrees (WGS 84), metres, seconds of age."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    age_s: int | None = None
    source: str = Visit.FixSource.DEVICE
    at: datetime | None = None


@dataclass(frozen=True)
class NeedHeard:
    """A need that becomes an opportunity: family, yuan, months."""

    family: str
    amount: Decimal | None = None
    months: int | None = None


@dataclass(frozen=True)
class CompetitorSeen:
    """What somebody else offers here; ``facts`` as ``products`` takes them."""

    competitor_id: int
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class VisitEntry:
    """One visit as it was written on the device; ``key`` is made there and sent once or often."""

    key: UUID
    customer_id: int
    purpose: str
    started_at: datetime
    ended_at: datetime
    whom_met: str
    summary: str
    next_step: str = ""
    next_on: date | None = None
    closed_reason: str = ""
    need: str = ""
    heard: NeedHeard | None = None
    mood: int | None = None
    objections: tuple[str, ...] = ()
    promise: str = ""
    promise_on: date | None = None
    companions: str = ""
    facts: tuple[FactSaid, ...] = ()
    rows: tuple[RowSaid, ...] = ()  # suppliers and buyers, purchases, settlements
    competitor: CompetitorSeen | None = None
    coordination_checks: Mapping[str, str] = field(default_factory=dict)
    fix: Fix | None = None
    far_reason: str = ""
    was_offline: bool = False

    def content_sha256(self) -> str:
        """The same digits for the same content; how it travelled does not count."""
        told = asdict(replace(self, was_offline=False))
        if not self.rows:
            del told["rows"]  # visits from before rows could be told have the same digits as ever
        text = json.dumps(told, default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def visit_day(entry: VisitEntry) -> date:
    """The day on which the visit was made, here."""
    return timezone.localdate(entry.started_at)


def check_entry(entry: VisitEntry, *, at: datetime, rules: Parameters) -> None:
    """Nothing; or a DomainError (422) that names every field that cannot be so."""
    wrong: dict[str, Text] = {
        **_required(entry),
        **_times(entry, at),
        **_next(entry, rules),
        **_promise(entry),
        **_choices(entry),
        **_place(entry.fix, at),
        **{f"facts.{fact.key}": told for fact in entry.facts if (told := wrong_fact(fact))},
        **told_faults(entry.rows),
    }
    if len({fact.key for fact in entry.facts}) < len(entry.facts):
        wrong["facts"] = _("A fact is said twice.")
    if wrong:
        raise DomainError(_("The visit is not complete yet."), status=422, fields=wrong)


def _required(entry: VisitEntry) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if not entry.whom_met.strip():
        wrong["whom_met"] = _("Whom did you meet?")
    if not entry.summary.strip():
        wrong["summary"] = _("What did you learn? One sentence is enough.")
    for name, most in (
        ("whom_met", 60), ("next_step", 200), ("closed_reason", 200), ("need", 200),
        ("promise", 200), ("companions", 120), ("far_reason", 200), ("summary", 4000),
    ):  # fmt: skip
        if len(getattr(entry, name)) > most:
            wrong[name] = _("At most %(most)s characters.") % {"most": most}
        elif "\x00" in getattr(entry, name):
            wrong[name] = _("This text cannot be stored.")
    return wrong


def _times(entry: VisitEntry, at: datetime) -> dict[str, Text]:
    if entry.ended_at < entry.started_at:
        return {"ended_at": _("The visit ends before it begins.")}
    if entry.ended_at > at + CLOCK_AHEAD:
        return {"ended_at": _("The visit ends in the future: check the clock of the device.")}
    if entry.ended_at - entry.started_at > LONGEST:
        return {"ended_at": _("No visit lasts longer than twelve hours.")}
    if entry.started_at < at - OLDEST:
        return {"started_at": _("The visit lies more than a year back.")}
    return {}


def _next(entry: VisitEntry, rules: Parameters) -> dict[str, Text]:
    """VIS-5: a next step with a day that is not far, or why there is none."""
    if entry.closed_reason.strip():
        if entry.next_on is None and not entry.next_step.strip():
            return {}
        return {"closed_reason": _("Either a next step or a reason for none.")}
    if not entry.next_step.strip():
        return {"next_step": _("What is the next step? Or say why there is none.")}
    if entry.next_on is None:
        return {"next_on": _("On which day?")}
    most = rules.number("visits.next_days_most")
    if not timedelta(0) <= entry.next_on - visit_day(entry) <= timedelta(days=most):
        return {
            "next_on": _("A day from the visit to %(most)s days after it.") % {"most": most},
        }
    return {}


def _promise(entry: VisitEntry) -> dict[str, Text]:
    if not entry.promise.strip():
        return {}
    if entry.promise_on is None:
        return {"promise_on": _("Until when did you promise it?")}
    if entry.promise_on < visit_day(entry):
        return {"promise_on": _("A promise is kept after the visit, not before.")}
    return {}


def _choices(entry: VisitEntry) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    known = _("This is not one of the choices.")
    if entry.purpose not in Purpose.values:
        wrong["purpose"] = known
    if entry.mood is not None and entry.mood not in Visit.Mood.values:
        wrong["mood"] = known
    if set(entry.objections) - set(Visit.Objection.values):
        wrong["objections"] = known
    if clean_checks(entry.coordination_checks) != entry.coordination_checks:
        wrong["coordination_checks"] = known
    return wrong


def _place(fix: Fix | None, at: datetime) -> dict[str, Text]:
    """VIS-2: far away is fine, but a position is on earth, and of the time of visits."""
    if fix is None:
        return {}
    is_exact = fix.accuracy_m is None or (isfinite(fix.accuracy_m) and fix.accuracy_m >= 0)
    if not (is_exact and abs(fix.latitude) <= 90 and abs(fix.longitude) <= 180):
        return {"fix": _("This is no place on earth.")}
    if fix.at is not None and not at - OLDEST <= fix.at <= at + CLOCK_AHEAD:
        return {"fix": _("The check-in is of another time: check the clock of the device.")}
    return {}


def wrong_fact(fact: FactSaid) -> str:
    """Why this fact cannot be so; empty when it can."""
    spec = FACTS.get(fact.key)
    if spec is None:
        return _("Nobody knows the fact %(key)s.") % {"key": fact.key}
    if len(fact.said_by) > 60 or len(fact.proof) > 200:
        return _("Who said it in 60 characters, what proves it in 200.")
    told = _out_of_bounds(spec, fact.value)
    return f"{spec.label}: {told}" if told else ""


def _out_of_bounds(spec: Declared, value: FactValue) -> str:
    if spec.type == FactType.DAY:
        return "" if isinstance(value, date) else _("not a day")
    if spec.type == FactType.NUMBER:
        number = Decimal(str(value)) if isinstance(value, Decimal | int | float) else None
        return _out_of_range(spec, number)
    words = value.split() if spec.type == FactType.CODES and isinstance(value, str) else [value]
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or "\x00" in value:
        return _("a text of at most 200 characters")
    codes = {code for code, _label in spec.choices}
    return _("not one of the choices") if codes and set(words) - codes else ""


def _out_of_range(spec: Declared, number: Decimal | None) -> str:
    if number is None or not number.is_finite():
        return _("not a number")
    if spec.low is not None and number < Decimal(str(spec.low)):
        return _("at least %(bound)s") % {"bound": f"{spec.low:g}"}
    if spec.high is not None and number > Decimal(str(spec.high)):
        return _("at most %(bound)s") % {"bound": f"{spec.high:g}"}
    return "" if abs(number) < 10**15 else _("too large")
