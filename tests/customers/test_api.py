"""The API under /api/v1/: the same rows, masks and refusals as the pages."""

import io
from decimal import Decimal

import pytest
from django.test import Client

from crm.core.months import ym_of
from customers.models import AccountFlow, Contact, Customer, ImportBatch
from customers.sealed import mobile_columns, next_keys
from tests.factories import make_customer, make_user

LIST = "/api/v1/customers/"
JSON = "application/json"


@pytest.fixture
def rm(client):
    user = make_user("rm")
    client.force_login(user)
    return user


def test_the_list_holds_the_callers_customers_only(client, rm):
    mine = make_customer(manager=rm, name="鸿达建材有限公司")
    make_customer(manager=make_user("rm"), name="味之源餐饮店")

    body = client.get(LIST).json()

    assert [row["id"] for row in body["results"]] == [mine.pk]


def test_another_managers_customer_answers_like_one_that_is_not_there(client, rm):
    """Spec k.13."""
    theirs = make_customer(manager=make_user("rm"))

    foreign = client.get(f"{LIST}{theirs.pk}/")
    missing = client.get(f"{LIST}{2**31 - 7}/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()
    assert foreign["Content-Type"] == "application/problem+json"


def test_a_mobile_number_is_masked(client, rm):
    customer = make_customer(manager=rm)
    (key,) = next_keys(Contact, 1)
    columns = mobile_columns("13812345678", pk=key)
    Contact.objects.create(pk=key, customer=customer, name="陈建国", role="owner", **columns)

    text = client.get(f"{LIST}{customer.pk}/").content.decode()

    assert "138****5678" in text
    assert "13812345678" not in text


def test_search_and_filters_narrow_the_list(client, rm):
    make_customer(manager=rm, name="恒丰精密五金厂", relation_state="existing")
    make_customer(manager=rm, name="绿源农资经营部", relation_state="prospect")

    by_word = client.get(LIST, {"q": "五金"}).json()["results"]
    by_state = client.get(LIST, {"relation_state": "prospect"}).json()["results"]

    assert [row["name"] for row in by_word] == ["恒丰精密五金厂"]
    assert [row["name"] for row in by_state] == ["绿源农资经营部"]


def test_cursor_pages_show_every_customer_once(client, rm):
    made = {make_customer(manager=rm).pk for _ in range(7)}
    url, seen = f"{LIST}?page_size=3", []

    while url:
        body = client.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]

    assert sorted(seen) == sorted(made)


def test_a_new_customer_is_in_the_callers_care(client, rm):
    values = {"name": "味之源餐饮店", "party_type": "sole_trader"}

    answer = client.post(LIST, values, content_type=JSON)

    assert answer.status_code == 201
    assert Customer.objects.get(pk=answer.json()["id"]).manager == rm


def test_a_change_needs_the_version_that_was_read(client, rm):
    customer = make_customer(manager=rm, name="恒丰五金厂")
    url = f"{LIST}{customer.pk}/"
    tag = client.get(url)["ETag"]
    change = {"address": "建设街道 1 号"}

    without = client.patch(url, change, content_type=JSON)
    first = client.patch(url, change, content_type=JSON, headers={"If-Match": tag})
    stale = client.patch(url, {"address": "2 号"}, content_type=JSON, headers={"If-Match": tag})

    assert (without.status_code, first.status_code, stale.status_code) == (400, 200, 409)
    customer.refresh_from_db()
    assert customer.address == "建设街道 1 号"


def test_an_auditor_reads_and_changes_nothing():
    """ROL-6."""
    customer = make_customer(manager=make_user("rm"))
    client = Client()
    client.force_login(make_user("auditor"))

    read = client.get(f"{LIST}{customer.pk}/")
    changed = client.patch(f"{LIST}{customer.pk}/", {"name": "x"}, content_type=JSON)

    assert read.status_code == 200
    assert changed.status_code == 403


def test_facts_come_with_their_month_and_within_reach(client, rm):
    from datetime import date

    mine, theirs = make_customer(manager=rm), make_customer(manager=make_user("rm"))
    for customer in (mine, theirs):
        AccountFlow.objects.create(
            customer=customer,
            ym=ym_of(date(2026, 10, 1)),
            inflow_amount=Decimal("1000.00"),
            outflow_amount=Decimal("900.00"),
        )

    rows = client.get("/api/v1/facts/account-flows/").json()["results"]

    assert [(row["customer"], row["month"]) for row in rows] == [(mine.pk, "2026-10")]
    assert rows[0]["inflow_amount"] == "1000.00"


def test_a_file_uploaded_is_recognised_and_waits(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_user("sys_admin"))
    file = io.BytesIO("客户号,名称,主体类型\nX1,鸿达建材有限公司,企业法人\n".encode())
    file.name = "客户.csv"

    answer = client.post("/api/v1/imports/", {"kind": "customers", "file": file})

    assert answer.status_code == 201, answer.json()
    batch = ImportBatch.objects.get(pk=answer.json()["id"])
    assert (batch.state, batch.file_name, batch.read_rows) == ("uploaded", "客户.csv", 0)


def test_a_file_that_is_no_table_is_refused_with_a_sentence(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_user("sys_admin"))
    file = io.BytesIO(b"%PDF-1.7 nothing")
    file.name = "x.csv"

    answer = client.post("/api/v1/imports/", {"kind": "customers", "file": file})

    assert answer.status_code in {400, 422}
    assert answer.json()["title"]
    assert not ImportBatch.objects.exists()


def test_the_schema_describes_every_resource(client, rm):
    text = client.get("/api/schema/?format=json").json()

    paths = set(text["paths"])
    assert {"/api/v1/customers/", "/api/v1/imports/", "/api/v1/jobs/"} <= paths
    assert "/api/v1/facts/invoices/" in paths
