"""Sample rows for the walk over the routes of this part: catalogue."""

from crm.core.models import User
from products.models import Product
from tests.architecture.samples import sample
from tests.products.factories import make_product, make_version


@sample("code", "api:product-detail/code", "api:product-set-status/code")
def code(user: User) -> str:
    """WC01 with a version in force."""
    product = Product.objects.filter(code="WC01").first()
    if product is None:
        product = make_product("WC01")
        make_version(product)
    return product.code


sample("no")(lambda user: 1)


@sample(
    *(
        f"api:product-version-{action}/pk"
        for action in ("detail", "draft", "submit", "decide", "withdraw")
    )
)
def version(user: User) -> int:
    return make_version().pk
