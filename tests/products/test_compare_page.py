"""Ours and theirs side by side for one case (COM-1)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from products.finance import Case, Fee
from products.models import ProductVersion
from products.selectors.calculator import our_terms
from products.selectors.compare import comparison
from products.selectors.competitors import aged
from products.selectors.offered import our_offer, priced, term_broken, their_offer
from products.selectors.terms import lpr_on
from tests.factories import make_customer, make_portrait, make_user
from tests.products.competing import make_competitor, make_market, make_record
from tests.products.factories import make_product, make_rule, make_version

URL = "/products/compare/"
D = Decimal
CASE = Case(D(300000), 12, date(2027, 1, 20))


@pytest.fixture(autouse=True)
def market():
    make_market()


@pytest.fixture
def rm(client):
    user = make_user("rm")
    client.force_login(user)
    return user


def ours(**fields):
    version = make_version(**fields)
    return our_offer(our_terms(version, lpr_on(timezone.localdate())))


def theirs(**fields):
    return their_offer(aged([make_record(**fields)], timezone.localdate())[0])


def row(found, key):
    return next(line for line in found.lines if line.key == key).cells


def test_all_in_cost_of_both_comes_from_the_same_engine():
    found = comparison([ours(), theirs(upfront_fee_share=D("0.01"))], CASE)

    mine, other = found.columns
    assert mine.all_in == CASE.cost("interest_first", D("0.036")).all_in
    fee = Fee("upfront", share=D("0.01"))
    assert other.all_in == CASE.cost("interest_first", D("0.04"), [fee]).all_in
    assert [cell.is_best for cell in row(found, "all_in")] == [True, False]


def test_a_case_longer_than_one_draw_of_a_line_does_not_fit():
    line = ours(term_max_months=36, draw_max_months=12, is_revolving=True)

    assert term_broken(line, replace(CASE, months=13))
    assert not term_broken(line, CASE)


def test_the_best_cell_of_each_row_is_marked():
    mine = ours(processing_hours=24, repayment_modes=["interest_first", "revolving"])
    other = theirs(rate_min=D("0.03"), guarantee_modes=["mortgage"])

    found = comparison([mine, other], CASE)

    best = {line.key: [cell.is_best for cell in line.cells] for line in found.lines}
    assert best["amount"] == [False, True]  # 50 against 30
    assert best["rate"] == [False, True]
    assert best["all_in"] == [False, True]
    assert best["guarantee"] == [True, False]
    assert best["repayment"] == [True, False]
    assert best["time"] == [True, False]
    assert best["term"] == [False, False]  # alike


def test_an_expired_record_is_grey_and_never_the_best():
    today = timezone.localdate()
    old = theirs(
        rate_min=D("0.01"),
        source_on=today - timedelta(days=120),
        valid_until=today - timedelta(days=30),
    )

    found = comparison([ours(), theirs(), old], CASE)

    cells = row(found, "rate")
    assert [cell.is_best for cell in cells] == [True, False, False]
    assert [cell.is_old for cell in cells] == [False, False, True]


def test_what_is_not_known_is_said_and_never_the_best():
    bare = theirs(
        rate_min=None,
        amount_min=None,
        amount_max=None,
        term_min_months=None,
        term_max_months=None,
        guarantee_modes=[],
        repayment_modes=[],
        processing_hours=None,
    )

    found = comparison([ours(), bare], CASE)

    assert found.columns[1].all_in is None
    for key in ("amount", "term", "rate", "all_in", "guarantee", "repayment", "admission", "time"):
        cell = row(found, key)[1]
        assert cell.text == "不详"
        assert not cell.is_best


def test_a_case_they_do_not_lend_is_told_and_not_the_best():
    found = comparison([ours(), theirs(amount_min=D(400000), term_min_months=24)], CASE)

    assert row(found, "amount")[1].note == "40 万元起"
    assert row(found, "term")[1].note == "24 个月起"
    assert not row(found, "amount")[1].is_best


def test_a_mode_that_is_not_known_is_assumed_and_said_so():
    one = priced(theirs(repayment_modes=[]), CASE)
    found = comparison([ours(), theirs(repayment_modes=[])], CASE)

    assert one.is_assumed
    assert "假定" in row(found, "all_in")[1].note


def test_a_seasonal_offer_without_its_months_falls_back_to_its_next_mode():
    one = priced(theirs(repayment_modes=["seasonal", "bullet"]), CASE)

    assert one.side.mode == "bullet"


def test_without_an_lpr_a_spread_has_no_rate():
    version = make_version()

    terms = our_terms(version, None)

    assert terms.rate_low is None


def test_a_tariff_rate_stands_for_itself():
    version = make_version(
        rate_base="none", spread_min_bp=None, spread_max_bp=None, fixed_rate=D("0.12")
    )

    terms = our_terms(version, lpr_on(timezone.localdate()))

    assert (terms.rate_low, terms.rate_high) == (D("0.12"), D("0.12"))


def test_the_page_shows_four_at_most_with_source_and_age(client, rm):
    bank = make_competitor("东屿银行")
    keys = [f"p{make_record(bank, name=f'同业{no}').pk}" for no in range(3)]
    version = make_version(make_product("TT02"))

    html = client.get(
        URL, {"c1": f"v{version.pk}", "c2": keys[0], "c3": keys[1], "c4": keys[2], "amount": "30"}
    ).content.decode()

    assert html.count('scope="col"') == 4
    assert "TT02" in html
    assert "东屿银行" in html
    assert "网页" in html
    assert "产品目录 v1" in html
    assert "有效" in html


def test_without_a_choice_ours_meets_those_who_compete_with_it(client, rm):
    make_version(make_product("TT03", family="credit_card"))
    make_version(make_product("TT04"))
    record = make_record(name="对手贷")
    make_record(name="别类贷", family="fixed_asset_loan")

    html = client.get(URL).content.decode()

    assert f'<option value="p{record.pk}" selected>' in html
    assert html.count('scope="col"') == 2


def test_a_fragment_has_the_table_and_not_the_page(client, rm):
    make_record()
    make_version()

    page = client.get(URL).content.decode()
    fragment = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page
    assert "<html" not in fragment
    assert "<table" in fragment


def test_an_empty_catalogue_says_what_to_do(client, rm):
    html = client.get(URL).content.decode()

    assert "还没有可比的产品" in html


def test_wrong_entries_are_named(client, rm):
    make_version()

    html = client.get(
        URL, {"amount": "-1", "c2": "p1 or 1=1"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "以下输入无法比较" in html
    assert "金额" in html


def test_a_customer_out_of_reach_answers_like_no_customer(client, rm):
    version = make_version()
    make_rule(version)
    mine, other = make_customer(rm), make_customer(make_user("rm"))
    make_portrait(mine, years_in_business=5.0, red_flags=[])
    make_portrait(other, years_in_business=5.0, red_flags=[])
    query = {"c1": f"v{version.pk}"}

    seen = client.get(URL, query | {"customer": mine.pk}).content.decode()
    unseen = client.get(URL, query | {"customer": other.pk}).content.decode()

    assert "good-text" in seen
    assert "good-text" not in unseen


def test_a_superseded_version_stays_comparable(client, rm):
    version = make_version(make_product("TT05"), state="superseded")

    html = client.get(URL, {"c1": f"v{version.pk}", "c2": ""}).content.decode()

    assert ProductVersion.objects.get().state == "superseded"
    assert "TT05" in html


def test_a_draft_that_was_withdrawn_is_nobodys_to_compare(client, rm):
    """PRO-1: it never was in force, so only the catalogue and its checkers read it."""
    draft = make_version(make_product("TT06"), state="withdrawn", effective_from=None)
    record = make_record()

    html = client.get(URL, {"c1": f"v{draft.pk}", "c2": f"p{record.pk}"}).content.decode()

    assert "TT06" not in html
    assert record.name in html


@pytest.mark.parametrize("kind", ["v", "p"])
def test_a_number_beyond_all_rows_is_left_out(client, rm, kind):
    assert client.get(URL, {"c1": f"{kind}{'9' * 5000}", "c2": ""}).status_code == 200


def test_more_products_ask_no_more_of_the_database(client, rm, same_queries):
    bank = make_competitor()
    for _ in range(3):
        make_rule(make_version())
        make_record(bank)

    def grow():
        for _ in range(8):
            make_rule(make_version())
            make_record(bank)

    same_queries(lambda: client.get(URL), grow=grow)


def test_the_api_compares_by_the_same_figures(client, rm):
    version, record = make_version(), make_record()

    found = client.get(
        "/api/v1/compare/",
        {"c1": f"v{version.pk}", "c2": f"p{record.pk}", "amount": "30", "months": "12"},
    ).json()

    assert [one["key"] for one in found["columns"]] == [f"v{version.pk}", f"p{record.pk}"]
    assert D(found["columns"][0]["all_in"]).quantize(D("0.0001")) == D("0.0360")
    best = {line["key"]: [cell["is_best"] for cell in line["cells"]] for line in found["lines"]}
    assert best["all_in"] == [True, False]


def test_the_api_refuses_wrong_entries(client, rm):
    answer = client.get("/api/v1/compare/", {"amount": "0"})

    assert answer.status_code == 400
    assert "amount" in answer.json()["errors"]
