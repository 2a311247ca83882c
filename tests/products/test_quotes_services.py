"""Quotes are frozen, made once a key, and refuse what cannot be quoted."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from customers.models import Customer
from products.models import ProductVersion, Quote
from products.selectors.compose import bundle_items, kept_apart, subject_of
from products.selectors.forbidden import forbidden_pairs
from products.selectors.quote_case import Line
from products.selectors.quote_lines import Choice
from products.selectors.quotes import figures_data, line_data, worked_again
from products.services.quotes import (
    Composition,
    LineInput,
    items_of,
    make_quote,
    make_quote_of,
)
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version
from tests.products.quoted import AS_OF, make_bundle, make_shop, prices, quoted

D = Decimal


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    found = make_customer(rm)
    make_portrait(
        found,
        credit_grade="B1",
        contribution_12m=D(5000),
        loan_balance=D(100_000),
        spread_income=D(2300),
        risk_cost=D(810),
        wanted_amount=D(200_000),
        wanted_months=12,
        annual_revenue=D(2_400_000),
        red_flags=[],
    )
    return found


def compose(bundle, **choices):
    found = {"b1": Choice(), "b2": Choice(), "b3": Choice(is_taken=False), "b4": Choice()}
    return Composition(bundle, choices=found | choices)


def make(customer, rm, composition, key="once"):
    return make_quote(customer_id=customer.pk, composition=composition, key=key, by=rm)


def test_a_kept_quote_is_worked_out_again_to_the_last_digit(customer, rm):
    quote = quoted(customer, by=rm)
    stored = Quote.objects.get(pk=quote.pk)

    again = worked_again(stored)

    told = figures_data(again)
    assert {key: stored.figures[key] for key in told} == told
    for line, figures in zip(stored.lines, again.lines, strict=True):
        assert line_data(figures)["figures"] == line["figures"]
    assert stored.figures["customer"]["total"] == str(
        sum(D(line["figures"]["cost"]["total"]) for line in stored.lines if line["is_taken"])
    )


def test_a_kept_quote_does_not_move_when_versions_parameters_and_portrait_do(customer, rm):
    quote = quoted(customer, by=rm)
    before = figures_data(worked_again(quote))
    ProductVersion.objects.filter(product__code="LN01").update(state="superseded")
    customer.portrait.credit_grade = "D"
    customer.portrait.save()

    stored = Quote.objects.get(pk=quote.pk)

    assert figures_data(worked_again(stored)) == before
    assert stored.lines[0]["no"] == 1


def test_a_second_click_gives_the_first_quote(customer, rm):
    bundle, _versions = make_shop()

    first = make(customer, rm, compose(bundle))
    second = make(customer, rm, compose(bundle, b1=Choice(is_taken=False)))

    assert first.pk == second.pk
    assert Quote.objects.count() == 1
    assert AuditEntry.objects.filter(event="products.quote_made").count() == 1


def test_a_key_of_another_customers_quote_is_refused(customer, rm):
    bundle, _versions = make_shop()
    make(customer, rm, compose(bundle))

    with pytest.raises(DomainError):
        make(make_customer(rm), rm, compose(bundle))


def test_a_customer_out_of_reach_is_not_there(customer):
    bundle, _versions = make_shop()

    with pytest.raises(Customer.DoesNotExist):
        make(customer, make_user("rm"), compose(bundle))


def test_who_makes_no_quotes_is_refused(customer, rm):
    bundle, _versions = make_shop()

    with pytest.raises(DomainError) as refused:
        make(customer, make_user("branch_head", rm.branch), compose(bundle))

    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(amount=D(9_000)), "b1-amount"),
        (Choice(amount=D(300_001)), "b1-amount"),
        (Choice(amount=D("50500.50")), "b1-amount"),  # not on a step of 1,000
        (Choice(months=13), "b1-months"),
        (Choice(rate=D("0.0359")), "b1-rate"),
        (Choice(rate=D("0.0451")), "b1-rate"),
        (Choice(mode="bullet"), "b1-mode"),
    ],
)
def test_terms_outside_the_version_are_refused_with_their_place(customer, rm, choice, field):
    bundle, _versions = make_shop()

    with pytest.raises(DomainError) as refused:
        make(customer, rm, compose(bundle, b1=choice))

    assert refused.value.status == 422
    assert list(refused.value.fields) == [field]
    assert not Quote.objects.exists()


def test_what_the_rules_refuse_cannot_be_quoted_and_says_which_rule(customer, rm):
    bundle, versions = make_shop()
    make_rule(versions["loan"], {"feature": "annual_revenue", "op": ">=", "value": "9000000"})

    with pytest.raises(DomainError, match="经营满 1 年"):
        make(customer, rm, compose(bundle))


def test_what_the_rules_cannot_tell_can_be_quoted_and_names_the_missing_fact(customer, rm):
    bundle, versions = make_shop()
    make_rule(versions["loan"])  # years in business are not known

    quote = make(customer, rm, compose(bundle))

    assert quote.lines[0]["outcome"] == "?"
    assert quote.lines[0]["missing"] == ["years_in_business"]


def test_refusing_everything_is_no_quote(customer, rm):
    bundle, _versions = make_shop()
    refused = {f"b{seq}": Choice(is_taken=False) for seq in range(1, 5)}

    with pytest.raises(DomainError):
        make(customer, rm, Composition(bundle, choices=refused))


def test_the_price_effect_holds_without_insurance_and_deposit_and_ends_without_the_code(
    customer, rm
):
    bundle, _versions = make_shop()

    bare = make(customer, rm, compose(bundle, b4=Choice(is_taken=False)), key="bare")
    alone = make(customer, rm, compose(bundle, b2=Choice(is_taken=False)), key="alone")

    assert bare.figures["has_price_effect"]
    assert not alone.figures["has_price_effect"]
    with_bundle, without = (quote.lines[0]["figures"] for quote in (bare, alone))
    assert with_bundle["without"] == without["without"] == without["cost"]


def test_insurance_and_deposit_never_count_and_say_why(customer, rm):
    bundle, _versions = make_shop()
    subject = subject_of(user=rm, customer=customer, as_of=AS_OF)

    items = kept_apart(bundle_items(subject=subject, bundle=bundle), forbidden_pairs())

    assert [item.counts for item in items] == [False, True, False, False]
    assert [item.apart for item in items] == ["", "", "保险绝不是贷款条件", "不得存贷挂钩"]


def test_in_each_place_the_first_product_that_fits_is_taken(customer, rm):
    prices()
    closed, fitting = make_version(make_product("AA1")), make_version(make_product("AA2"))
    make_rule(closed, {"feature": "annual_revenue", "op": "<", "value": "1"})
    bundle = make_bundle("BX", [("anchor", [closed.product, fitting.product])])
    subject = subject_of(user=rm, customer=customer, as_of=AS_OF)

    own, asked = (
        bundle_items(subject=subject, bundle=bundle, picks=picks)[0]
        for picks in ({}, {"b1": closed.pk})
    )

    assert (own.version, own.outcome) == (fitting, "y")
    assert (asked.version, asked.outcome) == (closed, "n")


def test_the_amount_rule_lowers_the_bound_and_says_so(customer, rm):
    prices()
    version = make_version(amount_formula="revenue_multiple", amount_factor=D("0.10"))
    bundle = make_bundle("BX", [("anchor", [version.product])])
    subject = subject_of(user=rm, customer=customer, as_of=AS_OF)

    item = bundle_items(subject=subject, bundle=bundle)[0]

    assert item.bounds.amount == (D(10_000), D(240_000))  # a tenth of 2.4 million
    assert item.bounds.note


def test_a_quote_from_versions_refuses_what_no_line_names(customer, rm):
    _bundle, versions = make_shop()
    extra = make_version(make_product("PY01", family="payroll"))
    lines = [
        LineInput(versions["loan"].pk, amount=D(100_000), months=6),
        LineInput(extra.pk),
    ]

    quote = make_quote_of(customer_id=customer.pk, bundle_code="B2", lines=lines, key="api", by=rm)

    taken = {line["code"]: line["is_taken"] for line in quote.lines}
    assert taken == {"LN01": True, "QR01": False, "IS01": False, "DP01": False, "PY01": True}
    assert quote.lines[0]["figures"]["cost"]["interest"] == str(
        (D(100_000) * D(quote.lines[0]["rate"]) / 2).quantize(D("0.01"))
    )


def test_a_version_that_is_not_on_sale_is_named(customer, rm):
    _bundle, versions = make_shop()
    old = make_version(state="superseded")

    with pytest.raises(DomainError, match=str(old.pk)):
        make_quote_of(
            customer_id=customer.pk,
            bundle_code="",
            lines=[LineInput(versions["qr"].pk), LineInput(old.pk)],
            key="api",
            by=rm,
        )


def test_an_insurance_line_is_the_same_loan_price_taken_or_not(customer, rm):
    bundle, _versions = make_shop()

    with_cover = make(customer, rm, compose(bundle, b3=Choice(amount=D(100_000))), key="with")
    bare = make(customer, rm, compose(bundle), key="bare")

    assert with_cover.lines[0]["figures"] == bare.lines[0]["figures"]
    assert with_cover.figures["customer"]["premiums"] == "80.00"  # 0.08 % of 100,000


def test_no_bundle_is_a_quote_too(customer, rm):
    prices()
    version = make_version()
    composition = replace(Composition(), added=(version.pk,))

    quote = make(customer, rm, composition)

    assert quote.bundle_version is None
    assert not quote.figures["has_price_effect"]
    assert quote.lines[0]["amount"] == "200000"  # what the customer wants


def test_a_repeated_call_gives_the_first_quote_whatever_is_on_sale_by_then(customer, rm):
    bundle, versions = make_shop()
    lines = [LineInput(versions["loan"].pk)]
    given = {"customer_id": customer.pk, "bundle_code": "B2", "lines": lines, "by": rm}
    first = make_quote_of(**given, key="api")
    bundle.state = "superseded"
    bundle.save()

    assert make_quote_of(**given, key="api") == first


def test_a_version_named_twice_is_refused_and_not_left_out(customer, rm):
    _bundle, versions = make_shop()
    lines = [LineInput(versions["loan"].pk, amount=D(amount)) for amount in (50_000, 90_000)]

    for code in ("", "B2"):
        with pytest.raises(DomainError, match=str(versions["loan"].pk)):
            make_quote_of(
                customer_id=customer.pk, bundle_code=code, lines=lines, key=f"api{code}", by=rm
            )

    assert not Quote.objects.exists()


def test_a_renewal_starts_in_whole_yuan_and_not_above_the_old_balance(customer, rm):
    prices()
    version = make_version(amount_formula="old_balance")
    customer.portrait.loan_balance = D("123456.78")
    customer.portrait.save()
    composition = replace(Composition(), added=(version.pk,))
    (item,) = items_of(subject_of(user=rm, customer=customer, as_of=AS_OF), composition)

    quote = make(customer, rm, replace(composition, choices={item.key: Choice(amount=item.amount)}))

    assert item.amount == D(123_456)
    assert quote.lines[0]["amount"] == "123456"


def test_a_version_that_begins_while_a_quote_is_composed_is_not_in_it(customer, rm):
    """What is judged and what is offered are one reading."""
    bundle, versions = make_shop()
    subject = subject_of(user=rm, customer=customer, as_of=AS_OF)
    ProductVersion.objects.filter(pk=versions["loan"].pk).update(state="superseded")
    make_version(versions["loan"].product)

    items = bundle_items(subject=subject, bundle=bundle)

    assert items[0].version == versions["loan"]


def test_a_line_is_called_in_the_language_at_hand():
    line = Line(1, "loan", name_zh="快速贷", name_en="Fast loan")

    with translation.override("en"):
        english = line.name

    assert (line.name, english, Line(1, "loan", name_zh="贷").name) == ("快速贷", "Fast loan", "贷")
