"""What a product brings in a year: worked examples, and SQL that agrees with Python (b.8)."""

from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.models import LprQuote
from crm.core.parameters import parameters
from customers.features.catalogue import COLUMNS
from customers.models import ProductFamily
from products.models import Suggestion
from products.selectors.expected_value import expected_income, terms_in_force
from products.services.suggestions import suggest_customers
from tests.factories import make_customer, make_portrait
from tests.products.factories import make_fee, make_product, make_version
from tests.products.matched import make_match
from tests.products.suggested import TODAY, make_rules

yuan = st.one_of(st.none(), st.floats(0, 5e8).map(lambda value: round(value, 2)))


def portrait(**known):
    return SimpleNamespace(**({column.key: None for column in COLUMNS} | known))


def terms_of(version):
    known = parameters(TODAY)
    return next(one for one in terms_in_force(known=known) if one.version_id == version.pk), known


def test_a_loan_is_worth_its_margin_and_deposits_less_loss_and_servicing():
    make_rules()
    LprQuote.objects.all().delete()
    LprQuote.objects.create(
        quoted_on="2026-10-20", lpr_1y=Decimal("0.03"), lpr_5y=Decimal("0.035"), source="test"
    )
    version = make_version(amount_min=10_000, amount_max=300_000)  # LPR + 60..150 bp
    make_fee(version, share=Decimal("0.001"))
    terms, known = terms_of(version)

    found = expected_income(
        portrait(wanted_amount=200_000.0, credit_grade="B1"), terms, known=known
    )

    # drawn 70 % = 140,000; margin 3 % + 1.05 % - 2.2 % = 1.85 %; fee 0.1 % of 200,000;
    # deposits 5 % of it at 1.8 % - 0.6 %; loss 1.8 % x 45 %; servicing 150
    assert found.amount == 200_000
    assert found.spread == Decimal("2590.00")
    assert found.fees == Decimal("200.00")
    assert found.deposit == Decimal("84.00")
    assert found.loss == Decimal("1134.00")
    assert found.total == Decimal("1590.00")


def test_an_amount_stays_within_the_bounds_of_the_offer_and_unknown_is_the_smallest():
    make_rules()
    terms, known = terms_of(make_version(amount_min=10_000, amount_max=300_000))

    amounts = [
        expected_income(portrait(wanted_amount=wanted), terms, known=known).amount
        for wanted in (2_000_000.0, 500.0, None)
    ]

    assert amounts == [300_000, 10_000, 10_000]


def test_a_credit_without_a_smallest_amount_is_worth_nothing_before_a_need_is_known():
    make_rules()
    version = make_version(amount_min=None, amount_max=300_000)
    terms, known = terms_of(version)
    asks_nothing, asks = make_customer(), make_customer()
    for customer, wanted in ((asks_nothing, None), (asks, 200_000.0)):
        make_portrait(
            customer, stage="growth", families=[], p_working_capital=0.5, wanted_amount=wanted
        )
        make_match(customer, version)

    suggest_customers(customer_ids=[asks_nothing.pk, asks.pk], as_of=TODAY)

    assert expected_income(portrait(), terms, known=known).amount == 0
    made = Suggestion.objects.get()
    assert made.customer == asks
    assert made.receipt["income"]["amount"] == 200_000


def test_payroll_is_worth_its_yield_on_the_wages_and_what_stays_of_them():
    make_rules()
    terms, known = terms_of(make_version(make_product(family="payroll")))

    found = expected_income(portrait(employees=20, mean_wage_3m=6_000.0), terms, known=known)
    unknown = expected_income(portrait(employees=20), terms, known=known)

    # 20 x 6,000 x 12 = 1,440,000 at 0.03 %, 4 % kept at 1.2 %, servicing 80
    assert (found.spread, found.deposit) == (Decimal("432.00"), Decimal("691.20"))
    assert found.total == Decimal("1043.20")
    assert unknown.amount == 1_200_000  # the planning wage of 5,000


def test_long_overdue_is_certain_loss():
    make_rules()
    terms, known = terms_of(make_version(amount_max=300_000))

    found = expected_income(
        portrait(wanted_amount=100_000.0, days_past_due=120), terms, known=known
    )

    assert found.loss == Decimal("31500.00")  # 70,000 x 45 %


@pytest.mark.parametrize("family", ProductFamily.values)
def test_every_family_has_terms(family):
    make_rules()
    terms, known = terms_of(make_version(make_product(family=family)))

    assert expected_income(portrait(), terms, known=known).serve >= 0


@settings(max_examples=12, deadline=None)
@given(
    wanted=yuan, low=yuan, high=yuan, sales=yuan, revenue=yuan, deposits=yuan,
    employees=st.one_of(st.none(), st.integers(0, 3000)), wage=yuan,
    grade=st.sampled_from(["A1", "B2", "D", None, "?"]), overdue=st.sampled_from([None, 0, 91]),
)  # fmt: skip
def test_sql_and_python_agree_to_the_cent(
    wanted, low, high, sales, revenue, deposits, employees, wage, grade, overdue
):
    make_rules()
    customer = make_customer()
    make_portrait(
        customer, stage="growth", wanted_amount=wanted, need_low=low, need_high=high,
        sales_month_12m=sales, annual_revenue=revenue, deposit_average_3m=deposits,
        employees=employees, mean_wage_3m=wage, credit_grade=grade, days_past_due=overdue,
        families=[], p_working_capital=0.5, p_payroll=0.4, p_deposit_wealth=0.3,
        p_equipment_loan=0.3, p_qr_receipts=0.2, p_insurance=0.2, p_cash_management=0.2,
    )  # fmt: skip
    families = (
        "working_capital_loan", "payroll", "deposit", "wealth", "acquiring", "payment_settlement",
    )  # fmt: skip
    versions = {name: make_version(make_product(family=name)) for name in families}
    make_match(customer, *versions.values())

    suggest_customers(customer_ids=[customer.pk], as_of=TODAY)

    customer.portrait.refresh_from_db()
    known = parameters(TODAY)
    terms = {one.version_id: one for one in terms_in_force(known=known)}
    for made in Suggestion.objects.filter(customer=customer):
        worked = expected_income(customer.portrait, terms[made.version_id], known=known)
        stored = made.receipt["income"]
        assert {key: Decimal(str(value)) for key, value in stored.items()} == {
            "amount": worked.amount, "spread": worked.spread, "fees": worked.fees,
            "deposit": worked.deposit, "loss": worked.loss, "serve": worked.serve,
            "total": worked.total,
        }  # fmt: skip
        worth = worked.total * Decimal(str(made.chance))
        assert made.expected_amount == worth.quantize(Decimal("0.01"), ROUND_HALF_UP)
