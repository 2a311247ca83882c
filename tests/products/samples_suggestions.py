"""Sample rows for the walk over the routes of this part: suggestions."""

from crm.core.models import User
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.products.suggested import make_suggestion


@sample(
    *(f"products:suggestion_{name}/pk" for name in ("receipt", "accept", "decline")),
    *(f"api:suggestion-{name}/pk" for name in ("detail", "accept", "decline")),
)
def suggestion(user: User) -> int:
    return make_suggestion(make_customer(user)).pk
