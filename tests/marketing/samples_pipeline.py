"""Sample rows for the walk over the routes of this part: pipeline."""

from crm.core.models import User
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.marketing.factories import make_opportunity


@sample(
    "marketing:opportunity/pk",
    *(
        f"marketing:opportunity_{name}/pk"
        for name in ("details", "move", "tick", "lose", "reopen", "reassign")
    ),
    *(f"api:opportunity-{name}/pk" for name in ("detail", "move", "tick", "lose")),
)
def opportunity(user: User) -> int:
    return make_opportunity(make_customer(user), by=user).pk
