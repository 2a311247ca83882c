"""Sample rows for the walk over the routes of this part: eligibility rules and their replay."""

from crm.core.models import User
from products.models import ProductVersion
from tests.architecture.samples import sample
from tests.products.factories import make_rule
from tests.products.samples_catalogue import code


@sample("rule")
def rule(user: User) -> str:
    """A rule of the version in force of WC01."""
    code(user)
    version = ProductVersion.objects.get(product__code="WC01", no=1)
    return (version.rules.first() or make_rule(version)).code


sample("side")(lambda user: "enter")


@sample(
    *(f"api:version-rules-{name}/pk" for name in ("detail", "save", "remove", "count", "replay"))
)
def version_of_rules(user: User) -> int:
    """A version in force."""
    code(user)
    return ProductVersion.objects.get(product__code="WC01", no=1).pk
