"""Who of a manager's customers is due in a week, and why: facts in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from crm.core.models import Task, User
from crm.core.parameters import Parameters
from crm.core.workdays import is_working_day
from customers.features.tags import RISK_TAGS
from customers.models import Customer, Loan, TerritoryMember
from marketing.models import CoordinationItem, Opportunity, Purpose, QueueMark, Visit
from marketing.planning.reasons import REASON_KINDS, WEIGHS, cycle_key
from marketing.planning.route import Point
from marketing.planning.spread import Due
from marketing.queue.sources import (
    CONTACT_TAKEN_OVER,
    FOLLOW_UP,
    PROMISED,
    STEP_TAKEN_OVER,
)
from products.models import Suggestion
from products.selectors.focus import focus_of_unit

GONE = (Customer.RegistryStatus.REVOKED, Customer.RegistryStatus.CANCELLED)
MOST_CYCLES = 2
WEEK = timedelta(days=6)
Reasons = dict[int, list["Reason"]]


@dataclass(frozen=True)
class Reason:
    """One reason with what its sentence needs, its points, and the day it must be met by."""

    code: str
    inputs: Mapping[str, Any]
    points: float
    by: date | None = None

    def to_data(self) -> dict[str, Any]:
        """The reason as a plan stores it."""
        return {"code": self.code, "inputs": dict(self.inputs)}


@dataclass(frozen=True)
class Candidate:
    """A customer who is due, the strongest reason first."""

    customer_id: int
    reasons: tuple[Reason, ...]
    value: float
    at: Point | None

    @property
    def purpose(self) -> Purpose:
        """What one goes there for: that of the strongest reason."""
        return REASON_KINDS[self.reasons[0].code].purpose

    @property
    def due(self) -> Due:
        """What the week is balanced by: the strongest reason, a tenth of each further one, and in
        full what the branch strategy adds.
        """
        points = [reason.points for reason in self.reasons if reason.code != WEIGHS]
        more = sum(reason.points for reason in self.reasons if reason.code == WEIGHS)
        return Due(
            customer_id=self.customer_id,
            points=points[0] + sum(points[1:]) / 10 + more,
            by=min((reason.by for reason in self.reasons if reason.by), default=None),
            value=self.value,
            at=self.at,
        )


@dataclass
class _Week:
    """The week and the rules it is planned by."""

    manager: User
    week_on: date
    as_of: date
    known: Parameters
    found: Reasons = field(default_factory=lambda: defaultdict(list))

    @property
    def last(self) -> date:
        return self.week_on + WEEK

    def add(
        self,
        customer_id: int,
        code: str,
        *,
        share: float = 1.0,
        by: date | None = None,
        **inputs: Any,
    ) -> None:
        points = float(self.known.decimal(REASON_KINDS[code].points_key)) * share
        self.found[customer_id].append(Reason(code, inputs, round(points, 2), by))


def week_days(week_on: date) -> list[date]:
    """The working days of the week that begins on this Monday, worked weekends with them."""
    days = (week_on + timedelta(days=no) for no in range(7))
    return [day for day in days if is_working_day(day)]


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def due_customers(
    *, manager: User, week_on: date, as_of: date, known: Parameters
) -> list[Candidate]:
    """The customers of the manager who are due that week, the most pressing first.

    Nobody who must not be contacted, and no firm that no longer exists.
    """
    week = _Week(manager, week_on, as_of, known)
    people = _people(manager)
    last_visits = _last_visits(manager)
    loans = _loans(manager, as_of, known)
    for row in people.values():
        last = max_day(row["portrait__last_visit_on"], last_visits.get(row["pk"]))
        _cycle(week, row, last)
        _overdue(week, row)
        _lending(week, row, loans.get(row["pk"], ()), last)
    _visits(week)
    _coordination(week)
    _opportunities(week)
    values = _suggestions(week)
    _strategy(week, people)
    candidates = [
        Candidate(
            key,
            tuple(sorted(reasons, key=lambda one: (one.code == WEIGHS, -one.points, one.code))),
            values.get(key, 0.0),
            place_of(people[key]),
        )
        for key, reasons in week.found.items()
        if key in people
    ]
    return sorted(candidates, key=lambda one: (-one.due.points, one.customer_id))


def place_of(row: Mapping[str, Any]) -> Point | None:
    """Where the customer is, as far as it is known."""
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return Point(row["latitude"], row["longitude"])


def max_day(*days: date | None) -> date | None:
    """The latest of the days that are known."""
    return max((day for day in days if day is not None), default=None)


def _people(manager: User) -> dict[int, dict[str, Any]]:
    rows = (
        Customer.objects.filter(manager=manager, is_do_not_contact=False)
        .exclude(registry_status__in=GONE)
        .exclude(relation_state=Customer.RelationState.LOST)
        .order_by("pk")
        .values(
            "pk", "latitude", "longitude", "relation_state", "created_at", "portrait__tier",
            "portrait__last_visit_on", "portrait__days_past_due", "portrait__overdue_amount",
            "portrait__loan_balance", "portrait__tags", "portrait__loan_matures_next_on",
            "industry_id", "portrait__groups",
        )
    )  # fmt: skip
    return {row["pk"]: row for row in rows}


def _last_visits(manager: User) -> dict[int, date]:
    """By customer the day of the newest visit, whoever made it."""
    rows = Visit.objects.filter(customer__manager=manager).values("customer_id")
    return {
        row["customer_id"]: timezone.localdate(row["last"])
        for row in rows.annotate(last=Max("started_at")).order_by()
    }


def _loans(manager: User, as_of: date, known: Parameters) -> dict[int, list[Loan]]:
    """Loans drawn a short while ago, by customer."""
    since = as_of - timedelta(days=2 * known.number("plan.post_loan_days"))
    found: dict[int, list[Loan]] = defaultdict(list)
    rows = Loan.objects.filter(
        customer__manager=manager, drawn_on__gte=since, drawn_on__lte=as_of, closed_on=None
    ).only("customer_id", "drawn_on", "principal_amount")
    for loan in rows.order_by("drawn_on", "pk"):
        found[loan.customer_id].append(loan)
    return found


def _cycle(week: _Week, row: Mapping[str, Any], last: date | None) -> None:
    """Visited too long ago for the tier; each further cycle adds its points once more."""
    tier = row["portrait__tier"] or "unknown"
    is_risky = (row["portrait__loan_balance"] or 0) > 0 and bool(
        RISK_TAGS.intersection(row["portrait__tags"] or ())
    )
    every = week.known.number(cycle_key(tier))
    told = last.isoformat() if last else ""
    if is_risky and _is_over(last, week.known.number("plan.every_days.risk"), week.last):
        days = week.known.number("plan.every_days.risk")
        week.add(row["pk"], "risk", every=days, last=told)
    elif _is_over(last, every, week.last):
        since = (week.last - last).days if last else every
        share = min(since / every, MOST_CYCLES)
        week.add(row["pk"], "cycle", share=share, tier=tier, every=every, last=told)


def _is_over(last: date | None, every: int, day: date) -> bool:
    return last is None or (day - last).days >= every


def _overdue(week: _Week, row: Mapping[str, Any]) -> None:
    days = row["portrait__days_past_due"] or 0
    if days > 0:
        amount = float(row["portrait__overdue_amount"] or 0)
        week.add(row["pk"], "overdue", days=days, amount=amount)


def _lending(
    week: _Week, row: Mapping[str, Any], loans: list[Loan] | tuple[()], seen: date | None
) -> None:
    """The first check after a drawdown; a visit before a loan matures, the nearer the stronger."""
    first_days = week.known.number("plan.post_loan_days")
    for loan in loans[-1:]:
        if seen is None or seen < loan.drawn_on:
            week.add(
                row["pk"],
                "post_loan",
                by=loan.drawn_on + timedelta(days=first_days),
                amount=float(loan.principal_amount),
                on=loan.drawn_on.isoformat(),
                days=first_days,
            )
    matures = row["portrait__loan_matures_next_on"]
    steps = sorted(int(days) for days in week.known.numbers("plan.renewal_days"))
    if matures is None or not week.as_of <= matures <= week.as_of + timedelta(days=steps[-1]):
        return
    days = (matures - week.as_of).days
    place = next(no for no, step in enumerate(steps) if days <= step)
    window_from = matures - timedelta(days=steps[place])
    if seen is None or seen < window_from:  # once in each window
        share = (len(steps) - place) / len(steps)
        week.add(row["pk"], "renewal", share=share, on=matures.isoformat(), days=days)


def _visits(week: _Week) -> None:
    """Promises and next steps of the newest visit of each customer that fall due by Sunday.

    What the today queue was told to be done, or no longer looks back to, asks for no visit.
    """
    since = week.as_of - timedelta(days=week.known.number("queue.look_back_days"))
    newest = (
        Visit.objects.filter(customer__manager=week.manager, started_at__date__lte=week.as_of)
        .order_by("customer_id", "-started_at", "-pk")
        .distinct("customer_id")
        .values("pk")
    )
    due = Q(promise_on__lte=week.last) | Q(next_on__lte=week.last)
    rows = Visit.objects.filter(due, pk__in=newest, started_at__date__gte=since)
    told = rows.values("pk", "customer_id", "promise", "promise_on", "next_step", "next_on")
    kept, stepped = _told_done(week.manager, [str(row["pk"]) for row in told])
    for row in told:
        key = str(row["pk"])
        for code, what, on, is_done in (
            ("promise", row["promise"], row["promise_on"], key in kept),
            ("next_step", row["next_step"], row["next_on"], key in stepped),
        ):
            if what and on and on <= week.last and not is_done:
                week.add(row["customer_id"], code, by=on, what=what, on=on.isoformat())


def _told_done(manager: User, visits: list[str]) -> tuple[set[str], set[str]]:
    """Of these visits, those whose promise is kept and those whose next step is done."""
    kept = Task.objects.filter(kind=PROMISED, unique_key__in=visits).exclude(state=Task.State.OPEN)
    stepped = QueueMark.objects.filter(
        owner=manager, source=FOLLOW_UP.key, kind=QueueMark.Kind.DONE, ref__in=visits
    )
    taken_over = Task.objects.filter(
        kind__in=(STEP_TAKEN_OVER, CONTACT_TAKEN_OVER), unique_key__in=visits, state=Task.State.DONE
    )
    keys = kept.values_list("unique_key", flat=True)
    over = taken_over.values_list("unique_key", flat=True)
    return set(keys), {*stepped.values_list("ref", flat=True), *over}


def _coordination(week: _Week) -> None:
    """Items of the coordination list that nobody visited yet."""
    rows = CoordinationItem.objects.filter(
        customer__manager=week.manager, state=CoordinationItem.State.OPEN
    )
    for row in rows.order_by("due_on", "pk").values("customer_id", "list_no", "due_on"):
        told = {"list_no": row["list_no"], "on": row["due_on"].isoformat()}
        if all(one.code != "coordination" for one in week.found[row["customer_id"]]):
            week.add(row["customer_id"], "coordination", by=row["due_on"], **told)


def _opportunities(week: _Week) -> None:
    """Open opportunities whose next action is due by Sunday, the largest of each customer."""
    rows = Opportunity.objects.filter(
        customer__manager=week.manager, state=Opportunity.State.OPEN, next_on__lte=week.last
    ).order_by("-amount", "pk")
    for row in rows.values("customer_id", "family", "amount", "next_action", "next_on"):
        if any(one.code == "opportunity" for one in week.found[row["customer_id"]]):
            continue
        week.add(
            row["customer_id"],
            "opportunity",
            by=row["next_on"] if row["next_on"] >= week.week_on else None,
            family=row["family"],
            amount=float(row["amount"] or 0),
            what=row["next_action"],
            on=row["next_on"].isoformat(),
        )


def _suggestions(week: _Week) -> dict[int, float]:
    """By customer the value of the best open suggestion; a valuable one is a reason."""
    least = float(week.known.decimal("plan.suggestion_least"))
    rows = (
        Suggestion.objects.filter(
            customer__manager=week.manager,
            state__in=(Suggestion.State.NEW, Suggestion.State.SEEN),
            expires_on__gte=week.as_of,
        )
        .order_by("customer_id", "-expected_amount", "pk")
        .distinct("customer_id")
        .values("customer_id", "expected_amount", "version_id", "version__product__code")
    )
    values = {}
    for row in rows:
        worth = float(row["expected_amount"])
        values[row["customer_id"]] = worth
        if worth >= least:
            code = row["version__product__code"]
            week.add(row["customer_id"], "suggestion", product=code, amount=worth)
    return values


def _strategy(week: _Week, people: Mapping[int, Mapping[str, Any]]) -> None:
    """Prospects who are due anyway and whom the branch strategy is after come first (a.8)."""
    leads = [
        key
        for key in week.found
        if key in people and people[key]["relation_state"] == Customer.RelationState.PROSPECT
    ]
    focus = focus_of_unit(week.manager.branch_id, as_of=week.as_of) if leads else None
    if focus is None or not focus.names_customers:
        return
    places: dict[int, list[str]] = defaultdict(list)
    members = TerritoryMember.objects.filter(
        customer__in=leads, territory__in=focus.territories
    ).order_by()
    for key, territory in members.values_list("customer_id", "territory_id"):
        places[key].append(str(territory))
    for key in leads:
        row = people[key]
        if focus.has_customer(row["industry_id"], row["portrait__groups"], places[key]):
            week.add(key, WEIGHS)
