"""Sample rows for the walk over the routes of this part: pipeline."""

from crm.core.models import RuleParameter, User
from tests.architecture.samples import sample
from tests.factories import make_customer
from tests.marketing.factories import load_rules, make_opportunity


@sample(
    "marketing:opportunity/pk",
    *(
        f"marketing:opportunity_{name}/pk"
        for name in ("details", "move", "tick", "lose", "reopen", "reassign")
    ),
    *(
        f"api:opportunity-{name}/pk"
        for name in ("detail", "change", "move", "tick", "lose", "reopen", "merge")
    ),
)
def opportunity(user: User) -> int:
    if not RuleParameter.objects.filter(key="pipeline.amber").exists():
        load_rules()
    return make_opportunity(make_customer(user), by=user).pk
