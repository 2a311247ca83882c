"""Plain makers of products, versions, fees and rules: one keyword for each difference."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from crm.core.models import RuleParameter, User
from products.models import EligibilityRule, FeeItem, Product, ProductVersion
from tests.factories import make_user

_no = count(1)

# The five elements of a plain unsecured loan: 1-30 万, up to 12 months, LPR + 60..150 bp.
FIVE_ELEMENTS: dict[str, Any] = {
    "amount_min": Decimal(10_000),
    "amount_max": Decimal(300_000),
    "term_min_months": 1,
    "term_max_months": 12,
    "rate_base": "lpr_1y",
    "spread_min_bp": 60,
    "spread_max_bp": 150,
    "rate_kind": "fixed",
    "guarantee_modes": ["credit"],
    "repayment_modes": ["interest_first"],
}
CLAUSE = {"feature": "years_in_business", "op": ">=", "value": "1"}


def make_product(code: str = "", **fields: Any) -> Product:
    """A working-capital loan of inclusive finance, without versions."""
    number = next(_no)
    given = {"family": "working_capital_loan", "owner_line": "inclusive"} | fields
    name = given.pop("name_zh", f"测试贷{number}")
    return Product.objects.create(code=code or f"T{number:03d}", name_zh=name, **given)


def make_version(
    product: Product | None = None, *, state: str = "effective", **fields: Any
) -> ProductVersion:
    """The product's next version with all five elements; in force since 2026-01-01 by default."""
    product = product or make_product()
    given = (FIVE_ELEMENTS if product.is_credit else {}) | fields
    if state not in ("draft", "submitted"):
        given.setdefault("effective_from", date(2026, 1, 1))
    if state == "superseded":
        given.setdefault("effective_to", date(2026, 6, 30))
    given.setdefault("no", product.versions.count() + 1)
    return ProductVersion.objects.create(product=product, state=state, **given)


def make_rule(version: ProductVersion, condition: Any = None, **fields: Any) -> EligibilityRule:
    """One hard rule of the version: a year in business, unless another condition is given."""
    seq = fields.pop("seq", version.rules.count() + 1)
    given = {"code": f"rule{seq}", "text_zh": "经营满 1 年", "text_en": "A year in business"}
    data = condition.to_data() if hasattr(condition, "to_data") else condition or CLAUSE
    return EligibilityRule.objects.create(
        version=version, seq=seq, condition=data, **(given | fields)
    )


def make_fee(version: ProductVersion, **fields: Any) -> FeeItem:
    """One fee: half a percent at the start, unless a sum or another share is given."""
    seq = fields.pop("seq", version.fees.count() + 1)
    given: dict[str, Any] = {"name_zh": "评估费", "name_en": "Valuation", "timing": "upfront"}
    if "sum_amount" not in fields:
        given["share"] = Decimal("0.005")
    return FeeItem.objects.create(version=version, seq=seq, **(given | fields))


def make_floor(bp: int = 0) -> RuleParameter:
    """The floor of spreads below which a risk officer must agree too."""
    row, _made = RuleParameter.objects.get_or_create(
        key="products.rate_floor_bp",
        version=1,
        defaults={
            "value": str(bp), "unit": "bp", "effective_from": date(2020, 1, 1),
            "state": "active", "source": "test", "mark": "project",
        },
    )  # fmt: skip
    return row


def make_admins(number: int = 2) -> list[User]:
    """Catalogue admins: the first makes, the others check."""
    return [make_user("catalog_admin") for _ in range(number)]
