"""Whoever stands outside the chain of a customer's owner reads its amounts as bands."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crm.core.models import Branch
from customers.models import Customer, Portrait
from marketing.models import BranchStrategy
from marketing.services.goals import count_goals
from marketing.services.market_counts import count_market
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules
from tests.marketing.lent import TODAY, make_line, make_loan
from tests.marketing.market_rows import lines, make_industries, make_item, make_region, make_survey

BAND, FULL = "50-100万", ("73.4", "734,000", "734000")  # of 734,000 yuan


@pytest.fixture
def firm():
    """A small firm that owes 734,000 yuan of a limit as high, and wants as much again."""
    load_rules()
    make_industries()
    unit, region = make_branch(), make_region()
    rm = make_user("rm", unit)
    firm = make_customer(
        rm, region=region, size_class="small", industry_id="5211",
        relation_state=Customer.RelationState.EXISTING,
    )  # fmt: skip
    make_portrait(
        firm, survey_kind="catering", families_held=1, size_class="small", loan_balance=734_000,
        deposit_average_3m=734_000, annual_revenue=734_000, groups=["micro_small"],
    )  # fmt: skip
    make_loan(firm, 734_000, five_class="special_mention")
    make_line(firm, 734_000)
    make_survey(unit, region, lines("kind", catering=10))
    BranchStrategy.objects.create(branch=unit, year=2026, focus_groups=["micro_small"])
    count_goals(as_of=TODAY)
    count_market(as_of=TODAY)
    return firm


def pages(firm):
    """The lists that tell amounts of this firm, and its item on a list."""
    item = make_item(
        firm, wanted_amount=Decimal(734_000), approved_amount=Decimal(734_000), state="approved",
        received_on=date(2026, 11, 2),
    )  # fmt: skip
    unit = f"?unit={firm.branch_id}"
    strategy = reverse("marketing:strategy_rows", args=[firm.branch_id, 2026])
    market = "?by=kind&place=330402&value=catering&which=known"
    return {
        "loans": reverse("marketing:goal_rows", args=["inclusive_balance"]) + unit,
        "customers": reverse("marketing:goal_rows", args=["inclusive_customers"]) + unit,
        "at risk": reverse("marketing:goals_at_risk") + unit,
        "focus": f"{strategy}?kind=group&value=micro_small",
        "mix": f"{strategy}?kind=mix&value=working_capital_loan",
        "cell": reverse("marketing:market_customers") + market,
        "items": reverse("marketing:coordination_items"),
        "item": item.get_absolute_url(),
        "api": f"/api/v1/coordination-items/{item.pk}/",
    }


def test_an_auditor_reads_bands_wherever_rows_of_customers_open(client, firm):
    client.force_login(make_user("auditor", Branch.objects.get(parent=None)))

    told = {name: client.get(url).content.decode() for name, url in pages(firm).items()}

    assert Portrait.objects.get().loan_balance == 734_000
    assert {name for name, html in told.items() if BAND not in html} == set()
    assert {name for name, html in told.items() if any(one in html for one in FULL)} == set()


def test_the_owner_and_the_branch_read_the_amounts_themselves(client, firm):
    urls = pages(firm)

    for person in (firm.manager, make_user("branch_head", firm.branch)):
        client.force_login(person)
        seen = urls.keys() - ({"focus", "mix"} if person.role == "rm" else set())
        own = {name: urls[name].replace(f"?unit={firm.branch_id}", "") for name in seen}
        told = {name: client.get(url).content.decode() for name, url in own.items()}
        assert {n for n, html in told.items() if not any(one in html for one in FULL)} == set()
