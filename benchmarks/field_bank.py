"""One busy relationship manager: hundreds of customers, thousands of open items, made in bulk.

The rows go to the database of the settings and stay there; a name can be made once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from crm.core.models import Branch, Task, User
from crm.core.services.numbering import place_person
from customers.models import Customer, Loan, Portrait
from customers.naming import name_columns
from marketing.models import (
    CareTask,
    CoordinationItem,
    Opportunity,
    PlannedVisit,
    Visit,
    VisitPlan,
)
from products.models import OfferFit, ProductVersion, Suggestion

STAGES = ("lead", "qualified", "investigated", "submitted")
FAMILIES = ("working_capital_loan", "loan", "supply_chain_loan", "payroll", "acquiring", "deposit")
TABLES = (
    "customers_customer", "customers_portrait", "customers_loan", "products_suggestion",
    "products_offerfit", "marketing_visit", "marketing_opportunity", "marketing_caretask",
    "marketing_coordinationitem", "marketing_plannedvisit", "core_task",
)  # fmt: skip


@transaction.atomic
def busy_manager(
    *, customers: int = 500, items: int = 5_000, today: date | None = None, name: str = "busy"
) -> User:
    """A manager with so many customers and about so many open items of every source, as of today.

    Of the items half are suggestions; the rest are spread over the other sources.
    """
    today = today or timezone.localdate()
    team = Branch.objects.filter(level=Branch.Level.TEAM).order_by("pk").first()
    branch = team or Branch.objects.order_by("-scope_lo").first()
    if branch is None:
        raise SystemExit("Make a unit first.")
    user: User = User.objects.create_user(
        name, None, full_name="忙碌经理", role="rm", branch=branch, employee_no=name[:20]
    )
    place_person(user)
    rows = _customers(user, customers)
    rest = items - items // 2
    _suggestions(user, rows, items // 2, today)
    _visits(user, rows, rest // 5, today)
    _opportunities(user, rows, rest // 5, today)
    _loans(rows, rest // 10, today)
    _care(user, rows, rest // 5, today)
    _lists(user, rows, rest // 20, today)
    _stops(user, rows, min(6, customers), today)
    _tasks(user, rest // 20, today)
    _gaps(rows)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    return user


def _customers(user: User, count: int) -> list[Customer]:
    rows = Customer.objects.bulk_create(
        Customer(
            customer_no=f"{user.username}-{no:05d}",
            party_type=Customer.PartyType.COMPANY,
            manager=user,
            branch=user.branch,
            scope_no=user.scope_no,
            relation_state="existing",
            latitude=30.6 + (no % 40) / 400,
            longitude=120.6 + (no // 40) / 400,
            **name_columns(f"忙碌商行{no}"),
        )
        for no in range(count)
    )
    now = timezone.now()
    Portrait.objects.bulk_create(
        Portrait(
            customer=row, as_of=now.date(), computed_at=now, version_no=1, trigger="nightly",
            parameters="", tier="ABCD"[no % 4], contribution_12m=100 * no, potential_12m=37 * no,
        )
        for no, row in enumerate(rows)
    )  # fmt: skip
    return rows


def _suggestions(user: User, rows: list[Customer], count: int, today: date) -> None:
    versions = list(ProductVersion.objects.order_by("pk")[: len(FAMILIES)])
    if not versions:
        return
    now = timezone.now()
    made = []
    for no in range(min(count, len(rows) * len(FAMILIES))):
        made.append(
            Suggestion(
                customer=rows[no % len(rows)],
                family=FAMILIES[no // len(rows)],
                version=versions[no // len(rows) % len(versions)],
                rank=1 + no // len(rows),
                chance=0.05 + (no % 19) / 40,
                match_score=60,
                expected_amount=20 + no % 5_000,
                reasons=[{"code": "fits", "inputs": {"score": 82.5}, "weight": 0}] * 4,
                receipt={"income": {"amount": "200000.00", "total": "3000.00"}},
                owner=user,
                as_of=today,
                made_at=now,
                refreshed_at=now,
                expires_on=today + timedelta(days=1 + no % 30),
            )
        )
    Suggestion.objects.bulk_create(made, batch_size=1_000)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _visits(user: User, rows: list[Customer], count: int, today: date) -> None:
    """Three years of visits, the newest of each customer with a next step that is due."""
    made = []
    for no in range(max(count, 3 * len(rows))):
        day = today - timedelta(days=3 + no % 90 + 365 * (no // (2 * len(rows)) % 3))
        made.append(
            Visit(
                key=UUID(int=user.pk * 1_000_000 + no),
                customer=rows[no % len(rows)],
                manager=user,
                manager_scope_no=user.scope_no,
                purpose="care",
                started_at=_at(day),
                ended_at=_at(day) + timedelta(minutes=30),
                whom_met="负责人",
                summary="例行走访。",
                next_step="送资料",
                next_on=today + timedelta(days=no % 9 - 4),
                promise="带方案" if no % 9 == 0 else "",
                promise_on=today + timedelta(days=no % 5) if no % 9 == 0 else None,
            )
        )
    made = Visit.objects.bulk_create(made, batch_size=1_000)
    Task.objects.bulk_create(
        Task(
            kind="marketing.promise",
            params={"name": visit.customer.name, "promise": visit.promise},
            owner=user,
            scope_no=user.scope_no,
            due_on=visit.promise_on,
            unique_key=str(visit.pk),
        )
        for visit in made
        if visit.promise
    )


def _opportunities(user: User, rows: list[Customer], count: int, today: date) -> None:
    Opportunity.objects.bulk_create(
        (
            Opportunity(
                customer=rows[no % len(rows)],
                pipeline="credit" if no // len(rows) < 3 else "other",
                family=FAMILIES[no // len(rows) % len(FAMILIES)],
                amount=50_000 + 1_000 * (no % 400),
                origin_mode="active",
                stage=STAGES[no % 4],
                stage_since=_at(today - timedelta(days=5 + no % 60)),
                stage_due_on=today - timedelta(days=no % 50),
                probability=0.1 + no % 4 / 5,
                owner=user,
                last_action_on=today - timedelta(days=4 + no % 50),
                opened_at=_at(today - timedelta(days=10 + no % 60)),
            )
            for no in range(min(count, len(rows) * len(FAMILIES)))
        ),
        batch_size=1_000,
    )


def _loans(rows: list[Customer], count: int, today: date) -> None:
    Loan.objects.bulk_create(
        Loan(
            customer=customer,
            loan_no=f"{customer.customer_no}-L{no}",
            family="loan",
            principal_amount=500_000,
            balance_amount=100_000 + 1_000 * no,
            rate="0.045",
            drawn_on=today - timedelta(days=300),
            matures_on=today + timedelta(days=no % 90),
            repayment_mode="bullet",
            guarantee_mode="credit",
            five_class="normal",
        )
        for no, customer in enumerate(islice(cycle(rows), count))
    )


def _care(user: User, rows: list[Customer], count: int, today: date) -> None:
    kinds = ("cycle", "maturity", "certificate", "lease", "churn")
    CareTask.objects.bulk_create(
        CareTask(
            customer=rows[no % len(rows)],
            kind=kinds[no // len(rows) % len(kinds)],
            reasons=[{"code": "cycle", "inputs": {"tier": "A", "every": 30, "last": "2026-01-05"}}],
            due_on=today + timedelta(days=no % 20 - 8),
            owner=user,
            made_on=today,
        )
        for no in range(min(count, len(rows) * len(kinds)))
    )


def _lists(user: User, rows: list[Customer], count: int, today: date) -> None:
    CoordinationItem.objects.bulk_create(
        CoordinationItem(
            customer=rows[no % len(rows)],
            list_no=f"{user.username}-{no // len(rows)}",
            kind="declared",
            received_on=today - timedelta(days=no % 28),
            due_on=today + timedelta(days=30 - no % 28),
            wanted_amount=300_000,
            owner=user,
        )
        for no in range(count)
    )


def _stops(user: User, rows: list[Customer], count: int, today: date) -> None:
    monday = today - timedelta(days=today.weekday())
    plan = VisitPlan.objects.create(manager=user, week_on=monday, capacity=6)
    PlannedVisit.objects.bulk_create(
        PlannedVisit(plan=plan, customer=row, manager=user, on=today, place=place, purpose="care")
        for place, row in enumerate(rows[:count], start=1)
    )


def _tasks(user: User, count: int, today: date) -> None:
    Task.objects.bulk_create(
        Task(
            kind="core.reveal_quota",
            params={"name": "某某", "limit": 20},
            owner=user,
            scope_no=user.scope_no,
            due_on=today + timedelta(days=no % 12 - 4),
            unique_key=f"{user.username}-{no}",
        )
        for no in range(count)
    )


def _gaps(rows: list[Customer]) -> None:
    """Offers of every customer, some of which wait for one fact."""
    versions = list(ProductVersion.objects.order_by("pk").values_list("pk", flat=True)[:28])
    facts = ("employees", "premises_area", "annual_revenue", "property_value")
    OfferFit.objects.bulk_create(
        (
            OfferFit(
                customer=row,
                version_id=version,
                kind="u" if (no + place) % 5 == 0 else "y",
                score=50 + place,
                rule=facts[(no + place) % 4] if (no + place) % 5 == 0 else "",
            )
            for no, row in enumerate(rows)
            for place, version in enumerate(versions)
        ),
        batch_size=2_000,
    )
