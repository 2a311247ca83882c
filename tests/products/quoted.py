"""Makers for bundles and quotes: planning prices as delivered, a bundle in effect, a loan line."""

from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from crm.core.models import LprQuote, RuleParameter, User
from crm.core.services.reference import read_seed
from customers.models import Customer
from products.models import Bundle, BundleItem, BundleVersion, ForbiddenPair, Product, Quote
from products.selectors.economics import FamilyPlan, Planning
from products.selectors.quote_case import Line, QuoteCase
from products.selectors.quote_lines import Choice
from products.services.quotes import Composition, make_quote
from tests.customers.derive import seed_parameters
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_fee, make_product, make_version

_no = count(1)
AS_OF = date(2026, 11, 22)
D = Decimal

# The worked example: FTP 2.2 %, opex 1.2 %, LGD 45 %, ROE 12 %, tax 25 %, RW 75 %, CAR 10.5 %.
FAMILY = FamilyPlan(D(1), D("0.001"), D(0), D("0.05"), D(1), D(100))
PLANNING = Planning(
    ftp_loan=D("0.022"),
    ftp_deposit=D("0.018"),
    deposit_rate=D("0.006"),
    opex=D("0.012"),
    lgd=D("0.45"),
    roe=D("0.12"),
    tax=D("0.25"),
    car=D("0.105"),
    risk_weight=D("0.75"),
    hurdle=D("0.12"),
    capital_share=D("0.08"),
    fixed_cost=D(200),
    insurance_commission=D("0.15"),
    wage_month=D(5000),
    pd={"none": D("0.02"), "B1": D("0.018")},
    families=dict.fromkeys(
        (
            "working_capital_loan", "insurance", "payroll", "acquiring", "deposit", "wealth",
            "account_card", "credit_card",
        ),
        FAMILY,
    ),
    version="test",
)  # fmt: skip


def loan(**fields: Any) -> Line:
    """300,000 for a year, interest first, 4.5 %, at least 3.6 %."""
    given: dict[str, Any] = {
        "seq": 1,
        "family": "working_capital_loan",
        "version_id": 1,
        "role": "anchor",
        "amount": D(300_000),
        "months": 12,
        "mode": "interest_first",
        "rate": D("0.045"),
        "floor": D("0.036"),
    }
    return Line(**given | fields)


def service(family: str, seq: int, **fields: Any) -> Line:
    """Something that is no loan and may count for the price."""
    given = {"version_id": seq, "amount": D(100_000), "counts": family != "insurance"}
    return Line(seq=seq, family=family, **given | fields)


def case(*lines: Line, **fields: Any) -> QuoteCase:
    """These lines at the prices of the worked example."""
    given: dict[str, Any] = {"planning": PLANNING, "pd": D("0.02"), "first_due": date(2026, 12, 22)}
    return QuoteCase(as_of=AS_OF, lines=lines, **given | fields)


def prices() -> None:
    """Parameters as delivered, an LPR, and the pairs that are never tied."""
    seed_parameters()
    if not RuleParameter.objects.filter(key="price.opex").exists():
        RuleParameter.objects.bulk_create(
            RuleParameter(
                key=row["key"],
                value=row["value"],
                unit=row["unit"],
                effective_from=row["effective_from"],
                state=RuleParameter.State.ACTIVE,
                version=1,
                source=row["source"],
                mark=row["mark"],
            )
            for row in read_seed(Path("products/seeds/parameters.csv"))
        )
    LprQuote.objects.get_or_create(
        quoted_on=date(2026, 1, 20),
        defaults={"lpr_1y": D("0.03"), "lpr_5y": D("0.035"), "source": "test"},
    )
    for second, reason in (("insurance", "保险绝不是贷款条件"), ("deposit", "不得存贷挂钩")):
        ForbiddenPair.objects.get_or_create(
            first="working_capital_loan", second=second, defaults={"reason_zh": reason}
        )


def make_bundle(
    code: str, places: list[tuple[str, list[Product]]], *, state: str = "effective", **fields: Any
) -> BundleVersion:
    """A bundle of these (role, products); without products a place is advice."""
    bundle, _made = Bundle.objects.get_or_create(code=code, defaults={"name_zh": f"{code}包"})
    given = {"no": bundle.versions.count() + 1, "benefit_zh": "一次办好"} | fields
    version = BundleVersion.objects.create(bundle=bundle, state=state, **given)
    for seq, (role, products) in enumerate(places, 1):
        item = BundleItem.objects.create(
            version=version, seq=seq, role=role, service_zh="" if products else "上门辅导"
        )
        item.choices.set(products)
    return version


def make_shop(**fields: Any) -> tuple[BundleVersion, dict[str, Any]]:
    """A loan, receipts by QR code, insurance with a premium, and a deposit: 10 bp off."""
    prices()
    versions = {
        "loan": make_version(make_product("LN01"), amount_step=D(1000)),
        "qr": make_version(make_product("QR01", family="acquiring", name_zh="收款码")),
        "cover": make_version(make_product("IS01", family="insurance", name_zh="财产险")),
        "deposit": make_version(make_product("DP01", family="deposit", name_zh="活期")),
    }
    make_fee(versions["loan"])
    make_fee(versions["cover"], name_zh="保费", timing="yearly", share=D("0.0008"))
    places = [
        ("anchor", [versions["loan"].product]),
        ("support", [versions["qr"].product]),
        ("support", [versions["cover"].product]),
        ("support", [versions["deposit"].product]),
    ]
    return make_bundle("B2", places, **{"rate_discount_bp": 10} | fields), versions


def quoted(customer: Customer, *, by: User, key: str = "", **options: Any) -> Quote:
    """A quote for this customer: a loan, receipts by QR code, no insurance. Made as a service."""
    bundle = BundleVersion.objects.filter(bundle__code="B2", state="effective").first()
    if bundle is None:
        bundle, _versions = make_shop()
    maker = by if by.role == "rm" else make_user("rm")
    if customer.manager_id != maker.pk:
        customer.manager, customer.scope_no = maker, maker.scope_no
        customer.save()
    choices = {"b1": Choice(), "b2": Choice(), "b3": Choice(is_taken=False), "b4": Choice()}
    made = make_quote(
        customer_id=customer.pk,
        composition=Composition(bundle, choices=choices),
        key=key or f"key-{next(_no)}",
        by=maker,
        **options,
    )
    if maker != by:
        give(customer, by)
    return made


def give(customer: Customer, user: User) -> None:
    """The customer is in this user's care now."""
    user.refresh_from_db()
    customer.manager, customer.scope_no = user, user.scope_no
    customer.save()


def make_asking(rm: User) -> Customer:
    """A customer who wants 100,000 and turns over two million a year."""
    found = make_customer(rm, name="嘉禾五金店")
    make_portrait(found, red_flags=[], wanted_amount=D(100_000), annual_revenue=D(2_000_000))
    return found
