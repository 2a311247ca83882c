"""Sample rows for the walk over the routes of this part: competitors."""

from crm.core.models import User
from tests.architecture.samples import sample
from tests.products.competing import make_competitor, make_record
from tests.products.factories import make_version


@sample(
    "products:competitor/pk",
    "products:competitor_edit/pk",
    "products:competitor_facts/pk",
    "products:competitor_note/pk",
    "api:competitor-detail/pk",
)
def competitor(user: User) -> int:
    make_record()  # with the parameters that the pages read
    return make_competitor().pk


@sample(
    "products:competitor_product/pk",
    "products:competitor_product_edit/pk",
    "api:competitor-product-detail/pk",
)
def record(user: User) -> int:
    return make_record().pk


@sample("products:against/version_id")
def version(user: User) -> int:
    make_record()
    return make_version().pk
