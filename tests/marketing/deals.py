"""An opportunity at work: who may do what to it, and a customer for whom every gate can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from crm.core.models import User
from customers.models import Customer, Portrait
from marketing.models import Opportunity
from marketing.services.opportunities import move, open_opportunity, tick
from products.models import ProductVersion
from tests.factories import make_customer, make_portrait
from tests.marketing.factories import make_opportunity, make_visit
from tests.products.factories import make_product, make_version

OPENED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in China
WORDS = {
    "need_heard": "电话里说要备货",
    "cross_check": "底稿 2026-118",
    "papers_complete": "已收齐",
}
TICKS = {
    **WORDS,
    "decision_stored": "批复 2026-77",
    "contract_signed": "合同 2026-55",
    "first_drawdown": "借据 2026-9",
}


def hour(number: float) -> datetime:
    """So many hours after the opening."""
    return OPENED + timedelta(hours=number)


def make_ready_customer(manager: User, **fields: Any) -> Customer:
    """A firm of known size on no list, with a portrait complete enough for every gate."""
    customer = make_customer(manager, party_type="individual", **fields)
    make_portrait(
        customer, is_dishonest=False, is_abnormal=False, open_enforcements=0, completeness=82
    )
    return customer


def portrait(customer: Customer, **values: Any) -> None:
    """These figures stand in the customer's portrait."""
    Portrait.objects.filter(customer=customer).update(**values)


def make_offer(family: str = "working_capital_loan", **fields: Any) -> ProductVersion:
    """A version on offer."""
    return make_version(make_product(family=family), **fields)


def opened(customer: Customer, by: User, **given: Any) -> Opportunity:
    """A loan wanted, opened on the day of OPENED."""
    told = {
        "family": "working_capital_loan",
        "origin_mode": "active",
        "title": "春节备货",
        "amount": 300_000,
        "expected_on": date(2026, 12, 20),
        "at": OPENED,
    }
    return open_opportunity(customer=customer, by=by, **(told | given))


def walk(row: Opportunity, by: User, *stages: str) -> Opportunity:
    """Ticked where a tick may do, visited once, and moved through these stages an hour apart."""
    make_visit(row.customer, by=by, at=hour(1))
    for number, stage in enumerate(stages, start=2):
        for key, note in TICKS.items():
            if key in needed(row):
                tick(opportunity_id=row.pk, key=key, note=note, by=by, at=hour(number))
        row = move(opportunity_id=row.pk, to=stage, by=by, at=hour(number))
    return row


def needed(row: Opportunity) -> list[str]:
    """The checks of the stage it stands in that wait for a tick."""
    from crm.core.parameters import parameters
    from marketing.pipeline import TRACKS
    from marketing.selectors.opportunity_gates import gate_lines

    stage = TRACKS[row.pipeline].stage(row.stage)
    row.refresh_from_db()
    lines = gate_lines(row, (stage,), known=parameters(date(2026, 11, 2)))
    return [line.check.key for line in lines if line.can_tick]


def today_deal(manager: User, name: str = "测试机械厂", **fields: Any) -> Opportunity:
    """An open one of now that stands on all three views of today."""
    now = timezone.now()
    today = timezone.localdate()
    given = {"at": now, "next_action": "送方案", "next_on": today, "stage_due_on": today} | fields
    return make_opportunity(make_customer(manager, name=name), **given)
