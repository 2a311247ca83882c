"""The first catalogue: complete, loaded once, following its files only where it may (d.3, d.5)."""

from datetime import date
from decimal import Decimal
from io import StringIO
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command

from crm.core.conditions import from_data
from crm.core.models import Job
from customers.models import CREDIT_FAMILIES
from products.finance import Case
from products.matching.vocabulary import RULE_COLUMNS
from products.models import (
    Bundle,
    Competitor,
    CompetitorProduct,
    EligibilityRule,
    ForbiddenPair,
    MatchWeights,
    Product,
    ProductVersion,
)
from products.selectors.calculator import our_terms
from products.selectors.offered import our_offer, with_terms
from products.selectors.terms import lpr_on
from products.selectors.version_checks import missing_elements, term_problems
from products.services.seed_files import SEEDS, BadSeed, product_seeds
from products.services.seeds import load_products
from tests.factories import make_customer, make_user

DAY = date(2026, 11, 22)
TABLE = (  # spec d.3
    "WC01 WC02 WC03 WC04 WC05 WC06 WC07 WC08 WC09 FA01 SC01 SC02 SG01 SL01 FP01 FP02 CC01 IN01 "
    "DP01 DP02 DP03 WM01 WM02 PS01 PS02 AC01 OP01 OP02 PY01 IS01 IS02 IS03 IS04 EC01"
)
BOUNDS = [  # amounts in yuan, longest term, spreads over LPR: the figures of d.3
    ("WC01", 10_000, 300_000, 12, 60, 150),
    ("WC02", 50_000, 3_000_000, 12, 0, 90),
    ("WC03", 10_000, 500_000, 12, 50, 150),
    ("WC04", 200_000, 10_000_000, 36, -20, 60),
    ("WC05", 500_000, 10_000_000, 36, -10, 50),
    ("WC06", 100_000, 3_000_000, 24, 20, 100),
    ("WC07", 200_000, 5_000_000, 12, 10, 80),
    ("WC08", 500_000, 10_000_000, 36, -20, 50),
    ("FA01", 200_000, 8_000_000, 60, 0, 60),
    ("SC01", 100_000, 10_000_000, 6, -20, 40),
    ("SC02", 100_000, 5_000_000, 6, 0, 60),
    ("FP01", 10_000, 500_000, 36, 50, 150),
    ("FP02", 10_000, 200_000, 36, 60, 120),
]


@pytest.fixture
def folder(tmp_path):
    """A copy of the seed files that a test may change."""
    return copytree(SEEDS, tmp_path / "seeds")


def effective(code):
    return ProductVersion.objects.get(product__code=code, state="effective")


def test_every_product_of_the_seed_catalogue_is_in_force_once():
    load_products(effective_from=DAY)

    rows = ProductVersion.objects.filter(state="effective").order_by("product__code")
    assert [row.product.code for row in rows.select_related("product")] == sorted(TABLE.split())
    assert {row.effective_from for row in rows} == {DAY}
    assert {row.no for row in rows} == {1}


def test_every_version_is_complete_and_its_credit_has_five_elements():
    load_products(effective_from=DAY)

    for version in ProductVersion.objects.select_related("product"):
        assert not missing_elements(version, has_fees=version.fees.exists()), version
        values = {f.name: getattr(version, f.name) for f in version._meta.local_concrete_fields}
        assert not term_problems(values), version
        assert version.script and version.risk_warning and version.channels, version
        if version.product.family in CREDIT_FAMILIES:
            assert version.materials and version.uses and version.renewal_rule, version
            assert version.processing_hours and version.risk_weight is not None, version


@pytest.mark.parametrize(("code", "low", "high", "months", "spread_low", "spread_high"), BOUNDS)
def test_terms_are_those_of_the_catalogue_table(code, low, high, months, spread_low, spread_high):
    load_products(effective_from=DAY)

    version = effective(code)

    assert (version.amount_min, version.amount_max) == (low, high)
    assert version.term_max_months == months
    assert (version.spread_min_bp, version.spread_max_bp) == (spread_low, spread_high)


def test_every_rule_speaks_both_languages_and_says_what_would_change_it():
    load_products(effective_from=DAY)

    for rule in EligibilityRule.objects.all():
        assert rule.text_zh and rule.text_en and rule.remedy_zh and rule.remedy_en, rule
        assert from_data(rule.condition).features() <= set(RULE_COLUMNS), rule


def test_loading_twice_changes_nothing():
    load_products(effective_from=DAY)
    before = list(ProductVersion.objects.order_by("pk").values())

    told = load_products(effective_from=date(2026, 12, 1))

    assert told == {"bundles kept": 9, "products kept": 34}
    assert list(ProductVersion.objects.order_by("pk").values()) == before


def test_customers_are_matched_after_loading_and_only_when_something_changed():
    load_products(effective_from=DAY)
    load_products(effective_from=DAY)

    assert Job.objects.filter(kind="matches.full").count() == 1


def test_a_changed_file_makes_a_new_version_on_a_demo_bank(folder, settings):
    settings.DEMO = True
    make_customer()
    load_products(effective_from=DAY, folder=folder)
    change(folder, "WC01.toml", "amount_max = 300_000", "amount_max = 200_000")

    told = load_products(effective_from=date(2026, 12, 1), folder=folder)

    assert told["products changed"] == 1
    first, second = Product.objects.get(code="WC01").versions.order_by("no")
    assert (first.state, first.effective_to) == ("superseded", date(2026, 11, 30))
    assert (second.state, second.amount_max) == ("effective", Decimal(200_000))


def test_a_changed_rule_counts_as_a_change_too(folder, settings):
    settings.DEMO = True
    load_products(effective_from=DAY, folder=folder)
    change(folder, "PY01.toml", "value = 5", "value = 8")

    load_products(effective_from=DAY, folder=folder)

    rule = effective("PY01").rules.get(code="five_staff")
    assert rule.condition == {"feature": "employees", "op": ">=", "value": 8}


def test_a_bank_with_customers_keeps_what_it_has_and_is_told_of_the_difference(folder, settings):
    settings.DEMO = False
    load_products(effective_from=DAY, folder=folder)
    make_customer()
    change(folder, "WC01.toml", "amount_max = 300_000", "amount_max = 200_000")

    told = load_products(effective_from=DAY, folder=folder)

    assert told["products differing from the file, left alone"] == 1
    assert effective("WC01").amount_max == 300_000


def test_what_a_person_has_edited_is_left_alone_even_on_a_demo_bank(folder, settings):
    settings.DEMO = True
    load_products(effective_from=DAY, folder=folder)
    ProductVersion.objects.filter(product__code="WC01").update(state="superseded")
    person = make_user("catalog_admin")
    made = effective_copy("WC01", person)
    change(folder, "WC01.toml", "amount_max = 300_000", "amount_max = 200_000")

    told = load_products(effective_from=DAY, folder=folder)

    assert told["products kept as people edited them"] == 1
    assert effective("WC01") == made


def effective_copy(code, person):
    """A second version that a person brought into force."""
    product = Product.objects.get(code=code)
    return ProductVersion.objects.create(
        product=product, no=2, state="effective", effective_from=DAY, made_by=person
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('feature = "employees"', 'feature = "staff"', "rule five_staff: 没有“staff”这个特征"),
        ("value = 5", 'value = "many"', "rule five_staff"),
        ('op = ">="', 'op = "has_any"', "PY01.toml rule five_staff"),
        ('family = "payroll"', 'family = "wages"', "family"),
        ("processing_hours = 48", "processing_days = 2", "unknown key processing_days"),
        ('shared = ["not_abnormal"]', 'shared = ["nice"]', "nice is missing"),
        ('channels = ["online"', 'channels = ["fax"', "channels"),
        ("[terms]", "[terms", "PY01.toml"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_file_place_and_value(folder, old, new, told):
    change(folder, "PY01.toml", old, new)

    with pytest.raises(BadSeed, match=r"PY01\.toml") as caught:
        product_seeds(folder)

    assert told in str(caught.value)


def change(folder, name, old, new):
    """The text of a product file, one passage replaced."""
    path = folder / "catalogue" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_database_freezes_what_was_loaded():
    load_products(effective_from=DAY)

    with pytest.raises(Exception, match="frozen"):
        effective("WC01").rules.all().delete()


def test_the_nine_bundles_stand_with_their_items_and_no_forced_tie_in():
    load_products(effective_from=DAY)

    assert Bundle.objects.count() == 9
    startup = Bundle.objects.get(code="B4").versions.get(state="effective")
    choices = [[p.code for p in item.choices.all()] for item in startup.items.all()]
    assert choices == [["AC01"], ["SG01", "WC01"], ["IS02"], []]
    assert startup.items.last().service_zh
    pairs = set(ForbiddenPair.objects.values_list("first", "second"))
    assert {(str(family), "insurance") for family in CREDIT_FAMILIES} <= pairs


def test_the_weights_of_the_specification_are_active():
    load_products(effective_from=DAY)

    row = MatchWeights.objects.get(state="active")

    parts = (row.need, row.segment, row.repayment, row.guarantee, row.price)
    assert parts == (30, 20, 15, 10, 10)
    assert (row.speed, row.channel, row.strategy) == (5, 5, 5)
    assert (row.limited_industry, row.amber_warning) == (15, 10)


def test_the_command_loads_competitors_on_a_demo_bank_only(settings):
    call_command("load_products", stdout=StringIO())
    assert not Competitor.objects.exists()

    call_command("load_products", "--demo", stdout=StringIO())

    assert Competitor.objects.count() == 4
    assert CompetitorProduct.objects.filter(valid_until__lt=date.today()).count() == 1
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_products", "--demo", stdout=StringIO())


def test_the_tech_loan_repays_a_tenth_of_its_principal_each_year():
    """d.3, WC08: interest first, and 10 % of the principal a year."""
    load_products(effective_from=DAY)
    version = ProductVersion.objects.get(product__code="WC08")
    offer = our_offer(our_terms(version, lpr_on(DAY)))
    case = with_terms(Case(Decimal(1_000_000), 36, DAY), offer)

    cost = case.cost("interest_first", Decimal("0.03"))

    paid = [row.principal for row in cost.rows if row.principal]
    assert paid == [Decimal("100000.00"), Decimal("100000.00"), Decimal("800000.00")]
