"""Products of competitors from a file (d.6): what was seen, refused at its cell, taken back."""

from datetime import date
from decimal import Decimal

import pytest

from customers.selectors.imports import changed_rows
from customers.services import imports
from products.models import Competitor, CompetitorProduct
from products.services.competitors import add_facts, edit_facts, fingerprint
from tests.customers.imports.loading import check, counts, csv, errors, load
from tests.factories import make_user
from tests.marketing.factories import load_rules

KIND = "competitor_products"
HEADER = (
    "同业机构,产品名称,产品类别,最低额度,最高额度,最低年利率,最高年利率,担保方式,还款方式,"
    "准入条件,偏好行业,信息来源,采集日期,可信度,佐证,有效期至"
)


@pytest.fixture(autouse=True)
def bank(db) -> Competitor:
    load_rules()
    return Competitor.objects.create(name="衡川农商行", kind="bank")


def line(**other: str) -> str:
    cells = {
        "who": "衡川农商行", "what": "惠商贷", "family": "流动资金贷款", "low": "2万",
        "high": "50万", "rate": "4.5%", "most": "6.8%", "guarantee": "信用、保证",
        "mode": "先息后本；随借随还",
        "admission": "经营满1年；贷款机构不超过3家", "industries": "51 52", "source": "宣传折页",
        "on": "2026-11-02", "sure": "高", "proof": "折页照片", "until": "",
    } | other  # fmt: skip
    return ",".join(cells.values())


def file(*rows: str) -> bytes:
    return csv(*rows, header=HEADER)


def test_a_line_becomes_a_product_as_seen_on_its_day(bank):
    batch = load(file(line()), KIND)

    row = CompetitorProduct.objects.get()
    assert counts(batch) == (1, 1, 0, 0, 0)
    assert (row.competitor, row.name, row.family) == (bank, "惠商贷", "working_capital_loan")
    assert (row.amount_min, row.amount_max) == (20_000, 500_000)
    assert (row.rate_min, row.rate_max) == (Decimal("0.045"), Decimal("0.068"))
    assert row.guarantee_modes == ["credit", "guarantee"]
    assert row.repayment_modes == ["interest_first", "revolving"]
    assert [one["text"] for one in row.admission] == ["经营满1年", "贷款机构不超过3家"]
    assert row.wanted_industries == ["51", "52"]
    assert (row.source, row.confidence) == ("flyer", "high")
    assert row.valid_until == date(2027, 1, 31)  # 90 days by the parameter


def test_what_cannot_be_is_refused_at_its_line_and_column():
    rows = file(
        line(who="没有这家"),
        line(low="60万"),
        line(most="4%"),
        line(guarantee="信用、月亮"),
        line(until="2026-11-01"),
        line(proof=""),
        line(industries="零售！"),
        line(on="2099-01-01"),
        line(),
    )

    batch = load(rows, KIND)

    assert errors(batch) == [
        (2, "competitor_unknown"), (3, "upper_below_lower"), (4, "upper_below_lower"),
        (5, "not_a_choice"), (6, "valid_before_seen"), (7, "required"), (8, "not_a_code"),
        (9, "day_in_future"),
    ]  # fmt: skip
    assert counts(batch) == (9, 1, 0, 0, 8)


def test_a_dry_run_counts_and_writes_nothing():
    dry = check(file(line(), line(what="快贷")), KIND)

    assert counts(dry) == (2, 2, 0, 0, 0)
    assert not CompetitorProduct.objects.exists()


def test_a_later_day_is_a_new_row_and_a_corrected_file_changes_its_own():
    load(file(line()), KIND)
    load(file(line(on="2026-11-12", most="6.2%")), KIND)

    again = load(file(line(high="80万")), KIND)

    assert counts(again) == (1, 0, 1, 0, 0)
    assert sorted(CompetitorProduct.objects.values_list("source_on", "amount_max")) == [
        (date(2026, 11, 2), 800_000),
        (date(2026, 11, 12), 500_000),
    ]
    assert [change.fields[0].after for change in changed_rows(again)] != []


def test_undoing_takes_back_what_came_and_restores_what_was_changed():
    load(file(line()), KIND)
    second = load(file(line(high="80万"), line(what="快贷")), KIND)

    imports.undo_now(by=None, batch_id=second.pk)

    row = CompetitorProduct.objects.get()
    assert (row.name, row.amount_max) == ("惠商贷", 500_000)


def test_what_people_wrote_or_put_right_is_left_alone_by_files_and_by_undo(bank):
    admin = make_user("catalog_admin")
    by_hand = {
        "name": "惠商贷", "family": "loan", "source": "web", "source_on": date(2026, 11, 2),
        "confidence": "low", "evidence": "官网",
    }  # fmt: skip
    add_facts(competitor_id=bank.pk, by=admin, facts=by_hand)
    batch = load(file(line(), line(what="快贷")), KIND)
    row = CompetitorProduct.objects.get(name="快贷")
    edit_facts(product_id=row.pk, by=admin, seen=fingerprint(row), values={"rate_max": None})

    imports.undo_now(by=None, batch_id=batch.pk)

    assert sorted(CompetitorProduct.objects.values_list("name", "family")) == [
        ("快贷", "working_capital_loan"),
        ("惠商贷", "loan"),
    ]
