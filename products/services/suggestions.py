"""Suggestions are computed, stored and answered.

* ``run_full`` (or ``suggest_range`` for each range of a job) covers every customer,
  ``suggest_customers`` those whose match was renewed. A customer's suggestions change in one
  transaction; an open one that still holds keeps its row, its state and its day of expiry.
* ``answer_suggestion`` takes what the manager decided; ``mark_seen`` that it was shown.
The owner is the manager of the day; a hand-over is followed at the next run, and pages show the
customer's manager of now. Jobs run unscoped on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from customers.services.rollups import customer_ranges
from products.models import Suggestion
from products.selectors.expected_value import income_parameters, terms_in_force
from products.selectors.precision import OUTCOME_DAYS
from products.selectors.suggestions import sales_stop
from products.services import suggestion_sql as sql
from products.services.suggestion_chances import explain_chosen, fill_chances

RANGE_SIZE = 10_000
BATCH = 1_000
LOCKS = 7_401  # advisory: a range of the full run shares its customers, a refresh owns them
_NUMBERS = ("min_chance", "min_amount", "unknown_factor", "contact_factor", "keep_factor")
_COUNTS = (
    "per_customer", "valid_days", "least_days", "contact_days", "ignored_days",
)  # fmt: skip
_PUSHED = ("matures_90", "season_60", "tight_line", "inflow_up", "asked_60", "price_cut")


@dataclass
class Outcome:
    """How many suggestions were made, moved, and ended."""

    made: int = 0
    changed: int = 0
    ended: int = 0
    overdue: int = 0

    def take(self, part: Outcome) -> None:
        """Count in what another range or batch did."""
        self.made += part.made
        self.changed += part.changed
        self.ended += part.ended
        self.overdue += part.overdue


def run_full(*, as_of: date, range_size: int = RANGE_SIZE) -> Outcome:
    """Every customer's suggestions are those of the day, and outcomes are filled in."""
    outcome = Outcome()
    for low, high, _count in customer_ranges(range_size):
        outcome.take(suggest_range(low=low, high=high, as_of=as_of))
    return outcome


@transaction.atomic
def suggest_range(*, low: int, high: int, as_of: date) -> Outcome:
    """The suggestions of a contiguous range of customers are those of the day."""
    return _suggest(sql.RANGE, {"low": low, "high": high}, as_of=as_of, is_range=True)


def suggest_customers(*, customer_ids: Sequence[int], as_of: date) -> Outcome:
    """The suggestions of these customers are those of the day; each batch commits by itself."""
    outcome, ids = Outcome(), sorted(set(customer_ids))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = {"ids": ids[start : start + BATCH]}
            outcome.take(_suggest(sql.CHOSEN, batch, as_of=as_of))
    return outcome


def _suggest(who: str, scope: dict[str, Any], *, as_of: date, is_range: bool = False) -> Outcome:
    named = scope | _named(as_of)
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(statement.replace("{who}", who), named)
            return int(cursor.rowcount)

        cursor.execute(sql.SETTINGS, {"nestloop": "off" if is_range else "on"})
        run(sql.LOCKS.replace("{shared}", "_shared" if is_range else ""))
        run(sql.CHANCE_TABLE)
        chances = fill_chances(cursor, who=who, named=named)
        named |= {"model": chances.version, "chance_from": chances.told}
        outcome = Outcome(overdue=run(sql.OVERDUE))
        run(sql.FIT_TABLE)
        cursor.execute("ANALYZE suggest_fit (who, family)")
        run(sql.CHOSEN_TABLE)
        explain_chosen(cursor, chances)
        run(sql.READY_TABLE)
        cursor.execute("ANALYZE suggest_ready (customer_id, family)")
        outcome.changed = run(sql.UPDATE)
        outcome.ended = run(sql.ENDED)
        outcome.made = run(sql.INSERT)
        run(sql.OUTCOMES)
        run(sql.OUTCOMES_GONE)
    return outcome


def _named(as_of: date) -> dict[str, Any]:
    """What the statements are told: the day, the parameters of the rules, the terms in force."""
    known = parameters(as_of)
    terms = [asdict(one) for one in terms_in_force(known=known)]
    return {
        "as_of": as_of,
        "now": timezone.now(),
        "parameters": known.version,
        "space": LOCKS,
        "outcome_days": OUTCOME_DAYS,
        "terms": json.dumps(terms, default=_written),
        **_contact_days(known),
        **{f"suggest.{key}": known.decimal(f"suggest.{key}") for key in _NUMBERS},
        **{f"suggest.{key}": known.number(f"suggest.{key}") for key in _COUNTS},
        **{f"demand.add.{key}": known.decimal(f"demand.add.{key}") for key in _PUSHED},
        **income_parameters(known),
    }


def _contact_days(known: Parameters) -> dict[str, datetime]:
    """The moments between which a contact counts as recent."""
    first = known.as_of - timedelta(days=known.number("suggest.contact_days") - 1)
    return {
        "contacted_from": timezone.make_aware(datetime.combine(first, time.min)),
        "contacted_to": timezone.make_aware(
            datetime.combine(known.as_of + timedelta(days=1), time.min)
        ),
    }


def _written(value: Decimal) -> str:
    return str(value)


def full_parts() -> list[dict[str, int]]:
    """The ranges of a full run, to be done in any order."""
    return [
        {"low": low, "high": high, "count": count}
        for low, high, count in customer_ranges(RANGE_SIZE)
    ]


@transaction.atomic
def answer_suggestion(
    *, suggestion_id: int, by: User, answer: str, reason: str = "", note: str = "", token: str = ""
) -> Suggestion:
    """``answer`` (accepted or declined, with a reason) is on record; said twice it counts once.

    ``token`` is ``Suggestion.token`` as it was shown. DomainError: changed meanwhile, expired,
    answered otherwise, or sales to the customer are stopped. Out of reach it does not exist.
    """
    found = Suggestion.objects.visible_to(by).select_for_update(of=("self",))
    suggestion: Suggestion = found.select_related("customer").get(pk=suggestion_id)
    if suggestion.state == answer and suggestion.decline_reason == reason:
        return suggestion
    _must_be_open(suggestion, token)
    if (answer == Suggestion.State.DECLINED) != (reason in Suggestion.Decline.values):
        raise DomainError(_("Say why it does not suit."), status=422)
    today = timezone.localdate()
    suggestion.state, suggestion.decline_reason, suggestion.note = answer, reason, note[:200]
    suggestion.answered_at, suggestion.answered_by = timezone.now(), by
    suggestion.seen_at = suggestion.seen_at or suggestion.answered_at
    if reason:
        rest = parameters(today).number(f"suggest.cool.{reason}")
        suggestion.cool_until = today + timedelta(days=rest)
    suggestion.save()
    record(by, f"products.suggestion_{answer}", suggestion, family=suggestion.family, why=reason)
    if answer == Suggestion.State.ACCEPTED:
        publish("suggestion.accepted", suggestion.pk)
    return suggestion


def rest_after_loss(*, suggestion_id: int, lost_on: date | None) -> None:
    """What was taken up came to nothing that day: after its rest the family may be suggested again.

    With None it is worked on again, and nothing of the family is suggested beside it.
    """
    until = None
    if lost_on is not None:
        until = lost_on + timedelta(days=parameters(lost_on).number("suggest.cool.lost"))
    taken_up = Suggestion.objects.filter(pk=suggestion_id, state=Suggestion.State.ACCEPTED)
    taken_up.update(cool_until=until)


def _must_be_open(suggestion: Suggestion, token: str) -> None:
    if suggestion.state == Suggestion.State.EXPIRED:
        raise DomainError(_("This suggestion has expired."))
    if not suggestion.is_open:
        raise DomainError(_("This suggestion was answered already."))
    if token and token != suggestion.token:
        raise DomainError(_("This suggestion has changed since you opened it. Look at it again."))
    if stop := sales_stop(suggestion):
        raise DomainError(stop.said)


def mark_seen(*, suggestions: Sequence[Suggestion], by: User) -> int:
    """New ones shown to who may answer them are seen; a second call changes nothing."""
    keys = [one.pk for one in suggestions if one.state == Suggestion.State.NEW]
    if not keys or not by.can(Can.ANSWER_SUGGESTIONS):
        return 0
    new = Suggestion.objects.visible_to(by).filter(pk__in=keys, state=Suggestion.State.NEW)
    return new.update(state=Suggestion.State.SEEN, seen_at=timezone.now())
