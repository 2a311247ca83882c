"""The gap score of our products against the market (COM-3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from products.selectors.gap import gaps
from tests.factories import make_user
from tests.products.competing import make_market, make_record
from tests.products.factories import make_product, make_rule, make_version

URL = "/products/competitors/gap/"
D = Decimal
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def market():
    make_market()


def test_the_score_is_the_sum_of_its_four_parts():
    version = make_version(processing_hours=96)  # 3.60 %, up to 300,000
    for _ in range(3):
        make_rule(version)
    make_record(rate_min=D("0.03"), amount_max=D(400000), processing_hours=24, min_years=D(1))

    (gap,) = gaps(TODAY())

    assert gap.rate_bp == D("60.0")
    assert gap.parts == (D("6.0"), D("2.5"), D("7.5"), D(2))
    assert gap.score == D("18.0")


def test_where_we_lead_there_are_no_points():
    version = make_version(processing_hours=1, amount_max=D(900000))
    make_rule(version)
    make_record(rate_min=D("0.08"), min_years=D(1), max_lenders=3)

    (gap,) = gaps(TODAY())

    assert gap.rate_bp == D("-440.0")
    assert gap.parts == (0, 0, 0, 0)
    assert gap.score == 0


def test_what_is_not_known_has_no_points():
    make_version()
    make_record(rate_min=None, amount_max=None, processing_hours=None)

    (gap,) = gaps(TODAY())

    assert gap.parts == (None, None, None, None)
    assert gap.score == 0


def test_the_widest_gap_of_the_family_counts_and_stands_first():
    lagging = make_version(make_product("ZZ01", family="fixed_asset_loan"))
    leading = make_version(make_product("AA01"))
    make_record(rate_min=D("0.035"))
    strongest = make_record(rate_min=D("0.034"))
    make_record(family="fixed_asset_loan", rate_min=D("0.02"))
    alone = make_version(make_product("BB01", family="credit_card"))

    found = gaps(TODAY())

    assert [gap.ours.offer.version for gap in found] == [lagging, leading, alone]
    assert found[1].theirs.offer.record.product == strongest
    assert found[2].score is None


def test_expired_records_do_not_count():
    make_version()
    make_record(source_on=TODAY() - timedelta(days=120), valid_until=TODAY() - timedelta(days=30))

    (gap,) = gaps(TODAY())

    assert gap.theirs is None


def test_the_page_shows_the_formula_and_both_costs(client):
    client.force_login(make_user("catalog_admin"))
    make_version(make_product("TT01"))
    make_record(name="对手贷", rate_min=D("0.03"))

    html = client.get(URL).content.decode()

    assert "差距分 = 利率差（基点）÷ 10 + 额度差 + 时效差 + 准入差" in html
    assert "TT01" in html
    assert "对手贷" in html
    assert "+60" in html


def test_more_records_ask_no_more_of_the_database(client, same_queries):
    client.force_login(make_user("rm"))
    make_rule(make_version())
    make_record()

    def grow():
        for _ in range(5):
            make_rule(make_version())
            make_record()

    same_queries(lambda: client.get(URL), grow=grow)
