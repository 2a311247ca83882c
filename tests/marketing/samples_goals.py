"""Sample rows for the walk over the routes of this part: goals."""

from crm.core.models import User
from marketing.models import BranchStrategy
from tests.architecture.samples import sample

sample("metric")(lambda user: "inclusive_balance")
sample("year")(lambda user: 2026)


@sample(
    "marketing:goals_edit/branch_id",
    "marketing:goals_submit/branch_id",
    "marketing:goals_decide/branch_id",
    "marketing:strategy/branch_id",
    "marketing:strategy_edit/branch_id",
    "marketing:strategy_rows/branch_id",
)
def own_unit(user: User) -> int:
    return user.branch_id


@sample("strategy_id", "api:strategy-detail/pk")
def strategy(user: User) -> int:
    return BranchStrategy.objects.get_or_create(branch=user.branch, year=2026)[0].pk
