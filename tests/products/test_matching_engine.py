"""The engine against plain Python, its own stored inputs, and a broken run (d.4)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from crm.core.errors import DomainError
from crm.core.jobs import enqueue, publish
from crm.core.models import IndustryPolicy, Job
from customers.models import Customer, Portrait
from products.models import (
    CustomerMatch,
    EligibilityRule,
    MatchCount,
    MatchWeights,
    OfferFit,
    Product,
    ProductVersion,
    RuleBook,
)
from products.selectors.book import book_of, current_book
from products.selectors.explain import recomputed
from products.services import matching
from products.services.book import keep_book
from products.services.seeds import load_products
from tests.customers.portrait_facts import make_reference
from tests.demo_bank import AS_OF
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version
from tests.products.match_reference import Plain

ROUNDING = 0.0101


@pytest.fixture
def catalogue():
    """The seed catalogue in force."""
    load_products(effective_from=AS_OF)


def fits_of(customer_id):
    """The fits of a customer as plain rows."""
    rows = OfferFit.objects.filter(customer=customer_id).order_by("version_id")
    return list(rows.values_list("version_id", "kind", "score", "rule"))


def told(match):
    """What a match says, its stamps aside."""
    names = ("book_number", "as_of", "portrait_version", "inputs", "outcomes", "scores", "failed",
             "unknown", "top")  # fmt: skip
    return {name: getattr(match, name) for name in names}


def test_every_demo_customer_is_matched_as_plain_python_would(demo_bank, catalogue):
    done = matching.run_full(as_of=AS_OF)

    assert done == CustomerMatch.objects.count() == Portrait.objects.count()
    plain = Plain(AS_OF)
    for match in CustomerMatch.objects.all():
        wanted = plain.match_one(match.pk)
        assert match.outcomes == wanted["outcomes"]
        assert match.top == wanted["top"]
        for ours, theirs in zip(match.scores, wanted["scores"], strict=True):
            assert (ours is None) == (theirs is None)
            assert ours is None or abs(ours - theirs) <= ROUNDING


def test_scores_stay_between_0_and_100_and_top_has_two_a_family_and_five(demo_bank, catalogue):
    matching.run_full(as_of=AS_OF)

    book = current_book(AS_OF)
    family = {offer.version_id: offer.family for offer in book.offers}
    for match in CustomerMatch.objects.all():
        assert all(score is None or 0 <= score <= 100 for score in match.scores)
        families = [family[version] for version in match.top]
        assert len(match.top) <= 5
        assert all(families.count(name) <= 2 for name in families)
        letters = {o.version_id: c for o, c in zip(book.offers, match.outcomes, strict=True)}
        assert all(letters[version] == "y" for version in match.top)


def test_a_refresh_says_what_the_full_run_says(demo_bank, catalogue):
    matching.run_full(as_of=AS_OF)
    before = {m.pk: (told(m), fits_of(m.pk)) for m in CustomerMatch.objects.all()}

    done = matching.match_customers(customer_ids=before, as_of=AS_OF)

    assert done == len(before)
    after = {m.pk: (told(m), fits_of(m.pk)) for m in CustomerMatch.objects.all()}
    assert after == before


def test_a_stored_match_is_recomputed_to_the_last_digit_after_everything_changed(
    demo_bank, catalogue
):
    matching.run_full(as_of=AS_OF)
    stored = {match.pk: match for match in CustomerMatch.objects.all()}
    MatchWeights.objects.update(state="retired")
    MatchWeights.objects.create(version=99, state="active", need=20, segment=30)
    Product.objects.filter(code="WC01").update(status="paused")
    Portrait.objects.update(stage="decline", wanted_amount=1, tags=["churn_risk"])
    make_version(make_product(family="deposit"))

    again = {pk: recomputed(match) for pk, match in stored.items()}

    for pk, match in stored.items():
        assert again[pk] == {name: getattr(match, name) for name in again[pk]}


def test_the_same_content_has_the_same_book_and_a_changed_one_another():
    version = make_version()
    first = keep_book(AS_OF)

    same = keep_book(AS_OF)
    make_rule(version)
    other = keep_book(AS_OF)

    assert same.number == first.number != other.number
    assert RuleBook.objects.count() == 2
    assert book_of(first.number).offers == first.offers
    assert book_of(other.number).digest == other.digest


def test_k17_only_effective_versions_are_matched():
    customer = make_customer()
    make_portrait(customer, years_in_business=3, red_flags=[])
    rest = {state: make_version(state=state) for state in ("draft", "submitted", "superseded")}
    effective = make_version(state="effective")
    later = make_version(effective_from=AS_OF + timedelta(days=1))
    paused = make_version(make_product(status="paused"))

    matching.run_full(as_of=AS_OF)

    found = set(OfferFit.objects.values_list("version_id", flat=True))
    assert found == {effective.pk}
    assert not found & {later.pk, paused.pk, *(version.pk for version in rest.values())}


def test_outcomes_are_three_valued_and_fits_name_what_is_in_the_way():
    version = make_version()
    make_rule(version, code="old_enough")
    rule = {"feature": "employees", "op": "<=", "value": "10"}
    make_rule(version, rule, code="small")
    cases = {
        "fits": ({"years_in_business": 2.0, "employees": 5}, "y", "y", ""),
        "almost": ({"years_in_business": 0.5, "employees": 5}, "n", "a", "old_enough"),
        "one fact": ({"years_in_business": 2.0}, "?", "u", "employees"),
        "two facts": ({}, "?", None, None),
        "two rules": ({"years_in_business": 0.5, "employees": 50}, "n", None, None),
        "rule and fact": ({"years_in_business": 0.5}, "n", "a", "old_enough"),
    }
    people = {name: make_customer() for name in cases}
    for name, (facts, *_rest) in cases.items():
        make_portrait(people[name], red_flags=[], **facts)

    matching.run_full(as_of=AS_OF)

    for name, (_facts, outcome, kind, obstacle) in cases.items():
        match = CustomerMatch.objects.get(pk=people[name].pk)
        fit = OfferFit.objects.filter(customer=people[name].pk).first()
        assert match.outcomes == outcome, name
        if name == "rule and fact":  # one fails, but another cannot tell
            assert (match.failed, match.unknown) == ([1], [1])
            assert fit is None
        elif kind is None:
            assert fit is None, name
        else:
            assert (fit.kind, fit.rule) == (kind, obstacle), name


def test_who_fails_for_what_it_is_and_always_will_be_does_not_almost_fit():
    farmers, old = make_version(), make_version()
    make_rule(farmers, {"feature": "party_type", "op": "=", "value": "farm_household"})
    make_rule(old)
    customer = make_customer()
    make_portrait(customer, party_type="company", years_in_business=0.5, red_flags=[])

    matching.run_full(as_of=AS_OF)

    assert CustomerMatch.objects.get(pk=customer.pk).outcomes == "nn"
    assert [fit.version_id for fit in OfferFit.objects.all()] == [old.pk]


def test_a_fact_that_two_rules_wait_for_counts_once():
    version = make_version()
    make_rule(version)
    make_rule(version, {"feature": "years_in_business", "op": "<", "value": "9"})
    customer = make_customer()
    make_portrait(customer, red_flags=[])

    matching.run_full(as_of=AS_OF)

    fit = OfferFit.objects.get(customer=customer.pk)
    assert (fit.kind, fit.rule) == ("u", "years_in_business")
    assert CustomerMatch.objects.get(pk=customer.pk).unknown == [2]


def test_without_offers_everybody_is_matched_against_nothing():
    make_portrait(make_customer())

    done = matching.run_full(as_of=AS_OF)

    assert done == 1
    assert CustomerMatch.objects.get().outcomes == ""
    assert CustomerMatch.objects.get().top == []


def test_ranges_of_any_size_give_the_same(demo_bank, catalogue):
    matching.run_full(as_of=AS_OF)
    whole = {m.pk: (told(m), fits_of(m.pk)) for m in CustomerMatch.objects.all()}

    matching.run_full(as_of=AS_OF, range_size=7)

    assert {m.pk: (told(m), fits_of(m.pk)) for m in CustomerMatch.objects.all()} == whole


def test_a_range_that_died_is_done_again_and_doubles_nothing(demo_bank, catalogue):
    run = matching.prepare_full(as_of=AS_OF)
    ids = sorted(Customer.objects.values_list("pk", flat=True))
    low, high = ids[0], ids[-1]
    with pytest.raises(IntegrityError), transaction.atomic():
        matching.match_range(run=run, low=low, high=high)
        raise IntegrityError("the worker is gone")

    done = matching.match_range(run=run, low=low, high=high)
    matching.finish_full(run=run)

    assert done == len(ids) == CustomerMatch.objects.count()
    pairs = list(OfferFit.objects.values_list("customer_id", "version_id"))
    assert len(pairs) == len(set(pairs))


def test_what_was_matched_during_a_full_run_stays_the_newer_one(demo_bank, catalogue):
    one = Customer.objects.order_by("pk").first()
    run = matching.prepare_full(as_of=AS_OF)
    for low, high, _count in matching.customer_ranges():
        matching.match_range(run=run, low=low, high=high)
    Portrait.objects.filter(pk=one.pk).update(stage="growth", version_no=77)
    matching.match_customers(customer_ids=[one.pk], as_of=AS_OF)

    matching.finish_full(run=run)

    match = CustomerMatch.objects.get(pk=one.pk)
    assert match.portrait_version == 77
    assert match.inputs["stage"] == "growth"
    assert CustomerMatch.objects.count() == Customer.objects.count()


def test_counts_say_what_the_fits_say(demo_bank, catalogue):
    matching.run_full(as_of=AS_OF)

    for row in MatchCount.objects.filter(dimension="stage"):
        mine = CustomerMatch.objects.filter(
            customer__scope_no=row.scope_no, customer__portrait__stage=row.value
        )
        assert row.customers == mine.count()
        for version, fits, scores in zip(row.versions, row.fits, row.score_sums, strict=True):
            found = OfferFit.objects.filter(
                version=version, kind="y", customer__in=mine.values("customer_id")
            )
            assert fits == found.count()
            assert scores == pytest.approx(sum(found.values_list("score", flat=True)))
    for dimension in MatchCount.Dimension.values:
        rows = MatchCount.objects.filter(dimension=dimension)
        assert sum(row.customers for row in rows) == CustomerMatch.objects.count()


def test_a_customer_whose_portrait_is_gone_has_no_match_left(demo_bank, catalogue):
    matching.run_full(as_of=AS_OF)
    gone = CustomerMatch.objects.order_by("pk").first().pk
    Portrait.objects.filter(pk=gone).delete()

    matching.match_customers(customer_ids=[gone], as_of=AS_OF)

    assert not CustomerMatch.objects.filter(pk=gone).exists()
    assert not OfferFit.objects.filter(customer=gone).exists()


def test_jobs_do_the_full_run_and_the_refresh(demo_bank, catalogue, run_jobs):
    make_user()
    enqueue("matches.full", {"as_of": AS_OF.isoformat()})

    run_jobs()

    assert CustomerMatch.objects.count() == Customer.objects.count()
    assert ProductVersion.objects.filter(pk__in=CustomerMatch.objects.first().top).exists()
    assert EligibilityRule.objects.exists()


def test_a_newer_run_takes_over_and_the_older_stops(demo_bank, catalogue):
    older = matching.prepare_full(as_of=AS_OF)
    newer = matching.prepare_full(as_of=AS_OF)

    assert matching.is_current(newer)
    assert not matching.is_current(older)
    with pytest.raises(DomainError):
        matching.match_range(run=older, low=1, high=10**9)
    with pytest.raises(DomainError):
        matching.finish_full(run=older)


def test_a_batch_that_breaks_leaves_the_old_match_whole(demo_bank, catalogue, monkeypatch):
    matching.run_full(as_of=AS_OF)
    one = CustomerMatch.objects.order_by("pk").first().pk
    before = told(CustomerMatch.objects.get(pk=one)), fits_of(one)
    Portrait.objects.filter(pk=one).update(stage="growth", version_no=55)

    def broken(*_args, **_params):
        raise IntegrityError("the worker is gone")

    monkeypatch.setattr(matching, "publish", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        matching.match_customers(customer_ids=[one], as_of=AS_OF)

    assert (told(CustomerMatch.objects.get(pk=one)), fits_of(one)) == before


def test_a_version_that_takes_effect_is_matched_at_once(run_jobs):
    customer = make_customer()
    make_portrait(customer, years_in_business=3, red_flags=[])
    version = make_version()
    publish("products.changed", version.pk)

    run_jobs()

    assert OfferFit.objects.get(customer=customer.pk).version_id == version.pk
    assert Job.objects.filter(kind="matches.full", state=Job.State.DONE).count() == 1


def test_industries_to_leave_fail_and_a_class_may_be_freed_within_its_division():
    make_reference()
    version = make_version()
    for code, stance in (("26", "exit"), ("2614", "neutral"), ("27", "limit")):
        IndustryPolicy.objects.create(
            industry_id=code, stance=stance, reason="test", effective_from=AS_OF
        )
    codes = {"2611": "n", "2614": "y", "2710": "y", "5211": "y", None: "y"}
    people = {code: make_customer() for code in codes}
    for code, customer in people.items():
        make_portrait(customer, industry_code=code, red_flags=[], tags=[])

    matching.run_full(as_of=AS_OF)

    found = {code: CustomerMatch.objects.get(pk=row.pk) for code, row in people.items()}
    assert {code: match.outcomes for code, match in found.items()} == codes
    assert found["5211"].scores[0] - found["2710"].scores[0] == pytest.approx(15)
    assert not OfferFit.objects.filter(customer=people["2611"].pk).exists()  # it will not change
    assert version.pk in found["2614"].top


def test_the_command_matches_all_or_some_and_can_leave_it_at_what_is_there(capsys):
    one, other = make_customer(), make_customer()
    for customer in (one, other):
        make_portrait(customer, years_in_business=3, red_flags=[])
    version = make_version()

    call_command("match_customers", "--as-of", str(AS_OF))
    first = capsys.readouterr().out
    call_command("match_customers", "--if-none")
    second = capsys.readouterr().out
    Portrait.objects.filter(pk=one.pk).update(version_no=9)
    call_command("match_customers", "--as-of", str(AS_OF), "--customers", one.customer_no)

    assert first.startswith("2 customers matched against 1 offers")
    assert "before" in second
    versions = dict(CustomerMatch.objects.values_list("pk", "portrait_version"))
    assert versions == {one.pk: 9, other.pk: 1}
    assert OfferFit.objects.filter(version=version).count() == 2
