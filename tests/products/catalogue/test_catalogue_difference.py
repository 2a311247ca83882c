"""PRO-3: the difference of two versions in words, and the words themselves."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.core.conditions import Clause, Not, all_of, any_of
from crm.core.models import IndustryCode
from products.models import ProductVersion
from products.selectors.difference import difference
from products.selectors.rule_words import condition_text
from products.selectors.terms import amount_text, elements_line, five_elements, rate_text, term_text
from products.selectors.version_words import SECTIONS
from products.services.catalogue import CONTENT
from tests.products.factories import make_fee, make_product, make_rule, make_version


@pytest.fixture
def pair():
    """Two versions of one product with the same content."""
    product = make_product()
    return make_version(product, state="superseded"), make_version(product)


def changes(before, after):
    found = difference(before, after)
    return {change.key: change for section in found.sections for change in section.changes}


def changed(version, **fields):
    ProductVersion.objects.filter(pk=version.pk).update(**fields)
    version.refresh_from_db()
    return version


def test_equal_versions_do_not_differ(pair):
    for version in pair:
        make_rule(version)
        make_fee(version)

    assert difference(*pair).count == 0


def test_every_field_of_the_content_is_compared():
    named = {name for _key, _label, names in SECTIONS for name in names}

    assert named == set(CONTENT) - {"change_note"}


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("amount_max", Decimal(500_000), "50 万元"),
        ("term_max_months", 24, "24 个月"),
        ("spread_min_bp", -10, "\N{MINUS SIGN}10 bp"),
        ("rate_kind", "floating", "浮动利率"),
        ("fixed_rate", Decimal("0.0435"), "4.35%"),
        ("guarantee_modes", ["credit", "mortgage"], "信用、抵押"),
        ("loan_to_value", {"home": "0.7"}, "住宅 70%"),
        ("repayment_modes", ["seasonal"], "季节性还款"),
        ("season_months", [10, 12], "10、12"),
        ("is_revolving", True, "是"),
        ("target_groups", ["zjtx"], "专精特新"),
        ("processing_hours", 120, "5 天"),
        ("processing_hours", 24, "24 小时"),
        ("materials", ["营业执照", "流水"], "营业执照、流水"),
        ("risk_weight", Decimal("0.75"), "75%"),
        ("script", "先问用途", "先问用途"),
    ],
)
def test_a_changed_field_is_told_in_words(pair, field, value, text):
    before, after = pair

    found = changes(before, changed(after, **{field: value}))

    assert list(found) == [field]
    assert found[field].after == text


def test_lists_say_what_came_and_what_went(pair):
    before, after = pair
    changed(before, guarantee_modes=["credit", "mortgage"])

    change = changes(before, changed(after, guarantee_modes=["mortgage", "equipment"]))[
        "guarantee_modes"
    ]

    assert (change.added, change.removed) == (("设备",), ("信用",))


def test_another_order_is_no_difference(pair):
    before, after = pair
    changed(before, repayment_modes=["bullet", "revolving"], season_months=[1, 10])
    changed(after, repayment_modes=["revolving", "bullet"], season_months=[10, 1])

    assert difference(before, after).count == 0


def test_industries_are_named(pair):
    IndustryCode.objects.update_or_create(
        code="33", defaults={"level": 2, "section": "C", "name_zh": "金属制品业"}
    )
    before, after = pair

    change = changes(before, changed(after, target_industries=["33"]))["target_industries"]

    assert change.after == "33 金属制品业"


def test_rules_are_compared_by_code_with_their_conditions(pair):
    before, after = pair
    make_rule(before, code="years")
    make_rule(before, code="gone", text_zh="有房产")
    make_rule(after, Clause("years_in_business", ">=", "2"), code="years")
    make_rule(after, code="new", text_zh="无逾期")

    found = changes(before, after)

    assert {key: change.kind for key, change in found.items()} == {
        "years": "changed", "gone": "removed", "new": "added",
    }  # fmt: skip
    assert "≥ 1" in found["years"].before  # the same sentence: the condition tells them apart
    assert "≥ 2" in found["years"].after


def test_fees_are_compared_by_name(pair):
    before, after = pair
    make_fee(before, name_zh="评估费", share=Decimal("0.005"))
    make_fee(after, name_zh="评估费", share=Decimal("0.003"))
    make_fee(after, name_zh="年费", timing="yearly", sum_amount=Decimal(200))

    found = changes(before, after)

    assert (found["评估费"].before, found["评估费"].after) == (
        "金额的 0.5%，一次性", "金额的 0.3%，一次性",
    )  # fmt: skip
    assert found["年费"].kind == "added"


def test_a_first_version_differs_from_nothing_in_everything_it_says():
    version = make_version(state="submitted")

    found = changes(None, version)

    assert {change.kind for change in found.values()} == {"added"}
    assert {"amount_max", "term_max_months", "guarantee_modes"} <= set(found)


@given(st.data())
def test_the_difference_is_empty_one_way_exactly_when_it_is_the_other_way(data):
    """Turned round, every change is there with its two sides exchanged."""
    names = ["spread_min_bp", "term_max_months", "processing_hours", "script", "is_revolving"]
    product = make_product_in_memory()
    one, two = (
        ProductVersion(
            product=product,
            no=no,
            spread_min_bp=data.draw(st.sampled_from([None, -10, 0, 10])),
            term_max_months=data.draw(st.sampled_from([None, 6, 12])),
            processing_hours=data.draw(st.sampled_from([None, 24, 48])),
            script=data.draw(st.sampled_from(["", "甲", "乙"])),
            is_revolving=data.draw(st.booleans()),
        )
        for no in (1, 2)
    )

    there, back = fields_of(one, two), fields_of(two, one)

    assert {key: (b, a) for key, (a, b) in there.items()} == back
    assert set(there) == {name for name in names if getattr(one, name) != getattr(two, name)}


def make_product_in_memory():
    from products.models import Product

    return Product(code="T", name_zh="测", family="loan", owner_line="retail")


def fields_of(before, after):
    """The changed fields of two unsaved versions."""
    from products.selectors.difference import _fields
    from products.selectors.version_words import Words

    return {
        change.key: (change.before, change.after)
        for key, _label, names in SECTIONS
        for change in _fields(before, after, key, names, Words())
    }


# ---- words ----


def test_the_five_elements_read_as_a_banker_says_them():
    version = make_version(
        amount_formula="revenue_multiple", amount_factor=Decimal("0.3"), is_revolving=True,
        draw_max_months=12, term_max_months=36, repayment_modes=["seasonal", "revolving"],
        season_months=[12, 10],
    )  # fmt: skip

    texts = [element.text for element in five_elements(version)]

    assert texts == [
        "1–30 万元，不超过核实收入的 30%",
        "1–36 个月，循环，单笔最长 12 个月",
        "一年期 LPR +60 至 +150 bp，固定利率",
        "信用",
        "季节性还款、随借随还，到期月份 10、12",
    ]
    assert elements_line(version) == " · ".join(texts)


def test_the_elements_read_in_english_too():
    version = make_version()

    with translation.override("en"):
        texts = [amount_text(version), term_text(version), rate_text(version)]

    assert texts == ["¥10,000–¥300,000", "1–12 months", "LPR 1 year +60 to +150 bp, fixed"]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, 300_000, "最高 30 万元"),
        (10_000, None, "1 万元起"),
        (5_000, 300_000, "5,000 元–30 万元"),
        (300_000, 300_000, "最高 30 万元"),
        (None, None, ""),
    ],
)
def test_amount_bounds(low, high, text):
    version = make_version(
        amount_min=low and Decimal(low), amount_max=high and Decimal(high), amount_formula="range"
    )

    assert amount_text(version) == text


def test_a_condition_reads_as_a_sentence():
    tree = all_of(
        Clause("years_in_business", ">=", "2"),
        any_of(
            Clause("party_type", "in", ("company", "coop")), Not(Clause("stage", "=", "decline"))
        ),
        Clause("annual_revenue", "between", ("100000", "5000000")),
    )

    text = condition_text(tree.to_data())

    assert "≥ 2" in text
    assert "企业法人、农民专业合作社" in text
    assert "衰退期" in text
    assert "10 万元–500 万元" in text


def test_a_fee_is_known_by_its_chinese_name_in_every_language(pair):
    before, after = pair
    make_fee(before, name_zh="评估费", name_en="Fee")
    make_fee(after, name_zh="管理费", name_en="Fee")

    with translation.override("en"):
        found = changes(before, after)

    assert {key: change.kind for key, change in found.items()} == {
        "评估费": "removed",
        "管理费": "added",
    }
