"""Two sets of weights over the same customers, before one replaces the other (d.4 step 4)."""

from datetime import date

import pytest
from django.utils import timezone

from crm.core.models import Job
from customers.models import Portrait
from products.models import CustomerMatch, MatchFeedback, MatchWeights
from products.selectors.weights import newest_comparison
from products.services import compare_books
from products.services.compare_books import ask_comparison, comparison_of_weights
from products.services.matching import run_full
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_version

DAY = date(2026, 11, 20)


@pytest.fixture
def sets():
    """The second cares for speed alone where the first cares for the customer group."""
    return (
        MatchWeights.objects.create(version=1, state="active", need=30),
        MatchWeights.objects.create(version=2, state="proposed", need=0, segment=0, speed=55),
    )


@pytest.fixture
def versions():
    """One made for the group but slow, one for nobody in particular but at once."""
    slow = make_version(
        make_product("AA01", family="deposit"), target_stages=["growth"], processing_hours=720
    )
    quick = make_version(
        make_product("AA02", family="payroll"), target_stages=["mature"], processing_hours=1
    )
    return slow, quick


@pytest.fixture
def customers(versions):
    rm = make_user("rm")
    found = [make_customer(rm) for _ in range(3)]
    for customer in found:
        make_portrait(customer, stage="growth", speed_need=5)
    return found


def test_the_same_weights_change_nothing(sets, customers):
    found = comparison_of_weights(old=1, new=1, sample=0, as_of=DAY)

    assert found["customers"] == 3
    assert (found["first_changed"], found["five_changed"], found["order_changed"]) == (0, 0, 0)
    assert found["moved"] == []


def test_other_weights_put_another_product_first(sets, customers):
    found = comparison_of_weights(old=1, new=2, sample=0, as_of=DAY)

    assert found["first_changed"] == 3
    assert found["five_changed"] == 0
    assert found["order_changed"] == 3


def test_the_old_side_is_what_was_stored(sets, customers, versions):
    """A comparison that starts from other matches than the stored ones would prove nothing."""
    run_full(as_of=DAY)
    stored = {tuple(match.top) for match in CustomerMatch.objects.all()}

    assert stored == {(versions[0].pk, versions[1].pk)}


def test_precision_counts_past_judgements_on_what_each_set_shows(sets, customers, versions):
    rm = customers[0].manager
    for customer, version, answer in (
        (customers[0], versions[0], "fits"),
        (customers[1], versions[0], "wrong"),
        (customers[2], versions[1], "not_now"),
    ):
        MatchFeedback.objects.create(
            customer=customer, version=version, book_number=1, score=60, answer=answer, by=rm,
            on=DAY,
        )  # fmt: skip

    found = comparison_of_weights(old=1, new=2, sample=0, as_of=DAY)

    assert (found["old"]["fits"], found["old"]["wrong"]) == (1, 1)
    assert found["old"]["precision"] == 0.5


def test_a_customer_removed_between_the_two_sides_is_not_compared(sets, customers, monkeypatch):
    tops = compare_books._tops

    def removed_after(*args):
        found = tops(*args)
        Portrait.objects.filter(customer=customers[0]).delete()
        return found

    monkeypatch.setattr(compare_books, "_tops", removed_after)

    assert comparison_of_weights(old=1, new=2, sample=0, as_of=DAY)["customers"] == 2


def test_nothing_is_stored_for_a_customer(sets, customers):
    comparison_of_weights(old=1, new=2, sample=0, as_of=DAY)

    assert not CustomerMatch.objects.exists()


def test_a_comparison_is_a_job_asked_once_and_its_result_stands_on_the_page(
    client, sets, customers, run_jobs
):
    admin = make_user("catalog_admin")
    client.force_login(admin)

    client.post("/products/weights/compare/", {"old": 1, "new": 2, "over": "all"})
    ask_comparison(old=1, new=2, is_whole=True, by=admin)
    waiting = client.get("/products/weights/compare/?old=1&new=2").content.decode()
    run_jobs()
    html = client.get("/products/weights/compare/?old=1&new=2").content.decode()

    assert Job.objects.filter(kind="matches.compare").count() == 1
    assert "every 2s" in waiting
    assert "every 2s" not in html
    job, result = newest_comparison(old=1, new=2)
    assert job.state == "done"
    assert result["first_changed"] == 3
    assert result["as_of"] == timezone.localdate().isoformat()


def test_sets_that_do_not_exist_are_not_found(client, sets):
    client.force_login(make_user("catalog_admin"))

    assert client.post("/products/weights/compare/", {"old": 1, "new": 77}).status_code == 404
    assert client.get("/products/weights/compare/?old=5&new=77").status_code == 200


def test_managers_do_not_compare_weights(client, sets):
    client.force_login(make_user("rm"))

    assert client.get("/products/weights/compare/").status_code == 403
