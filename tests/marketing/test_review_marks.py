"""Visits drawn or flagged are reviewed once by somebody else (VIS-6)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import Task
from customers.selectors.keyset import Place
from marketing.models import Visit, VisitReview
from marketing.services.reviews import review_visit
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules, make_visit

URL = "/marketing/reviews/"


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def lead(rm):
    return make_user("team_lead", branch=rm.branch)


def lately(rm, *, name="恒丰精密五金厂", days=2, **fields):
    at = timezone.now() - timedelta(days=days)
    return make_visit(make_customer(rm, name=name), by=rm, at=at, **fields)


def mark(visit, by, score=4, version=1, note=""):
    return review_visit(visit_id=visit.pk, score=score, note=note, by=by, version=version)


def test_a_mark_stands_on_the_visit_and_its_manager_reads_it(client, rm, lead):
    visit = lately(rm, flags=["copied"])
    mark(visit, lead, score=2, note="小结照抄")
    client.force_login(rm)

    html = client.get(URL, {"show": "reviewed"}).content.decode()

    visit.refresh_from_db()
    assert visit.quality == 2
    assert "小结照抄" in html
    assert lead.full_name in html


def test_the_same_mark_twice_is_one_and_another_is_refused(rm, lead):
    visit = lately(rm)

    first, again = mark(visit, lead), mark(visit, lead)
    with pytest.raises(DomainError) as error:
        mark(visit, lead, score=1)

    assert first.pk == again.pk
    assert VisitReview.objects.count() == 1
    assert error.value.status == 409
    visit.refresh_from_db()
    assert visit.quality == 4


def test_nobody_reviews_the_own_visit(rm, lead):
    """Maker is not checker."""
    own = make_visit(make_customer(rm), by=lead)

    with pytest.raises(DomainError):
        mark(own, lead)

    assert not VisitReview.objects.exists()


def test_a_visit_changed_meanwhile_is_read_again_first(rm, lead):
    visit = lately(rm)
    Visit.objects.filter(pk=visit.pk).update(version=2)

    with pytest.raises(DomainError) as error:
        mark(visit, lead, version=1)

    assert error.value.status == 409


@pytest.mark.parametrize("score", [-1, 6])
def test_a_mark_is_from_nought_to_five(rm, lead, score):
    with pytest.raises(DomainError):
        mark(lately(rm), lead, score=score)


def test_a_visit_outside_the_reach_is_not_there(rm):
    with pytest.raises(Visit.DoesNotExist):
        mark(lately(rm), make_user("team_lead"))


def test_the_list_shows_drawn_and_flagged_visits_of_the_team_only(client, rm, lead):
    """k.13"""
    lately(rm, name="抽到的", sampled_on=timezone.localdate())
    lately(rm, name="可疑的", flags=["too_short"])
    lately(rm, name="平常的")
    lately(make_user("rm"), name="别的团队", flags=["too_short"])
    client.force_login(lead)

    html = client.get(URL).content.decode()

    assert "抽到的" in html
    assert "可疑的" in html
    assert "平常的" not in html
    assert "别的团队" not in html


@pytest.mark.parametrize("value", ["x", 1, None, "2026-11-16"])
def test_a_place_that_cannot_be_read_is_the_first_page(client, rm, lead, value):
    lately(rm, name="可疑的", flags=["too_short"])
    client.force_login(lead)

    answer = client.get(URL, {"at": Place(value, 1).written()})

    assert answer.status_code == 200


def test_a_leader_gives_a_mark_on_the_page_and_a_manager_may_not(client, rm, lead):
    visit = lately(rm, flags=["too_short"])
    client.force_login(rm)
    refused = client.post(f"{URL}{visit.pk}/", {"score": "5", "version": "1"})
    client.force_login(lead)

    unread = client.post(f"{URL}{visit.pk}/", {"score": "9", "version": "1"})
    given = client.post(f"{URL}{visit.pk}/", {"score": "3", "version": "1", "note": "核实过"})

    assert (refused.status_code, unread.status_code, given.status_code) == (403, 422, 302)
    assert VisitReview.objects.get().note == "核实过"


def test_a_visit_changed_meanwhile_is_shown_again_and_the_words_stay(client, rm, lead):
    visit = lately(rm, flags=["too_short"])
    Visit.objects.update(version=2, summary="改过的记录")
    client.force_login(lead)
    given = {"score": "3", "version": "1", "note": "核实过"}

    refused = client.post(f"{URL}{visit.pk}/", given)

    html = refused.content.decode()
    assert refused.status_code == 422
    assert "核实过" in html and "改过的记录" in html
    assert refused.context["form"]["version"].value() == "2"
    assert client.post(f"{URL}{visit.pk}/", given | {"version": "2"}).status_code == 302


def test_the_list_costs_the_same_with_more_visits(client, rm, lead, same_queries):
    lately(rm, flags=["too_short"])
    client.force_login(lead)

    same_queries(
        lambda: client.get(URL),
        grow=lambda: [lately(rm, name=f"客户{no}", flags=["copied"]) for no in range(8)],
    )


def test_a_fragment_is_the_rows_alone(client, lead):
    client.force_login(lead)

    html = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html


def test_the_api_lists_and_marks(client, rm, lead):
    visit = lately(rm, flags=["same_photo"])
    client.force_login(lead)

    rows = client.get("/api/v1/visit-reviews/").json()["results"]
    url, given = f"/api/v1/visit-reviews/{visit.pk}/mark/", {"version": rows[0]["version"]}
    unsaid = client.post(url, given | {"score": 1})
    marked = client.post(url, given | {"score": 1, "note": "照片是旧的"}).json()

    assert [row["flags"] for row in rows] == [["same_photo"]]
    assert unsaid.status_code == 422
    assert marked["score"] == 1


def test_a_visit_sent_back_says_why_to_whoever_made_it(client, rm, lead):
    """VIS-6; below ``quality.valid_score`` (3) a visit does not count (g.1)."""
    visit = lately(rm)
    client.force_login(lead)

    refused = client.post(f"{URL}{visit.pk}/", {"score": "2", "version": "1", "note": " "})
    for _press in range(2):
        mark(visit, lead, score=2, note="小结照抄")
    mark(lately(rm, name="别家"), lead, score=3)

    assert refused.status_code == 422
    told = Task.objects.get(owner=rm)
    assert (told.kind, told.params["note"]) == ("marketing.visit_sent_back", "小结照抄")
