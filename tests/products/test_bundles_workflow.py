"""Bundles: drafted by one, put in effect by another; no price effect may hang on insurance."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from customers.models import Holding
from products.forms.bundles import BundleForm
from products.models import BundleVersion, Quote
from products.selectors.bundle_measures import measures_of
from products.selectors.bundles import bundle_version, suited_bundles
from products.selectors.compose import bundle_items, subject_of
from products.services.bundles import (
    ItemInput,
    add_bundle,
    decide_version,
    drop_draft,
    save_draft,
    start_draft,
    submit_draft,
)
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_admins, make_product, make_rule, make_version
from tests.products.quoted import AS_OF, make_bundle, make_shop, prices, quoted

D = Decimal
CONTENT = {
    "benefit_zh": "一次办好",
    "benefit_en": "",
    "target_groups": ["self_employed"],
    "target_stages": [],
    "target_party_types": [],
    "rate_discount_bp": 10,
    "fee_discount": D(0),
    "effective_from": None,
}


@pytest.fixture
def admins():
    return make_admins(2)


def products():
    prices()
    loan, qr = make_product("LN09"), make_product("QR09", family="acquiring")
    cover = make_product("IS09", family="insurance")
    return loan, qr, cover


def save(draft, by, items, **values):
    return save_draft(
        version_id=draft.pk, revision=draft.revision, values=CONTENT | values, items=items, by=by
    )


def test_a_bundle_takes_effect_by_a_second_person_and_the_old_version_stays_readable(admins):
    maker, checker = admins
    loan, qr, cover = products()
    old = make_bundle("B9", [("anchor", [loan]), ("support", [qr])])

    draft = start_draft(code="B9", by=maker)
    items = [
        ItemInput("anchor", (loan.pk,)),
        ItemInput("support", (qr.pk,)),
        ItemInput("support", (cover.pk,), condition_zh="自愿"),
    ]
    save(draft, maker, items)
    submit_draft(version_id=draft.pk, by=maker)
    decide_version(version_id=draft.pk, is_approved=True, note="", by=checker)

    old.refresh_from_db()
    new = bundle_version(user=make_user("rm"), code="B9")
    assert (old.state, new.state, new.no) == ("superseded", "effective", 2)
    assert new.decided_by == checker
    assert [item.condition_zh for item in new.items.all()] == ["", "", "自愿"]
    assert bundle_version(user=make_user("rm"), code="B9", no=1) == old


def test_the_maker_cannot_approve(admins):
    maker, _checker = admins
    loan, qr, _cover = products()
    places = [("anchor", [loan]), ("support", [qr])]
    version = make_bundle("B9", places, state="submitted", made_by=maker)

    with pytest.raises(DomainError) as refused:
        decide_version(version_id=version.pk, is_approved=True, note="", by=maker)

    assert refused.value.status == 403


def test_a_returned_version_is_a_draft_again_with_the_checkers_word(admins):
    maker, checker = admins
    loan, qr, _cover = products()
    places = [("anchor", [loan]), ("support", [qr])]
    version = make_bundle("B9", places, state="submitted", made_by=maker)

    with pytest.raises(DomainError):
        decide_version(version_id=version.pk, is_approved=False, note=" ", by=checker)
    decide_version(version_id=version.pk, is_approved=False, note="优惠说明不清", by=checker)

    version.refresh_from_db()
    assert (version.state, version.decision_note) == ("draft", "优惠说明不清")


def test_what_is_submitted_is_frozen_and_somebody_elses_draft_is_not_written(admins):
    maker, other = admins
    loan, qr, _cover = products()
    places = [("anchor", [loan]), ("support", [qr])]
    draft = make_bundle("B9", places, state="draft", made_by=maker)
    items = [ItemInput("anchor", (loan.pk,)), ItemInput("support", (qr.pk,))]

    with pytest.raises(DomainError):
        save(draft, other, items)
    submit_draft(version_id=draft.pk, by=maker)
    with pytest.raises(DomainError):
        save(draft, maker, items)


def test_of_two_savings_of_one_draft_the_second_is_told(admins):
    maker, _other = admins
    loan, qr, _cover = products()
    draft = start_draft(code=make_bundle("B9", [("anchor", [loan])]).bundle.code, by=maker)
    items = [ItemInput("anchor", (loan.pk,)), ItemInput("support", (qr.pk,))]
    save(draft, maker, items)

    with pytest.raises(DomainError):
        save(draft, maker, items)


def test_a_rate_discount_that_hangs_on_insurance_is_refused_with_the_reason(admins):
    maker, _checker = admins
    loan, _qr, cover = products()
    places = [("anchor", [loan]), ("support", [cover])]
    draft = make_bundle("B9", places, state="draft", made_by=maker, rate_discount_bp=10)

    with pytest.raises(DomainError, match="保险绝不是贷款条件"):
        submit_draft(version_id=draft.pk, by=maker)

    draft.rate_discount_bp = 0
    draft.save()
    assert submit_draft(version_id=draft.pk, by=maker).state == "submitted"


def test_a_rate_discount_that_hangs_on_a_forbidden_pair_is_refused(admins):
    maker, _checker = admins
    loan, _qr, _cover = products()
    deposit = make_product("DP09", family="deposit")
    places = [("anchor", [loan]), ("support", [deposit])]
    draft = make_bundle("B9", places, state="draft", made_by=maker, rate_discount_bp=10)

    with pytest.raises(DomainError, match="不得存贷挂钩"):
        submit_draft(version_id=draft.pk, by=maker)


def test_drafting_twice_gives_the_same_draft_and_dropping_it_leaves_the_rest(admins):
    maker, _checker = admins
    loan, qr, _cover = products()
    old = make_bundle("B9", [("anchor", [loan]), ("support", [qr])])

    first, second = (start_draft(code="B9", by=maker) for _ in range(2))
    drop_draft(version_id=first.pk, by=maker)

    assert first == second
    assert list(BundleVersion.objects.filter(bundle__code="B9")) == [old]


def test_a_code_is_given_once(admins):
    maker, _checker = admins
    add_bundle(code="NEW1", name_zh="新包", name_en="", by=maker)

    with pytest.raises(DomainError) as refused:
        add_bundle(code="NEW1", name_zh="又一个", name_en="", by=maker)

    assert "code" in refused.value.fields


def test_who_only_reads_products_writes_no_bundle():
    with pytest.raises(DomainError) as refused:
        add_bundle(code="NEW1", name_zh="新包", name_en="", by=make_user("rm"))

    assert refused.value.status == 403


def test_the_bundle_whose_targets_are_met_and_whose_anchor_fits_comes_first():
    prices()
    rm = make_user("rm")
    customer = make_customer(rm)
    make_portrait(customer, stage="growth", groups=["self_employed"], red_flags=[])
    closed, qr = make_version(), make_version(make_product(family="acquiring"))
    make_rule(closed, {"feature": "stage", "op": "=", "value": "mature"})
    places = [("anchor", [qr.product]), ("support", [closed.product])]
    bundles = [
        make_bundle("BA", [("anchor", [closed.product])], target_groups=["self_employed"]),
        make_bundle("BB", places, target_groups=["sci_tech"]),
        make_bundle("BC", places, target_groups=["self_employed"], target_stages=["growth"]),
    ]
    subject = subject_of(user=rm, customer=customer, as_of=AS_OF)

    found = suited_bundles(subject, bundles=bundles)

    assert [one.version.bundle.code for one in found] == ["BC", "BB", "BA"]
    assert [one.suits for one in found] == [True, False, False]
    assert (found[0].fits, found[0].products) == (1, 2)


def observed(count, *, days_ago, opened):
    """So many quotes of the shop bundle, and in how many of them two families were opened."""
    bundle, _versions = make_shop() if not BundleVersion.objects.exists() else (None, None)
    rm, day = make_user("rm"), timezone.localdate() - timedelta(days=days_ago)
    for number in range(count):
        customer = make_customer(rm)
        make_portrait(customer, contribution_12m=D(1000), red_flags=[])
        quote = quoted(customer, by=rm)
        customer.portrait.contribution_12m = D(1500)
        customer.portrait.save()
        Quote.objects.filter(pk=quote.pk).update(as_of=day)
        hold(customer, "account_card", day - timedelta(days=400))
        if number < opened:
            hold(customer, "acquiring", day + timedelta(days=10))
            hold(customer, "working_capital_loan", day + timedelta(days=20))
        hold(customer, "deposit", day + timedelta(days=91))  # too late to count
    return bundle.bundle_id if bundle else Quote.objects.first().bundle_version.bundle_id


def hold(customer, family, opened_on):
    number = f"H{Holding.objects.count():05d}"
    Holding.objects.create(
        customer=customer, contract_no=number, family=family, opened_on=opened_on
    )


def test_what_a_bundle_brought_is_counted_from_openings_within_90_days():
    pk = observed(20, days_ago=95, opened=5)

    told = measures_of(bundle_ids=[pk], today=timezone.localdate())[pk]

    assert (told.quotes, told.ripe, told.take_up) == (20, 20, D("0.25"))
    assert (told.families_before, told.families_after) == (1, D("1.5"))
    assert told.income_uplift == 500


def test_with_too_few_cases_no_figure_is_told():
    pk = observed(3, days_ago=95, opened=3)

    told = measures_of(bundle_ids=[pk], today=timezone.localdate())[pk]

    assert (told.quotes, told.ripe, told.least) == (3, 3, 20)
    assert not told.is_told
    assert told.take_up is None


def test_a_young_quote_is_not_counted_yet():
    pk = observed(2, days_ago=89, opened=2)

    assert measures_of(bundle_ids=[pk], today=timezone.localdate())[pk].ripe == 0


def test_products_of_one_place_keep_the_order_they_were_put_in(client, admins):
    """d.5: the first that fits is taken, so the order is part of the bundle."""
    maker, checker = admins
    loan, qr, _cover = products()
    first, second = make_product("WZ02", family="wealth"), make_product("WZ01", family="wealth")
    draft = add_bundle(code="B31", name_zh="包", name_en="", by=maker)
    items = [
        ItemInput("anchor", (loan.pk,)),
        ItemInput("support", (qr.pk,)),
        ItemInput("support", (first.pk, second.pk)),
    ]
    save(draft, maker, items)
    submit_draft(version_id=draft.pk, by=maker)
    decide_version(version_id=draft.pk, is_approved=True, note="", by=checker)
    newer = start_draft(code="B31", by=maker)
    client.force_login(maker)

    offered = client.get("/products/bundles/B31/edit/").content.decode()
    place = offered[offered.index('name="items-2-products"') :]
    shown = bundle_version(user=maker, code="B31", no=newer.no).items.all()[2].choices.all()

    assert [product.code for product in shown] == ["WZ02", "WZ01"]
    assert place.index("WZ02") < place.index("WZ01")  # and so the browser sends them back


@pytest.mark.parametrize("share", [D(0), D("0.1"), D("0.125"), D(1)])
def test_the_form_of_a_draft_takes_back_the_discount_it_shows(share, admins):
    draft = add_bundle(code="B32", name_zh="包", name_en="", by=admins[0])
    BundleVersion.objects.filter(pk=draft.pk).update(fee_discount=share, benefit_zh="好")
    draft.refresh_from_db()
    shown = BundleForm(instance=draft).initial

    sent = BundleForm(shown, instance=draft)

    assert sent.is_valid(), sent.errors
    assert sent.values()["fee_discount"] == share


def test_the_first_of_several_that_fit_is_offered():
    prices()
    first, second = make_version(make_product("AB2")), make_version(make_product("AB1"))
    bundle = make_bundle("BX", [("anchor", [])])
    item = bundle.items.get()
    item.choices.add(first.product)
    item.choices.add(second.product)
    rm = make_user("rm")
    subject = subject_of(user=rm, customer=make_customer(rm), as_of=AS_OF)

    (place,) = bundle_items(subject=subject, bundle=bundle)

    assert place.version == first
    assert place.others == (first, second)
