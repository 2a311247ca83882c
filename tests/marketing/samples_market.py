"""Sample rows for the walk over the routes of this part: market."""

from crm.core.models import User
from crm.core.roles import Reach
from tests.architecture.samples import sample
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.factories import load_rules
from tests.marketing.market_rows import lines, make_item, make_region, make_survey


@sample(
    "marketing:survey/pk",
    "marketing:survey_edit/pk",
    "marketing:survey_approve/pk",
    "marketing:survey_drop/pk",
    "api:market-survey-detail/pk",
    "api:market-survey-approve/pk",
)
def draft(user: User) -> int:
    """A draft of the user's own unit."""
    load_rules()
    counted = lines("kind", catering=10)
    return make_survey(user.branch, make_region(), counted, approved=False).pk


@sample("marketing:survey_new/form", "marketing:survey_edit/form")
def standard_form(user: User) -> str:
    return "firms"


@sample(
    *(
        f"marketing:coordination_{name}/pk"
        for name in ("item", "contact", "checks", "decide", "give")
    ),
    *(f"api:coordination-item-{name}/pk" for name in ("detail", "contact", "checks", "decide")),
)
def listed(user: User) -> int:
    """An item of a firm the user sees."""
    load_rules()
    if user.duty.reach == Reach.OWN:
        return make_item(make_customer(user)).pk
    return make_item(make_customer(make_user("rm", user.branch or make_branch()))).pk
