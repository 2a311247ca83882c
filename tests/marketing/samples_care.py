"""Sample rows for the walk over the routes of this part: care."""

from crm.core.models import User
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.marketing.cared import make_care_task, make_complaint, make_relief


@sample("marketing:care_close/pk", "api:care-task-detail/pk", "api:care-task-close/pk")
def task(user: User) -> int:
    return make_care_task(make_customer(user)).pk


@sample(
    "marketing:complaint/pk",
    "marketing:complaint_close/pk",
    "api:complaint-detail/pk",
    "marketing:complaint_hand/pk",
    "api:complaint-close/pk",
    "api:complaint-hand/pk",
    "api:complaint-handlers/pk",
)
def complaint(user: User) -> int:
    return make_complaint(make_customer(user)).pk


@sample(
    *(f"marketing:{name}/pk" for name in ("relief_item", "relief_propose", "relief_close")),
    *(f"api:relief-{name}/pk" for name in ("detail", "propose", "close")),
)
def relief(user: User) -> int:
    return make_relief(make_customer(user)).pk


@sample("marketing:complaint_new/customer_id", "marketing:care_mark/customer_id")
def customer(user: User) -> int:
    return make_customer(user).pk
