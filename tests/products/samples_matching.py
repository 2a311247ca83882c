"""Sample rows for the walk over the routes of this part: matching."""

from crm.core.models import User
from products.models import MatchWeights
from tests.architecture.samples import sample
from tests.factories import make_user
from tests.products.factories import make_version


@sample("products:fits/code")
def matched_code(user: User) -> str:
    return make_version().product.code


@sample("weights_id", "api:match-weights-detail/pk", "api:match-weights-decide/pk")
def proposed_weights(user: User) -> int:
    newest = MatchWeights.objects.order_by("-version").first()
    return MatchWeights.objects.create(
        version=newest.version + 1 if newest else 1,
        state="proposed",
        proposed_by=make_user("catalog_admin"),
    ).pk


sample("products:fact/feature")(lambda user: "premises_area")
