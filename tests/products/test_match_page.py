"""The match page of a customer: order, rules with figures, what to ask, states, reach and cost."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.core.conditions import Clause
from crm.core.models import Job
from customers.models import DeclaredFact, Portrait
from products.models import MatchFeedback
from products.selectors.feedback import REASONS
from products.selectors.match_page import cheapest_question, match_page
from products.services.matching import match_customers
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version

DAY = date(2026, 11, 20)
HX = {"HX-Request": "true"}


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def offers():
    """One that fits, one that misses by a rule, one that waits for a fact."""
    found = {}
    for code, clause, remedy in (
        ("AA01", Clause("years_in_business", ">=", "1"), ""),
        ("AA02", Clause("years_in_business", ">=", "20"), "满二十年后再申请"),
        ("AA03", Clause("premises_area", ">=", "10"), ""),
    ):
        found[code] = make_version(make_product(code, family="deposit", name_zh=f"产品{code}"))
        make_rule(found[code], clause, code=f"r{code}", text_zh=f"规则{code}", remedy_zh=remedy)
    return found


@pytest.fixture
def customer(rm, offers):
    customer = make_customer(rm, name="恒丰精密五金厂")
    make_portrait(customer, years_in_business=7.6, stage="growth")
    match_customers(customer_ids=[customer.pk], as_of=DAY)
    return customer


def url(customer, what=""):
    return f"/products/customers/{customer.pk}/match/{what}"


def test_offers_stand_by_outcome_and_the_best_is_chosen(rm, customer):
    page = match_page(user=rm, customer=customer)

    assert [offer.code for offer in page.top] == ["AA01"]
    assert [offer.code for offer in page.waiting] == ["AA03"]
    assert [offer.code for offer in page.failing] == ["AA02"]
    assert page.counts == {"passes": 1, "fails": 1, "unknown": 1}
    assert page.chosen("").code == "AA01"
    assert page.chosen("AA02").code == "AA02"
    assert page.chosen("nope").code == "AA01"


def test_the_page_shows_a_rule_with_the_figure_it_met(client, rm, customer):
    client.force_login(rm)

    html = client.get(url(customer)).content.decode()

    assert "规则AA01" in html
    assert "7.6" in html
    assert "verdict--pass" in html


def test_a_failed_rule_says_what_would_change_it(client, rm, customer):
    client.force_login(rm)

    html = client.get(url(customer), {"offer": "AA02"}).content.decode()

    assert "verdict--fail" in html
    assert "满二十年后再申请" in html
    assert "match--detail" in html  # on a phone the offer stands in place of the list


def test_a_missing_fact_leads_to_its_form(client, rm, customer):
    client.force_login(rm)

    html = client.get(url(customer), {"offer": "AA03"}).content.decode()

    assert f"/products/customers/{customer.pk}/facts/premises_area/" in html


def test_the_cheapest_question_is_the_easiest_then_the_one_most_offers_wait_for():
    class Fact:
        def __init__(self, feature, effort):
            self.feature, self.effort = feature, effort

    class Offer:
        def __init__(self, *missing):
            self.missing = missing

    offers = [
        Offer(Fact("grade", 3), Fact("area", 1)),
        Offer(Fact("grade", 3)),
        Offer(Fact("purpose", 1)),
        Offer(Fact("purpose", 1), Fact("area", 1), Fact("grade", 3)),
        Offer(Fact("purpose", 1)),
    ]

    question = cheapest_question(offers)

    assert question.fact.feature == "purpose"
    assert len(question.offers) == 3
    assert cheapest_question([]) is None


def test_before_the_first_match_the_page_says_so_and_offers_to_match(client, rm, offers):
    fresh = make_customer(rm)
    client.force_login(rm)

    html = client.get(url(fresh)).content.decode()

    assert url(fresh, "refresh/") in html


def test_a_refresh_is_a_job_and_the_note_polls_until_it_is_done(client, rm, customer, run_jobs):
    client.force_login(rm)
    make_version(make_product("AA04", family="deposit"))

    waiting = client.post(url(customer, "refresh/"), headers=HX).content.decode()
    client.post(url(customer, "refresh/"), headers=HX)
    jobs = Job.objects.filter(kind="matches.refresh").count()
    run_jobs()
    done = client.get(url(customer, "state/"), headers=HX).content.decode()

    assert "every 2s" in waiting
    assert jobs == 1
    assert "every 2s" not in done
    assert 'hx-trigger="load"' in done  # the answer fetches the fresh page
    assert "AA04" in client.get(url(customer)).content.decode()


def test_a_portrait_newer_than_the_match_makes_it_stale(client, rm, customer):
    Portrait.objects.filter(customer=customer).update(version_no=2)

    assert match_page(user=rm, customer=customer).is_stale


@pytest.mark.parametrize("what", ["", "state/"])
def test_another_managers_customer_is_not_there(client, customer, what):
    """k.13"""
    client.force_login(make_user("rm"))

    assert client.get(url(customer, what)).status_code == 404


@pytest.mark.parametrize("what", ["refresh/", "feedback/"])
def test_nobody_writes_outside_the_reach(client, customer, offers, what):
    client.force_login(make_user("rm"))

    given = {"version": offers["AA01"].pk, "answer": "fits"}
    assert client.post(url(customer, what), given).status_code == 404
    assert not MatchFeedback.objects.exists()


def test_a_catalogue_admin_has_no_match_page(client, customer):
    client.force_login(make_user("catalog_admin"))

    assert client.get(url(customer)).status_code == 403


def test_an_auditor_reads_bands_and_writes_nothing(client, rm):
    version = make_version(make_product("AA09", family="deposit"))
    make_rule(version, Clause("annual_revenue", ">=", "1000000"), text_zh="收入满一百万")
    customer = make_customer(rm)
    make_portrait(customer, annual_revenue=12_860_000)
    match_customers(customer_ids=[customer.pk], as_of=DAY)

    client.force_login(rm)
    own = client.get(url(customer), {"offer": "AA09"}).content.decode()
    client.force_login(make_user("auditor"))
    masked = client.get(url(customer), {"offer": "AA09"}).content.decode()
    body = client.get("/api/v1/matches/", {"customer": customer.pk}).content.decode()

    assert "1,286" in own
    for text in (masked, body):
        assert "1,286" not in text
        assert "12860000" not in text
        assert "1000-5000万" in text
    assert "match__feedback" not in masked
    assert url(customer, "refresh/") not in masked


def test_an_answer_is_given_in_place_and_shown(client, rm, customer, offers):
    client.force_login(rm)
    given = {"version": offers["AA01"].pk, "answer": "wrong"}

    refused = client.post(url(customer, "feedback/"), given, headers=HX)
    taken = client.post(url(customer, "feedback/"), given | {"reason": "price"}, headers=HX)

    assert refused.status_code == 422
    assert taken.status_code == 200
    assert 'aria-pressed="true"' in taken.content.decode()
    assert MatchFeedback.objects.get().reason == "price"


def test_what_a_colleague_answered_stands_there_with_its_reason_and_not_as_ones_own(
    client, rm, customer, offers
):
    before = make_user("rm", rm.branch)
    MatchFeedback.objects.create(
        customer=customer, version=offers["AA01"], book_number=1, score=60, answer="wrong",
        reason="guarantee", by=before, on=DAY,
    )  # fmt: skip
    why = str(REASONS["guarantee"])

    for reader in (rm, make_user("branch_head", rm.branch)):
        client.force_login(reader)
        html = client.get(url(customer), {"offer": "AA01"}, headers=HX).content.decode()
        line = re.search(r"match__said\">(.*?)</p>", html, re.DOTALL)[1]
        assert why in line
        assert before.full_name in line
        assert 'aria-pressed="true"' not in html
        assert ("match__feedback" in html) == (reader == rm)


def test_the_fragment_has_the_list_and_the_offer_and_no_page(client, rm, customer):
    client.force_login(rm)

    fragment = client.get(url(customer), {"offer": "AA02"}, headers=HX).content.decode()

    assert "<html" not in fragment
    assert "产品AA02" in fragment
    assert fragment.count('aria-current="true"') == 1


def test_the_page_costs_the_same_with_more_offers(client, rm, customer, same_queries):
    client.force_login(rm)

    def grow():
        for _ in range(5):
            make_rule(make_version(make_product(family="deposit")))
        match_customers(customer_ids=[customer.pk], as_of=DAY)
        client.get(url(customer))  # the new book is read once

    same_queries(lambda: client.get(url(customer)), grow=grow)
    with CaptureQueriesContext(connection) as queries:
        client.get(url(customer))
    assert len(queries) <= 20, "\n".join(query["sql"][:150] for query in queries)


def test_the_panel_says_the_best_with_their_reasons_and_leads_to_the_page(client, rm, customer):
    client.force_login(rm)

    html = client.get(f"/customers/{customer.pk}/panels/products.match/").content.decode()

    assert "产品AA01" in html
    assert "产品AA02" not in html
    assert url(customer) in html


def test_the_panel_before_a_match_leads_to_the_page_too(client, rm, offers):
    fresh = make_customer(rm)
    client.force_login(rm)

    html = client.get(f"/customers/{fresh.pk}/panels/products.match/").content.decode()

    assert url(fresh) in html


def test_a_fact_that_was_missing_is_recorded_and_the_match_follows(client, rm, customer, run_jobs):
    client.force_login(rm)
    where = f"/products/customers/{customer.pk}/facts/premises_area/"

    asked = client.get(where, headers=HX).content.decode()
    empty = client.post(where, {"premises_area": ""})
    wild = client.post(where, {"premises_area": "-5"})
    saved = client.post(where, {"premises_area": "120"})

    assert 'name="premises_area"' in asked
    assert (empty.status_code, wild.status_code, saved.status_code) == (422, 422, 302)
    fact = DeclaredFact.objects.get(customer=customer, key="premises_area")
    assert (fact.number, fact.quality, fact.entered_by) == (120, "declared", rm)
    assert Job.objects.filter(kind="portraits.refresh", state="waiting").exists()


def test_shares_are_asked_in_per_cent_and_stored_as_shares(client, rm, customer):
    client.force_login(rm)

    client.post(f"/products/customers/{customer.pk}/facts/cash_share_12m/", {"cash_share": "35"})

    fact = DeclaredFact.objects.get(customer=customer, key="cash_share")
    assert float(fact.number) == pytest.approx(0.35)


def test_what_nobody_can_tell_has_no_form(client, rm, customer):
    client.force_login(rm)
    where = f"/products/customers/{customer.pk}/facts/credit_grade/"

    assert "<input" not in re.sub(r'<input type="hidden"[^>]*>', "", client.get(
        where, headers=HX).content.decode())  # fmt: skip
    assert client.post(where, {"credit_grade": "A1"}).status_code == 422
    assert not DeclaredFact.objects.filter(customer=customer).exists()
    assert client.get(f"/products/customers/{customer.pk}/facts/nothing/").status_code == 404


def test_facts_of_another_managers_customer_cannot_be_told(client, customer):
    client.force_login(make_user("rm"))

    where = f"/products/customers/{customer.pk}/facts/premises_area/"
    assert client.post(where, {"premises_area": "120"}).status_code == 404
