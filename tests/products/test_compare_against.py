"""Who can beat us with one customer, and from which rate we win (COM-2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.conditions import Answer
from products.finance import Case, offer_cost
from products.finance.terms import due_date
from products.selectors.admission import judged
from products.selectors.against import against
from tests.factories import make_customer, make_portrait, make_user
from tests.products.competing import make_competitor, make_market, make_record
from tests.products.factories import make_fee, make_product, make_version

D = Decimal
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def market():
    make_market()


def asked(rm, version, **portrait):
    customer = make_customer(rm, name="恒丰五金")
    given = {"wanted_amount": D(200000), "wanted_months": 12, "years_in_business": 5.0}
    make_portrait(customer, **(given | portrait))
    return against(user=rm, customer_id=customer.pk, version_id=version.pk, as_of=TODAY())


def test_a_cheaper_offer_that_takes_the_customer_beats_us():
    rm, version = make_user("rm"), make_version()
    make_record(make_competitor("甲银行"), name="秒贷", rate_min=D("0.03"), min_years=D(2))

    found = asked(rm, version)

    (rival,) = found.rivals
    assert rival.beats_us
    # 200,000 x (3.60 % - 3.00 %), interest first: the balance is the amount all the year
    assert rival.saving == D("-1200.00")
    assert rival.break_even == D("0.030000")
    assert found.sentence == "甲银行 秒贷 每年便宜 1,200 元，我们降到 3.00% 才打平。"


def test_at_the_break_even_rate_ours_costs_the_same_all_in():
    rm, version = make_user("rm"), make_version(repayment_modes=["equal_instalment"])
    make_fee(version)
    make_record(rate_min=D("0.04"), repayment_modes=["equal_instalment"])

    found = asked(rm, version)

    (rival,) = found.rivals
    ours = offer_cost(
        mode="equal_instalment",
        amount=D(200000),
        yearly_rate=rival.break_even,
        months=12,
        first_due=due_date(TODAY(), 2),
        fees=found.ours.offer.fees,
    )
    assert abs(ours.all_in - rival.priced.all_in) < D("0.00001")


def test_a_cheaper_one_that_does_not_take_the_customer_and_a_dearer_one_that_does():
    rm, version = make_user("rm"), make_version()
    make_record(make_competitor("甲银行"), name="秒贷", rate_min=D("0.0486"))
    make_record(make_competitor("乙银行"), name="税e贷", rate_min=D("0.03"), min_years=D(8))

    found = asked(rm, version)

    assert [rival.beats_us for rival in found.rivals] == [False, False]
    assert found.sentence == (
        "乙银行 税e贷 更便宜，但客户进不去：经营满 8 年。"
        "对 甲银行 秒贷，我们每年为客户省 2,520 元。"
    )


def test_a_missing_fact_leaves_it_open_and_is_named():
    rm, version = make_user("rm"), make_version()
    make_record(name="秒贷", rate_min=D("0.03"), max_lenders=3)

    found = asked(rm, version)

    (rival,) = found.rivals
    assert rival.admission.answer == Answer.UNKNOWN
    assert "能否准入还要看：贷款机构数" in found.sentence


def test_an_amount_they_do_not_lend_does_not_beat_us():
    rm, version = make_user("rm"), make_version()
    make_record(name="大额贷", rate_min=D("0.02"), amount_min=D(500000), amount_max=D(900000))

    found = asked(rm, version)

    (rival,) = found.rivals
    assert rival.is_cheaper
    assert not rival.beats_us
    assert "50 万元起" in found.sentence


def test_expired_records_are_counted_and_left_out():
    rm, version = make_user("rm"), make_version()
    make_record(
        rate_min=D("0.01"),
        source_on=TODAY() - timedelta(days=100),
        valid_until=TODAY() - timedelta(days=10),
    )

    found = asked(rm, version)

    assert found.rivals == ()
    assert found.expired == 1
    assert "没有同类产品的有效同业资料" in found.sentence


def test_other_families_do_not_compete():
    rm, version = make_user("rm"), make_version()
    make_record(family="fixed_asset_loan", rate_min=D("0.01"))

    assert asked(rm, version).rivals == ()


def test_the_case_is_what_the_customer_wants_within_what_we_lend():
    rm, version = make_user("rm"), make_version()

    found = asked(rm, version, wanted_amount=D(5_000_000), wanted_months=36)

    assert found.case == Case(D(300000), 12, due_date(TODAY(), 2))


@pytest.mark.parametrize(
    ("terms", "facts", "answer"),
    [
        ({"min_years": D(3)}, {"years_in_business": 3.0}, Answer.YES),
        ({"min_years": D(3)}, {"years_in_business": 2.9}, Answer.NO),
        ({"min_years": D(3)}, {}, Answer.UNKNOWN),
        ({"max_lenders": 2}, {"lenders": 2}, Answer.YES),
        ({"max_lenders": 2}, {"lenders": 3}, Answer.NO),
        ({"avoided_industries": ["47", "49"]}, {"industry_code": "4710"}, Answer.NO),
        ({"avoided_industries": ["47", "49"]}, {"industry_code": "5210"}, Answer.YES),
        ({"regions": ["3304"]}, {"region_code": "330402"}, Answer.YES),
        ({"regions": ["3304"]}, {"region_code": "330102"}, Answer.NO),
        ({"regions": ["3304"], "min_years": D(9)}, {"years_in_business": 1.0}, Answer.NO),
        ({"admission": [{"text": "老板人品好"}]}, {}, Answer.UNKNOWN),
        ({}, {}, Answer.YES),
    ],
)
def test_admission_has_three_answers(terms, facts, answer):
    record = make_record(**terms)

    assert judged(record, facts).answer == answer


def test_a_condition_is_told_once():
    clause = {"feature": "years_in_business", "op": ">=", "value": 1}
    record = make_record(min_years=D(1), admission=[{"text": "经营满 1 年", "condition": clause}])

    assert [line.text for line in judged(record, {}).lines] == ["经营满 1 年"]


def test_the_panel_is_for_customers_in_reach(client):
    rm, version = make_user("rm"), make_version()
    make_record()
    mine, other = make_customer(rm), make_customer(make_user("rm"))
    client.force_login(rm)

    seen = client.get(f"/products/against/{mine.pk}/{version.pk}/", headers={"HX-Request": "true"})
    unseen = client.get(f"/products/against/{other.pk}/{version.pk}/")

    assert seen.status_code == 200
    assert "<html" not in seen.content.decode()
    assert unseen.status_code == 404


def test_what_is_no_credit_has_no_panel(client):
    rm = make_user("rm")
    version = make_version(repayment_modes=[])
    client.force_login(rm)

    answer = client.get(f"/products/against/{make_customer(rm).pk}/{version.pk}/")

    assert answer.status_code == 404


def test_more_rivals_ask_no_more_of_the_database(client, same_queries):
    rm, version, bank = make_user("rm"), make_version(), make_competitor()
    customer = make_customer(rm)
    make_portrait(customer)
    make_record(bank)
    client.force_login(rm)

    same_queries(
        lambda: client.get(f"/products/against/{customer.pk}/{version.pk}/"),
        grow=lambda: [make_record(bank) for _ in range(6)],
    )


@pytest.mark.parametrize(
    ("flags", "tags", "answer"),
    [
        (["dishonest"], [], Answer.NO),
        ([], [], Answer.YES),
        (["dishonest"], ["renewal"], Answer.YES),
    ],
)
def test_a_red_flag_keeps_a_customer_out_of_a_credit_of_ours_but_not_of_a_renewal(
    flags, tags, answer
):
    rm = make_user("rm")
    version = make_version(product=make_product(tags=tags))
    make_record(name="秒贷")

    (ours, _theirs) = asked(rm, version, red_flags=flags).table.columns

    assert ours.offer.admission({"red_flags": flags}).answer == answer
