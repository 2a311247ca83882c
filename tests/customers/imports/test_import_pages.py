"""The pages of imports: who may open them, and the way from a file to rows and back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import ImportBatch, Invoice
from customers.services import imports
from tests.customers.imports.loading import csv, invoice, load, upload
from tests.factories import head_office, make_customer, make_user

LIST = "/customers/imports/"


@pytest.fixture
def admin(client):
    user = make_user("sys_admin", head_office())
    client.force_login(user)
    return user


@pytest.fixture
def firm():
    return make_customer(customer_no="C1")


def send(client, data: bytes, kind: str = "invoices", name: str = "发票.csv", **more):
    url = reverse("customers:import_new", args=[kind])
    return client.post(url, {"file": SimpleUploadedFile(name, data), **more})


def page(client, batch) -> str:
    response = client.get(batch.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_from_file_to_rows_and_back(client, admin, firm, run_jobs):
    response = send(client, csv(invoice(1), invoice(2, day="2026-02-30")))
    batch = ImportBatch.objects.get()
    assert response.url == batch.get_absolute_url()
    assert "The calendar has no 2026-02-30" in page(client, batch) or "2026-02-30" in page(
        client, batch
    )

    client.post(reverse("customers:import_check", args=[batch.pk]))
    run_jobs()
    assert not Invoice.objects.exists()
    batch.refresh_from_db()
    assert (batch.created_rows, batch.rejected_rows) == (1, 1)

    client.post(reverse("customers:import_start", args=[batch.pk]))
    assert "every 2s" in page(client, batch)
    run_jobs()
    assert Invoice.objects.count() == 1
    assert "2026-02-30" in page(client, batch)

    client.post(reverse("customers:import_undo", args=[batch.pk]))
    run_jobs()
    assert not Invoice.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_columns_are_tied_in_the_browser(client, admin, firm):
    send(client, csv("C1,2026-01,5", header="who,when,heads"), "social_security")
    batch = ImportBatch.objects.get()
    fields = {"customer_no-header": "who", "ym-header": "when", "heads-header": "heads"}

    client.post(reverse("customers:import_mapping", args=[batch.pk]), fields)

    batch.refresh_from_db()
    assert batch.mapping["columns"]["heads"] == {"header": "heads"}
    assert "2026-01" in page(client, batch) or "24312" in page(client, batch)


def test_a_file_that_is_none_is_refused_on_the_form(client, admin):
    response = send(client, b"%PDF-1.7 hello", name="table.csv")

    assert response.status_code == 422
    assert "PDF" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_beyond_the_limit_is_refused_and_not_kept(client, admin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.IMPORT_MAX_BYTES = 10

    response = send(client, csv(invoice(1)))

    assert response.status_code == 422
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_uploads_have_random_names_and_are_the_servers_own(client, admin, settings, tmp_path, firm):
    settings.MEDIA_ROOT = tmp_path

    send(client, csv(invoice(1)), name="../../etc/passwd.csv")

    batch = ImportBatch.objects.get()
    stored = tmp_path / batch.file_path
    assert batch.file_name == "passwd.csv"
    assert stored.stat().st_mode & 0o777 == 0o600
    assert "passwd" not in batch.file_path


def test_changed_rows_are_shown_with_their_past(client, admin, firm):
    load(csv(invoice(1)))
    batch = load(csv(invoice(1, net="77.70")))

    html = page(client, batch)

    assert "100.0" in html
    assert "77.7" in html


def test_what_stands_in_the_way_of_undo_is_said(client, admin, firm):
    first = load(csv(invoice(1)))
    later = load(csv(invoice(1, net="2")))

    response = client.post(reverse("customers:import_undo", args=[first.pk]), follow=True)

    assert f"#{later.pk}" in response.content.decode()


def test_the_error_file_can_be_downloaded(client, admin, firm):
    batch = load(csv(invoice(1, net="=1+1")))

    for form in ("csv", "xlsx"):
        response = client.get(reverse("customers:import_errors", args=[batch.pk, form]))
        body = b"".join(response.streaming_content)
        assert response.status_code == 200
        assert body[:3] in (b"\xef\xbb\xbf", b"PK\x03")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_template_can_be_downloaded(client, admin, form):
    response = client.get(reverse("customers:import_template", args=["invoices", form]))

    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_branch_head_sees_counts_but_no_cells(client, firm):
    batch = load(csv(invoice(1, net="SECRET")))
    client.force_login(make_user("branch_head"))

    html = page(client, batch)

    assert "SECRET" not in html
    assert client.get(reverse("customers:import_errors", args=[batch.pk, "csv"])).status_code == 404


def test_a_manager_does_not_see_imports_and_only_operators_run_them(client, firm):
    batch = upload(csv(invoice(1)))
    client.force_login(make_user("rm"))
    assert client.get(LIST).status_code == 403
    client.force_login(make_user("auditor"))
    assert client.get(LIST).status_code == 200
    assert client.post(reverse("customers:import_start", args=[batch.pk])).status_code == 403


def test_the_list_costs_the_same_with_more_rows(client, admin, firm, same_queries):
    upload(csv(invoice(1)))

    same_queries(lambda: client.get(LIST), grow=lambda: [upload(csv(invoice(n))) for n in range(5)])


def test_a_fragment_of_the_list_is_its_table(client, admin, firm):
    upload(csv(invoice(1)))

    html = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert "test.csv" in html


def test_cells_of_a_file_are_text_on_the_page(client, admin, firm):
    batch = load(csv(invoice(1, net="<script>alert(1)</script>")))

    assert "<script>alert(1)" not in page(client, batch)


def test_old_files_are_purged_and_their_imports_stay(client, admin, firm):
    batch = load(csv(invoice(1)))
    ImportBatch.objects.update(created_at="2020-01-01T00:00:00Z")

    assert imports.purge() == 1

    batch.refresh_from_db()
    assert batch.file_path == ""
    assert client.get(batch.get_absolute_url()).status_code == 200
