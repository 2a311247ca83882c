"""Signing in, the menu, preferences, search, errors, to-dos."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from crm.core.catalogue import Catalogue
from crm.core.errors import DomainError
from crm.core.models import Task, User
from crm.core.panels import HOME_PANELS, Panel, panels_for
from crm.core.roles import Can
from crm.core.services.task import add_task
from customers.models import SavedList
from tests.factories import make_user


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/password/reset/").status_code == 404


def test_the_password_opens_the_workbench(client):
    make_user("rm", username="min")

    response = client.post("/accounts/login/", {"login": "min", "password": "huike-2026"})

    assert response["Location"] == "/"
    assert client.get("/").status_code == 200


@override_settings(ACCOUNT_RATE_LIMITS={"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"})
def test_guessing_is_stopped_before_the_hash(client, monkeypatch):
    make_user("rm", username="min")
    cache.clear()
    hashed = []
    real = User.check_password
    monkeypatch.setattr(
        User, "check_password", lambda self, raw: hashed.append(raw) or real(self, raw)
    )

    for number in range(12):
        client.post("/accounts/login/", {"login": "min", "password": f"guess-{number}"})
    answer = client.post("/accounts/login/", {"login": "min", "password": "huike-2026"})

    assert len(hashed) <= 6
    assert answer.status_code != 302


def test_an_open_redirect_is_not_followed(client):
    make_user("rm", username="min")
    form = {"login": "min", "password": "huike-2026", "next": "https://evil.example/"}

    response = client.post("/accounts/login/", form)

    assert response["Location"] == "/"


def test_log_out_needs_a_post(client):
    client.force_login(make_user("rm"))

    client.get("/accounts/logout/")
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_the_menu_shows_what_the_role_may_open(client):
    client.force_login(make_user("rm"))
    rm = client.get("/").content.decode()
    client.force_login(make_user("sys_admin"))
    admin = client.get("/").content.decode()

    assert "/users/" not in rm
    assert "/users/" in admin


def test_theme_and_language_are_kept_for_the_user(client):
    user = make_user("rm")
    client.force_login(user)

    client.post("/preferences/", {"theme": "dark"}, headers={"HX-Request": "true"})
    answer = client.post("/preferences/", {"language": "en", "next": "/cover/"})

    user.refresh_from_db()
    assert (user.theme, user.language) == ("dark", "en")
    assert answer["Location"] == "/cover/"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    assert "Workbench" in client.get("/").content.decode()


@pytest.mark.parametrize("form", [{"theme": "pink"}, {"language": "xx"}])
def test_unknown_preferences_are_refused(client, form):
    client.force_login(make_user("rm"))

    assert client.post("/preferences/", form).status_code == 400


def test_preferences_lead_back_to_our_own_pages_only(client):
    client.force_login(make_user("rm"))

    answer = client.post("/preferences/", {"language": "en", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_the_language_of_one_request_does_not_leak_into_the_next(client):
    reader = make_user("rm", language="en")
    client.force_login(reader)
    client.get("/")

    html = Client().get("/accounts/login/").content.decode()

    assert 'lang="zh-hans"' in html


def test_search_finds_pages_by_name(client):
    client.force_login(make_user("sys_admin", language="en"))

    html = client.get("/search/?q=param").content.decode()

    assert "/parameters/" in html
    assert "/users/" not in html


def test_an_error_for_users_is_a_page_or_a_toast(client):
    admin = make_user("sys_admin", language="en")
    client.force_login(admin)
    url = f"/users/{admin.pk}/deactivate/"

    page = client.post(url)
    fragment = client.post(url, headers={"HX-Request": "true"})

    assert page.status_code == 409
    assert "You cannot close your own account." in page.content.decode()
    assert "You cannot close your own account." in fragment["HX-Trigger"]


def test_a_missing_row_and_a_missing_page_look_alike(client):
    client.force_login(make_user("sys_admin"))

    assert client.get("/users/999999/").status_code == 404
    assert client.get("/nowhere/").status_code == 404


def test_the_api_speaks_problem_json(client):
    client.force_login(make_user("rm"))

    answer = client.get("/api/v1/jobs/999999/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_own_to_dos_are_shown_and_closed(client):
    rm, other = make_user("rm"), make_user("rm")
    today = timezone.localdate()
    params = {"name": "王五", "limit": 30}
    task = add_task("core.reveal_quota", owner=rm, params=params, due_on=today, unique_key="1")
    foreign = add_task("core.reveal_quota", owner=other, params=params, unique_key="2")
    client.force_login(rm)

    html = client.get("/").content.decode()
    closed = client.post(f"/tasks/{task.pk}/close/", headers={"HX-Request": "true"})
    refused = client.post(f"/tasks/{foreign.pk}/close/")

    assert "王五" in html
    assert (closed.status_code, refused.status_code) == (200, 404)
    assert Task.objects.get(pk=task.pk).state == "done"
    assert Task.objects.get(pk=foreign.pk).state == "open"


def test_the_same_to_do_is_made_once():
    rm = make_user("rm")

    first = add_task("core.reveal_quota", owner=rm, unique_key="same")
    second = add_task("core.reveal_quota", owner=rm, unique_key="same")

    assert first is not None
    assert second is None


def test_panels_follow_the_role_and_their_order():
    def nothing(request, subject):
        raise AssertionError

    shelf = Catalogue(
        "shelf",
        [
            Panel("b", "B", Can.VIEW_CUSTOMERS, nothing, order=2),
            Panel("a", "A", Can.VIEW_CUSTOMERS, nothing, order=1),
            Panel("c", "C", Can.MANAGE_USERS, nothing),
        ],
    )

    assert [panel.key for panel in panels_for(shelf, make_user("rm"))] == ["a", "b"]
    assert isinstance(HOME_PANELS, Catalogue)


def test_a_catalogue_refuses_duplicates_and_unknown_keys():
    shelf = Catalogue("shelf", [Panel("a", "A", Can.USE_SHELL, lambda r, s: None)])

    with pytest.raises(Exception, match="twice"):
        shelf.add(Panel("a", "A", Can.USE_SHELL, lambda r, s: None))
    with pytest.raises(Exception, match="not known"):
        shelf["b"]


def test_a_domain_error_is_a_sentence():
    error = DomainError("No.", status=400)

    assert (str(error.message), error.status) == ("No.", 400)


def test_every_response_carries_its_request_id_and_the_content_policy(client):
    response = client.get("/accounts/login/")

    assert len(response["X-Request-Id"]) == 16
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_an_address_no_database_can_read_is_answered_with_a_sentence(client):
    """A NUL in a filter crashed whatever list looked for it."""
    client.force_login(make_user("rm"))

    answer = client.get("/customers/?q=%00")

    assert answer.status_code == 400
    assert "无法识别" in answer.content.decode() or "could not be read" in answer.content.decode()


def test_a_text_no_database_can_read_is_answered_with_a_sentence_and_nothing_is_written(client):
    """Sent past the form; whoever reads the text, the database would not take it."""
    client.force_login(make_user("rm"))

    answer = client.post("/customers/lists/", {"name": "甲\x00", "query": ""})

    assert answer.status_code == 400
    assert not SavedList.objects.exists()


def test_a_form_sent_without_a_session_leads_back_to_its_page(client):
    """After the log-in the browser fills the form again: it must stand on that page."""
    page = "http://testserver/marketing/pipeline/7/"

    sent = client.post("/marketing/pipeline/7/details/", {"title": "x"}, headers={"referer": page})
    strange = client.post(
        "/marketing/pipeline/7/details/", {}, headers={"referer": "https://elsewhere.example/x"}
    )

    assert sent["Location"] == "/accounts/login/?next=/marketing/pipeline/7/"
    assert strange["Location"] == "/accounts/login/?next=/"
