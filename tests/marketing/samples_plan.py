"""Sample rows for the walk over the routes of this part: plan."""

from datetime import timedelta

from django.utils import timezone

from crm.core.models import User
from marketing.models import PlannedVisit, VisitPlan
from marketing.selectors.plan_due import monday_of
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.marketing.factories import make_visit


@sample(
    "marketing:plan_move/pk",
    "marketing:plan_drop/pk",
    "marketing:plan_lock/pk",
    "api:visit-stop-move/pk",
    "api:visit-stop-drop/pk",
    "api:visit-stop-lock/pk",
)
def stop(user: User) -> int:
    week_on = monday_of(timezone.localdate()) + timedelta(days=7)
    plan, _new = VisitPlan.objects.get_or_create(
        manager=user, week_on=week_on, defaults={"capacity": 6}
    )
    return PlannedVisit.objects.create(
        plan=plan, manager=user, customer=make_customer(user), on=week_on, purpose="care"
    ).pk


@sample("marketing:review/pk", "api:visit-review-mark/pk")
def visit(user: User) -> int:
    return make_visit(make_customer(user), by=user).pk


@sample("marketing:brief/customer_id", "api:visit-brief-detail/pk")
def customer(user: User) -> int:
    return make_customer(user).pk
