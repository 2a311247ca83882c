"""k.3, k.4 and the farm household of k.5 against the seed catalogue, on portraits from facts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers import models as m
from customers.models import Portrait
from products.matching.vocabulary import RULE_COLUMNS
from products.models import CustomerMatch, ProductVersion
from products.selectors.book import current_book
from products.services.matching import match_customers
from products.services.seeds import load_products
from tests.customers.portrait_facts import LAST, TODAY, compute, make_reference
from tests.factories import make_customer


@pytest.fixture
def catalogue():
    """The seed catalogue in force, and the reference data it speaks of."""
    make_reference()
    load_products(effective_from=TODAY)


def declare(customer, **values):
    """What the owner said at a visit last week."""
    for key, value in values.items():
        column = "text" if isinstance(value, str) else "number"
        m.DeclaredFact.objects.create(
            customer=customer,
            key=key,
            as_of=TODAY - timedelta(days=7),
            source="visit",
            quality="declared",
            **{column: value},
        )


def in_business(customer, **fields):
    """The customer with registry columns as given."""
    m.Customer.objects.filter(pk=customer.pk).update(
        registry_status=m.Customer.RegistryStatus.ACTIVE, **fields
    )


def restaurant():
    """k.3: 18 months old, revenue 900,000, wants 200,000 this week, eight months of receipts."""
    customer = make_customer(party_type="sole_trader", name="老街饭馆")
    in_business(
        customer,
        industry_id="6210",
        trade_id="restaurant",
        registered_on=TODAY - timedelta(days=548),
        relation_state="existing",
    )
    declare(
        customer,
        annual_revenue=900_000,
        employees=6,
        wanted_amount=200_000,
        wanted_months=12,
        speed_need=5,
        guarantee_property=0,
        premises="rent",
    )
    for ym in range(LAST - 7, LAST + 1):
        m.AcquiringMonth.objects.create(
            customer=customer, ym=ym, received_amount=Decimal(60_000), receipts=900, payers=700
        )
    return customer


def metal_parts():
    """k.4: a maker of metal parts, six years old, that supplies a core enterprise."""
    customer = make_customer(name="衡川精工五金有限公司")
    in_business(
        customer,
        industry_id="3311",
        trade_id="metal_parts",
        registered_on=TODAY - timedelta(days=6 * 365),
        relation_state="existing",
    )
    declare(customer, annual_revenue=6_400_000, previous_revenue=6_200_000, employees=28)
    m.ChainLink.objects.create(
        customer=customer,
        side="buyer",
        counterparty_name="核心整机厂",
        is_core=True,
        as_of=TODAY - timedelta(days=30),
        source="visit",
        quality="declared",
    )
    return customer


def farm_household():
    """k.5: a household that grows vegetables."""
    customer = make_customer(party_type="farm_household", name="李家农户")
    in_business(customer, registered_on=TODAY - timedelta(days=8 * 365))
    declare(customer, annual_revenue=180_000)
    return customer


def verdicts(customer):
    """For every offer of today's book the answer of each of its rules, by code."""
    compute()
    row = Portrait.objects.filter(pk=customer.pk).values(*RULE_COLUMNS).get()
    found = {}
    for offer in current_book(TODAY).offers:
        found[offer.code] = {rule.code: rule.tree.judge(row).answer for rule in offer.rules}
    return row, found


def passes(rules):
    return all(answer == "yes" for answer in rules.values())


def test_k3_a_restaurant_start_up_gets_the_fast_and_receipts_loan_and_no_factory_loan(catalogue):
    customer = restaurant()

    row, found = verdicts(customer)

    assert row["stage"] == "start_up"
    assert row["acquiring_months_12m"] == 8
    assert passes(found["WC01"]) and passes(found["WC03"])
    assert found["WC05"]["maker"] == "no"
    assert found["FA01"]["year_two"] == "no"
    assert found["WC04"]["property"] == "no"
    assert found["WC08"]["tech_title"] == "no"
    assert passes(found["SG01"])


def test_k3_without_receipts_the_receipts_loan_says_what_would_change_it(catalogue):
    customer = restaurant()
    m.AcquiringMonth.objects.filter(customer=customer).delete()
    m.Holding.objects.create(customer=customer, family="account_card", opened_on=TODAY)

    _row, found = verdicts(customer)

    assert found["WC03"]["receipts_6m"] == "no"
    rule = next(r for o in current_book(TODAY).offers if o.code == "WC03" for r in o.rules)
    assert "收款满 6 个月" in rule.remedy_zh


def test_k4_a_metal_parts_maker_supplying_a_core_firm(catalogue):
    customer = metal_parts()

    row, found = verdicts(customer)

    assert row["chain_position"] == "upstream"
    assert found["WC06"]["services"] == "no"
    assert passes(found["SC01"]) and passes(found["WC05"])
    assert found["SC02"]["buys_from_core"] == "no"
    offers = {offer.code: offer for offer in current_book(TODAY).offers}
    assert set(offers["WC05"].repayment_modes) == {"quarterly_principal", "equal_principal"}


def test_k5_a_farm_household_gets_the_seasonal_loan(catalogue):
    customer = farm_household()

    _row, found = verdicts(customer)

    assert passes(found["FP01"])
    assert found["FP02"]["on_list"] == "no"
    assert found["WC05"]["firm"] == "no"
    offers = {offer.code: offer for offer in current_book(TODAY).offers}
    assert offers["FP01"].repayment_modes == ("seasonal",)
    assert offers["FP01"].season_months


def test_an_unknown_credit_grade_stops_nobody(catalogue):
    customer = metal_parts()

    row, found = verdicts(customer)

    assert row["credit_grade"] is None
    graded = [a for rules in found.values() for code, a in rules.items() if "grade" in code]
    assert "unknown" not in [a for a in graded if a != found["WC02"]["tax_grade"]]
    assert found["WC02"]["tax_grade"] == "unknown"


def test_red_flags_end_credit_but_not_services_or_renewal(catalogue):
    customer = metal_parts()
    m.PublicRecord.objects.create(
        customer=customer, kind="enforcement", number="P1", opened_on=TODAY - timedelta(days=60)
    )

    _row, found = verdicts(customer)

    assert found["WC05"]["red_flag"] == "no"
    assert "red_flag" not in found["WC09"]
    assert passes(found["PY01"])


def best(customer):
    """Codes of the offers shown first, best first."""
    compute()
    match_customers(customer_ids=[customer.pk], as_of=TODAY)
    top = CustomerMatch.objects.get(pk=customer.pk).top
    codes = dict(ProductVersion.objects.values_list("pk", "product__code"))
    return [codes[key] for key in top]


def test_k3_the_first_offer_for_the_restaurant_is_the_fast_or_the_receipts_loan(catalogue):
    first = best(restaurant())[0]

    assert first in ("WC01", "WC03")


def test_k4_the_supplier_of_a_core_firm_is_offered_the_chain_loan_first(catalogue):
    offers = best(metal_parts())

    assert offers[0] == "SC01"
    assert "WC05" in offers
