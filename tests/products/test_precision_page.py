"""How suggestions did: counts by product and reason, intervals, calibration, who sees what."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from products.selectors.precision import precision_of, wilson
from tests.factories import make_branch, make_customer, make_user
from tests.products.factories import make_product, make_version
from tests.products.suggested import make_rules, make_suggestion

URL = "/products/precision/"
TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=120)


@pytest.fixture
def rm():
    make_rules()
    return make_user("rm")


def of(user):
    return precision_of(user=type(user).objects.get(pk=user.pk), today=TODAY)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # Wilson's interval at z = 1.96, worked by hand: centre (p + z²/2n) / (1 + z²/n)
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_against_published_values(part, whole, low, high):
    found = wilson(part, whole)

    assert found == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_of_nothing_there_is_no_share():
    assert wilson(0, 0) is None


def test_counts_by_product_reason_and_month(rm):
    payroll = make_version(make_product("PAY1", family="payroll"))
    loan = make_version(make_product("LOAN1"))
    two = [
        {"code": "need", "inputs": {}, "weight": 0.3},
        {"code": "fits", "inputs": {}, "weight": 0},
    ]
    seen = {"seen_at": timezone.now()}
    no = {"state": "declined", "decline_reason": "too_dear"} | seen
    for fields in (
        {"version": payroll, "reasons": two},
        {"version": payroll, "made_on": LONG_AGO, "opened_on": TODAY} | seen,
        {"version": payroll, "state": "accepted", "made_on": LONG_AGO} | seen,
        {"version": loan, "made_on": LONG_AGO} | no,
        {"version": loan, "made_on": TODAY, "opened_on": TODAY} | no,
        {"version": loan, "made_on": TODAY - timedelta(days=800)},
    ):
        make_suggestion(make_customer(rm), **fields)

    found = of(rm)

    lines = {line.key: line for line in found.products}
    pay, credit = lines["PAY1"], lines["LOAN1"]
    assert (pay.made, pay.seen, pay.accepted, pay.declined) == (3, 2, 1, 0)
    assert (pay.opening.part, pay.opening.whole) == (1, 2)  # today's window is not over
    assert (credit.made, credit.declined, credit.why) == (2, 2, {"too_dear": 2})
    assert (credit.opening.part, credit.opening.whole) == (0, 1)
    assert (found.total.made, found.total.accepting.value) == (5, 1 / 3)
    assert {line.key: line.made for line in found.reasons} == {"need": 1, "fits": 5}
    assert sum(line.made for line in found.months) == 5


def test_a_year_is_this_month_and_the_eleven_before_it(rm):
    found = [
        precision_of(user=rm, today=day).since for day in (date(2026, 11, 22), date(2027, 1, 1))
    ]

    assert found == [date(2025, 12, 1), date(2026, 2, 1)]


def test_calibration_sets_the_chance_told_against_what_happened(rm):
    for number in range(10):
        opened = TODAY if number < 2 else None
        chance = 0.15 if number < 5 else 0.6
        make_suggestion(make_customer(rm), made_on=LONG_AGO, chance=chance, opened_on=opened)

    bands = of(rm).bands

    assert [(band.low, band.told, band.opening.part, band.opening.whole) for band in bands] == [
        (0.1, pytest.approx(0.15), 2, 5), (0.5, pytest.approx(0.6), 0, 5),
    ]  # fmt: skip


def test_everybody_counts_what_is_in_reach_and_the_catalogue_counts_the_bank(rm):
    make_suggestion(make_customer(rm))
    make_suggestion(make_customer(make_user("rm", make_branch())))

    made = {
        user.role: of(user).total.made
        for user in (rm, make_user("branch_head", rm.branch), make_user("auditor"))
    }
    catalogue = of(make_user("catalog_admin")).total.made

    assert made == {"rm": 1, "branch_head": 1, "auditor": 2}
    assert catalogue == 2


def test_by_version_of_the_model(rm):
    make_suggestion(make_customer(rm), model=2)
    make_suggestion(make_customer(rm), model=None)

    found = {
        model: precision_of(user=rm, today=TODAY, model=model).total.made
        for model in (None, 0, 2, 7)
    }

    assert found == {None: 2, 0: 1, 2: 1, 7: 0}


@pytest.mark.parametrize(
    ("role", "status"),
    [("rm", 200), ("branch_head", 200), ("catalog_admin", 200), ("auditor", 200),
     ("risk_officer", 200), ("sys_admin", 403)],
)  # fmt: skip
def test_the_page_is_for_who_sees_products_and_names_no_customer(client, rm, role, status):
    make_suggestion(make_customer(rm, name="某某机械厂"), model=2)
    client.force_login(rm if role == "rm" else make_user(role, rm.branch))

    page = client.get(URL)
    fragment = client.get(URL, headers={"HX-Request": "true"})
    api = client.get("/api/v1/suggestions/precision/")

    assert page.status_code == api.status_code == status
    assert "某某机械厂" not in page.content.decode() + fragment.content.decode()
    if status == 200:
        assert api.json()["total"]["made"] == 1
        assert "<html" not in fragment.content.decode()


def test_the_page_costs_the_same_with_more_rows(client, rm, same_queries):
    client.force_login(rm)

    def grow(number=4):
        for _ in range(number):
            make_suggestion(make_customer(rm), made_on=LONG_AGO, state="expired")

    grow(1)
    same_queries(lambda: client.get(URL), grow=grow)
