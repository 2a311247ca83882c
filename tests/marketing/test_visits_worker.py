"""What was said at a visit stands in the portrait within seconds, by a real worker (VIS-5)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from customers.models import Portrait
from marketing.services.visits import log_visit
from marketing.services.visits_entry import FactSaid, VisitEntry
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules
from tests.worker import awaited

SECONDS = 15  # on a busy machine; it takes about one


def test_the_portrait_is_fresh_within_seconds(worker):
    load_rules()
    rm = make_user("rm")
    customer = make_customer(rm)
    at = datetime.now(UTC)

    log_visit(
        entry=VisitEntry(
            key=uuid4(),
            customer_id=customer.pk,
            purpose="care",
            started_at=at - timedelta(minutes=20),
            ended_at=at,
            whom_met="王老板",
            summary="添了两名工人",
            next_step="电话",
            next_on=at.date() + timedelta(days=3),
            facts=(FactSaid("employees", Decimal(18), "王老板", "工资表"),),
        ),
        by=rm,
    )

    fresh = Portrait.objects.filter(customer=customer, employees=18)
    awaited(fresh.exists, seconds=SECONDS)
