"""Sample rows for the walk over the routes of this part: visits."""

from crm.core.models import User
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.marketing.factories import make_visit


@sample(
    "marketing:visit/pk", "marketing:visit_edit/pk", "api:visit-detail/pk", "api:visit-photos/pk"
)
def visit(user: User) -> int:
    return make_visit(make_customer(user), by=user).pk


@sample("photo_id")
def photo(user: User) -> int:
    return 1
