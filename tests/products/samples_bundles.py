"""Sample rows for the walk over the routes of this part: bundles."""

from crm.core.models import User
from products.models import Quote
from tests.architecture.samples import sample
from tests.factories import make_customer, make_user
from tests.products.factories import make_product, make_version
from tests.products.quoted import make_bundle, prices, quoted


@sample(
    *(f"products:{name}/code" for name in ("bundle", "bundle_draft")),
    *(f"api:bundle-{name}/code" for name in ("detail", "draft")),
)
def bundle_code(user: User) -> str:
    """A bundle in effect."""
    version = make_version(make_product(family="payroll"))
    prices()
    make_bundle(version.product.code, [("anchor", [version.product]), ("support", [])])
    return version.product.code


@sample("products:bundle_edit/code")
def drafted_code(user: User) -> str:
    """A bundle whose draft is this user's."""
    version = make_version(make_product(family="payroll"))
    places = [("anchor", [version.product])]
    make_bundle(version.product.code, places, state="draft", made_by=user)
    return version.product.code


@sample(
    "products:bundle_submit/bundle_version_id",
    "products:bundle_drop/bundle_version_id",
    *(f"api:bundle-version-{name}/pk" for name in ("submit", "drop")),
)
def draft_id(user: User) -> int:
    """A complete draft of this user."""
    version = make_version(make_product(family="payroll"))
    places = [("anchor", [version.product]), ("support", [])]
    return make_bundle(version.product.code, places, state="draft", made_by=user).pk


@sample("products:bundle_decide/bundle_version_id", "api:bundle-version-decide/pk")
def submitted_id(user: User) -> int:
    """A complete version that somebody else submitted."""
    version = make_version(make_product(family="payroll"))
    places = [("anchor", [version.product]), ("support", [])]
    maker = make_user("catalog_admin")
    return make_bundle(version.product.code, places, state="submitted", made_by=maker).pk


@sample("api:bundle-version-detail/pk")
def readable_id(user: User) -> int:
    """A version in effect, which every reader may see."""
    version = make_version(make_product(family="payroll"))
    return make_bundle(version.product.code, [("anchor", [version.product])]).pk


@sample("products:compose/customer_id")
def composed_customer(user: User) -> int:
    """A customer of this user, with the prices of the day."""
    prices()
    return make_customer(user).pk


@sample(
    *(f"products:{name}/pk" for name in ("quote", "quote_sheet", "quote_pdf")),
    "api:quote-detail/pk",
)
def quote(user: User) -> int:
    """A quote for a customer of this user."""
    made: Quote = quoted(make_customer(user), by=user)
    return made.pk
