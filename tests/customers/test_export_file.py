"""Exports: within reach, with a reason, marked, masked, capped, harmless to a spreadsheet."""

import csv
import io

import pytest
from openpyxl import load_workbook

from crm.core.models import AuditEntry, Job
from customers.services import export
from tests.factories import make_customer, make_portrait, make_user


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def asked(client, run_jobs, *, query="", file_format="csv", reason="客户走访准备"):
    """The lines of the file that the page gives, from the question to the download."""
    response = client.post(
        "/customers/export/", {"query": query, "file_format": file_format, "reason": reason}
    )
    assert response.status_code == 302, response.content.decode()
    run_jobs()
    page = client.get(response.url).content.decode()
    assert f"{response.url}file/" in page
    return b"".join(client.get(f"{response.url}file/").streaming_content)


def lines(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_an_export_holds_the_list_with_its_watermark(client, run_jobs):
    """DAT-4."""
    rm = make_user("rm", full_name="李敏")
    other = make_user("rm")
    make_customer(rm, name="恒丰五金", relation_state="existing")
    make_customer(rm, name="锦绣服装", relation_state="prospect")
    make_customer(other, name="别人的客户")
    client.force_login(rm)

    rows = lines(asked(client, run_jobs, query="?relation=existing"))

    text = str(rows)
    assert "李敏" in rows[0][0]
    assert rm.username in rows[0][0]
    assert "恒丰五金" in text
    assert "锦绣服装" not in text
    assert "别人的客户" not in text
    event = AuditEntry.objects.get(event="customers.exported")
    assert (event.actor, event.details["rows"], event.details["reason"]) == (rm, 1, "客户走访准备")
    assert AuditEntry.objects.filter(event="customers.export_downloaded").count() == 1


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_name_is_never_a_formula(client, run_jobs, start, file_format):
    rm = make_user("rm")
    make_customer(rm, name=f"{start}公司", legal_rep_name=start)
    client.force_login(rm)

    data = asked(client, run_jobs, file_format=file_format)

    if file_format == "csv":
        cells = [cell for row in lines(data) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    else:
        sheet = load_workbook(io.BytesIO(data)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_sensitive_values_are_masked_even_for_their_manager(client, run_jobs):
    from customers.services.saved_list import choose_columns

    rm = make_user("rm")
    customer = make_customer(rm, name="恒丰五金", legal_rep_name="陈恒")
    choose_columns(keys=["name", "legal_rep", "f.loan_balance"], by=rm)
    make_portrait(customer, loan_balance=853_211)
    client.force_login(rm)

    shown = client.get("/customers/").content.decode()
    rows = lines(asked(client, run_jobs))

    assert "85.3" in shown
    assert rows[2][1:] == ["陈*", "50-100万"]


def test_an_export_stops_at_the_cap_and_says_so(client, run_jobs, monkeypatch):
    monkeypatch.setattr(export, "ROW_CAP", 7)
    monkeypatch.setattr(export, "CHUNK", 3)
    rm = make_user("rm")
    for _ in range(9):
        make_customer(rm)
    client.force_login(rm)

    rows = lines(asked(client, run_jobs))

    assert len(rows) == 2 + 7 + 1
    assert len({row[0] for row in rows[2:9]}) == 7
    assert Job.objects.get().ranges.get().result == {"rows": 7, "is_capped": True}


def test_an_export_without_a_reason_is_not_begun(client):
    client.force_login(make_user("rm"))

    response = client.post("/customers/export/", {"file_format": "csv", "reason": " "})

    assert response.status_code == 422
    assert not Job.objects.exists()


def test_the_file_opens_for_nobody_else(client, run_jobs):
    """Scenario k.13: not even for a manager who could see the same rows."""
    rm = make_user("rm")
    head = make_user("branch_head", rm.branch)
    make_customer(rm)
    client.force_login(rm)
    asked(client, run_jobs)
    job = Job.objects.get()
    client.force_login(head)

    assert client.get(f"/customers/exports/{job.pk}/").status_code == 404
    assert client.get(f"/customers/exports/{job.pk}/file/").status_code == 404


def test_what_somebody_no_longer_sees_is_not_in_a_file_written_later(client, run_jobs):
    rm, other = make_user("rm"), make_user("rm")
    customer = make_customer(rm, name="恒丰五金")
    client.force_login(rm)
    client.post("/customers/export/", {"file_format": "csv", "reason": "客户走访准备"})
    customer.manager, customer.scope_no = other, other.scope_no
    customer.save()

    run_jobs()

    job = Job.objects.get()
    data = b"".join(client.get(f"/customers/exports/{job.pk}/file/").streaming_content)
    assert "恒丰五金" not in str(lines(data))


@pytest.mark.parametrize("role", ["auditor", "sys_admin", "catalog_admin"])
def test_roles_that_do_not_export_are_refused(client, role):
    client.force_login(make_user(role))

    assert client.get("/customers/export/").status_code == 403
