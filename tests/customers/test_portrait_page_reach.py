"""The portrait page and its API: reach, versions, past days, and asking for a new computation."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from customers import models as m
from customers.features.catalogue import COLUMNS, still_columns
from customers.models import TouchedMonth
from tests.customers.portrait_page import (
    EARLIER,
    TODAY,
    add_flows,
    compute,
    make_firm,
    row_of,
    tell,
)
from tests.customers.test_portrait_page_blocks import words
from tests.factories import make_user

PATHS = (
    "/customers/{}/",
    "/customers/{}/state/",
    "/customers/{}/versions/",
    "/customers/{}/versions/?from=1&to=2",
    "/customers/{}/figures/stage/",
    "/customers/{}/dimensions/basic/",
    "/customers/{}/months/flows/2026-10/",
    "/customers/{}/?as_of=2026-01-05",
    "/api/v1/customers/{}/portrait/",
    "/api/v1/customers/{}/portrait/?as_of=2026-01-05",
    "/api/v1/customers/{}/portrait/versions/",
    "/api/v1/customers/{}/portrait/compare/?from=1&to=2",
    "/api/v1/customers/{}/portrait/figures/stage/",
)
WRITES = ("/customers/{}/recompute/", "/api/v1/customers/{}/portrait/recompute/")


@pytest.fixture
def firm(client):
    """A firm with two versions: between them a visit told of more people; its manager is here."""
    customer = make_firm()
    add_flows(customer)
    tell(customer, "employees", 18, on=EARLIER - timedelta(days=9))
    compute(customer, as_of=TODAY)
    tell(customer, "employees", 25, on=TODAY - timedelta(days=2))
    compute(customer, as_of=TODAY)
    client.force_login(customer.manager)
    return customer


@pytest.mark.parametrize("path", PATHS)
def test_a_customer_outside_the_reach_is_not_there(client, firm, path):
    assert client.get(path.format(firm.pk)).status_code == 200
    client.force_login(make_user("rm"))

    assert client.get(path.format(firm.pk)).status_code == 404
    assert client.get(path.format(firm.pk + 10_000)).status_code == 404


@pytest.mark.parametrize("path", WRITES)
def test_nobody_else_and_no_auditor_asks_for_a_computation(client, firm, path):
    client.force_login(make_user("rm"))
    assert client.post(path.format(firm.pk)).status_code == 404

    client.force_login(make_user("auditor"))
    assert client.post(path.format(firm.pk)).status_code == 403
    assert not TouchedMonth.objects.exists()


def test_the_comparison_lists_exactly_what_changed(client, firm):
    old, new = m.PortraitVersion.objects.filter(customer=firm).order_by("version_no")
    differs = {
        column.key
        for column in still_columns()
        if column.label and getattr(old, column.key) != getattr(new, column.key)
    }

    answer = client.get(f"/api/v1/customers/{firm.pk}/portrait/compare/?from=1&to=2").json()

    assert {row["key"] for row in answer} == differs
    assert "employees" in differs
    moved = next(row for row in answer if row["key"] == "employees")
    assert (moved["old"], moved["new"], moved["is_material"]) == (18, 25, True)
    assert moved["meaning"] == "good"


def test_the_page_of_versions_tells_old_and_new_with_the_source(client, firm):
    text = words(client.get(f"/customers/{firm.pk}/versions/?from=1&to=2").content.decode())

    assert "从业人数 重大 18 人 25 人" in text
    assert "上门走访" in text


def test_the_same_version_twice_does_not_differ(client, firm):
    text = words(client.get(f"/customers/{firm.pk}/versions/?from=2&to=2").content.decode())

    assert "两个版本没有差异" in text


@pytest.mark.parametrize("query", ["from=9&to=2", "from=x", "to=99999999999999999999"])
def test_versions_that_do_not_exist_are_not_there(client, firm, query):
    assert client.get(f"/customers/{firm.pk}/versions/?{query}").status_code == 404


def test_the_strip_tells_the_change_since_the_last_version(client, firm):
    text = words(client.get(f"/customers/{firm.pk}/").content.decode())

    assert "较上一版的变化" in text or "距上次走访的变化" in text
    assert "18 人 → 25 人" in text


def test_a_past_day_shows_the_old_stage(client):
    """Scenario k.18: the page of a day before a change shows the portrait of that day."""
    firm = make_firm(founded_on=date(2024, 9, 1))
    add_flows(firm)
    compute(firm)
    client.force_login(firm.manager)
    url = f"/customers/{firm.pk}/"

    then = words(client.get(url, {"as_of": "2026-02-01"}).content.decode())
    now = words(client.get(url).content.decode())

    assert row_of(firm).stage != "start_up"
    assert "生命周期阶段 初创期" in then
    assert "生命周期阶段 初创期" not in now
    assert "这是 2026-02-01 当日的画像" in then


def test_a_past_day_does_not_know_what_was_told_later(client, firm):
    answer = client.get(
        f"/api/v1/customers/{firm.pk}/portrait/figures/employees/", {"as_of": "2026-10-01"}
    ).json()

    assert answer["value"] == 18
    assert answer["as_of"] == (EARLIER - timedelta(days=9)).isoformat()


def test_the_figures_of_a_past_day_open_the_rows_of_that_day(client, firm):
    page = client.get(f"/customers/{firm.pk}/", {"as_of": "2026-05-10"}).content.decode()
    link = f"/customers/{firm.pk}/figures/inflow_month_12m/?as_of=2026-05-10"

    rows = client.get(link).content.decode()

    assert link in page
    assert "2026-04</td>" in rows
    assert "2026-05</td>" not in rows
    assert "12 万元" in words(rows)


def test_days_that_cannot_be_shown_get_a_sentence(client, firm):
    tomorrow = timezone.localdate() + timedelta(days=1)
    for text, sentence in (
        (tomorrow.isoformat(), "尚未到来"),
        ("2026-02-30", "日期格式"),
        ("1850-01-01", "过早"),
    ):
        response = client.get(f"/customers/{firm.pk}/", {"as_of": text})

        assert sentence in response.content.decode()
        answer = client.get(f"/api/v1/customers/{firm.pk}/portrait/", {"as_of": text})
        assert answer.status_code == 400


def test_the_api_says_what_the_portrait_holds(client, firm):
    answer = client.get(f"/api/v1/customers/{firm.pk}/portrait/").json()
    row = row_of(firm)

    figures = {figure["key"]: figure for figure in answer["figures"]}
    assert set(figures) == {column.key for column in COLUMNS if column.label}
    assert figures["inflow_month_12m"]["value"] == float(row.inflow_month_12m) == 140_000
    assert figures["inflow_month_12m"]["unit"] == "yuan"
    assert figures["inflow_month_12m"]["source"] == "core"
    assert figures["inflow_month_12m"]["as_of"] == "2026-10-31"
    assert figures["employees"]["quality"] == "declared"
    assert figures["stage"]["reasons"][0]["state"] in ("yes", "unknown")
    assert figures["debt_ratio"]["value"] is None


def test_the_api_and_the_page_say_the_same_reason_of_the_stage(client, firm):
    answer = client.get(f"/api/v1/customers/{firm.pk}/portrait/figures/stage/").json()
    page = words(client.get(f"/customers/{firm.pk}/figures/stage/").content.decode())

    assert all(reason["text"] in page for reason in answer["reasons"])


def test_a_new_computation_is_shown_until_a_worker_has_done_it(client, firm, run_jobs):
    url, fragment = f"/customers/{firm.pk}/", {"HX-Request": "true"}
    tell(firm, "employees", 31, on=TODAY)

    asked = client.post(f"{url}recompute/", headers=fragment).content.decode()
    waiting = client.get(f"{url}state/", headers=fragment).content.decode()
    run_jobs()
    done = client.get(f"{url}state/", headers=fragment).content.decode()

    assert "every 2s" in asked
    assert "every 2s" in waiting
    assert 'hx-trigger="load"' in done
    assert row_of(firm).employees == 31


def test_the_api_answers_with_the_job(client, firm):
    answer = client.post(f"/api/v1/customers/{firm.pk}/portrait/recompute/")

    assert answer.status_code == 202
    assert answer.json()["state"] == "waiting"
    assert TouchedMonth.objects.filter(customer=firm).exists()
