"""Weights: proposed by one, decided by another, always 100 points (d.4 step 2 and 4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from crm.core.errors import DomainError
from products.models import MatchWeights
from products.selectors.weights import DEDUCTIONS, PARTS, active_weights
from products.services.weights import decide_weights, propose_weights
from tests.factories import make_user

POINTS = {
    "need": 30, "segment": 20, "repayment": 15, "guarantee": 10, "price": 10, "speed": 5,
    "channel": 5, "strategy": 5, "limited_industry": 15, "amber_warning": 10,
}  # fmt: skip


@pytest.fixture
def in_force():
    return MatchWeights.objects.create(version=1, state="active")


@pytest.fixture
def admins():
    return make_user("catalog_admin"), make_user("catalog_admin")


def test_a_proposal_changes_nothing_until_a_second_person_decides(in_force, admins):
    maker, checker = admins
    row = propose_weights(values=POINTS | {"need": 20, "speed": 15}, note="要快", by=maker)
    assert active_weights() == in_force

    decide_weights(weights_id=row.pk, is_accepted=True, by=checker)

    in_force.refresh_from_db()
    assert in_force.state == "retired"
    assert active_weights().version == 2
    assert active_weights().speed == 15


def test_nobody_decides_on_their_own_proposal(in_force, admins):
    row = propose_weights(values=POINTS, note="x", by=admins[0])

    with pytest.raises(DomainError):
        decide_weights(weights_id=row.pk, is_accepted=True, by=admins[0])

    assert active_weights() == in_force


def test_a_decision_stands_and_a_second_one_changes_nothing(in_force, admins):
    row = propose_weights(values=POINTS, note="x", by=admins[0])

    decide_weights(weights_id=row.pk, is_accepted=False, by=admins[1])
    again = decide_weights(weights_id=row.pk, is_accepted=True, by=admins[1])

    assert again.state == "rejected"
    assert active_weights() == in_force


def test_the_same_proposal_twice_is_one_row(admins):
    first = propose_weights(values=POINTS, note="x", by=admins[0])

    assert propose_weights(values=POINTS, note=" x ", by=admins[0]) == first


@pytest.mark.parametrize("change", [{"need": 31}, {"need": 29}, {"need": -1, "segment": 51}])
def test_parts_that_do_not_sum_to_100_are_refused(admins, change):
    with pytest.raises(DomainError):
        propose_weights(values=POINTS | change, note="x", by=admins[0])

    assert not MatchWeights.objects.exists()


def test_the_database_refuses_other_sums_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchWeights.objects.create(version=1, state="active", need=31)


def test_the_page_shows_the_set_in_force_and_lets_only_admins_propose(client, in_force):
    client.force_login(make_user("rm"))
    html = client.get("/products/weights/").content.decode()
    refused = client.get("/products/weights/new/").status_code

    client.force_login(make_user("catalog_admin"))
    own = client.get("/products/weights/").content.decode()

    assert "/products/weights/new/" not in html
    assert refused == 403
    assert "/products/weights/new/" in own


def test_proposing_and_deciding_over_the_pages(client, in_force, admins):
    maker, checker = admins
    client.force_login(maker)
    wrong = client.post("/products/weights/new/", POINTS | {"need": 40, "note": "x"})
    client.post("/products/weights/new/", POINTS | {"need": 20, "price": 20, "note": "比价"})
    row = MatchWeights.objects.get(version=2)

    client.force_login(checker)
    client.post(f"/products/weights/{row.pk}/decide/", {"decision": "accept"})

    assert wrong.status_code == 422
    assert active_weights() == row
    assert (row.price, row.note, row.proposed_by) == (20, "比价", maker)


def test_the_parts_of_the_page_are_the_parts_of_the_engine():
    from products.matching.book import PARTS as ENGINE_PARTS

    assert tuple(PARTS) == ENGINE_PARTS
    assert set(POINTS) == {*PARTS, *DEDUCTIONS}


@pytest.mark.django_db(transaction=True)
def test_of_what_is_sent_at_the_same_moment_one_counts():
    MatchWeights.objects.create(version=1, state="active")
    maker, *checkers = (make_user("catalog_admin") for _ in range(3))
    others = [
        propose_weights(values=POINTS, note=note, by=maker).pk for note in ("first", "second")
    ]

    def proposed(_number):
        try:
            return propose_weights(values=POINTS, note="twice", by=maker).pk
        finally:
            connection.close()

    def decided(pair):
        key, checker = pair
        try:
            return decide_weights(weights_id=key, is_accepted=True, by=checker).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(proposed, range(4)))
        taken = set(pool.map(decided, zip(others, checkers, strict=True)))

    assert len(made) == 1
    assert taken == set(others)
    states = MatchWeights.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["active", "proposed", "retired", "retired"]
