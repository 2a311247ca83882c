"""Who did what to which row: the trigger, the events, and who may read them (ROL-4, spec j)."""

import pytest
from django.db import DatabaseError, connection, transaction

from crm.core.audit import acting, record, record_read
from crm.core.models import AuditEntry, Branch
from tests.factories import make_branch, make_user


def entries(**fields):
    return AuditEntry.objects.filter(**fields).order_by("pk")


def test_a_saved_row_leaves_an_entry_with_the_changed_columns():
    admin, unit = make_user("sys_admin"), make_branch()
    unit.name = "新名"

    with acting(admin, "request-1"):
        unit.save()

    entry = entries(table_name="core_branch", row_pk=unit.pk, event="update").get()
    assert (entry.actor, entry.role, entry.request_id) == (admin, "sys_admin", "request-1")
    assert entry.changed == ["name"]
    assert entry.unit == admin.branch


def test_bulk_updates_and_raw_sql_are_seen_too():
    units = [make_branch() for _number in range(3)]
    admin = make_user("sys_admin")

    with acting(admin):
        Branch.objects.filter(pk__in=[unit.pk for unit in units]).update(region_code="330100")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_branch SET name = name || '*' WHERE id = %s", [units[0].pk])

    changed = entries(table_name="core_branch", event="update", actor=admin)
    assert [entry.changed for entry in changed] == [["region_code"]] * 3 + [["name"]]


def test_an_update_that_changes_nothing_leaves_no_entry():
    unit = make_branch()
    before = AuditEntry.objects.count()

    Branch.objects.filter(pk=unit.pk).update(name=unit.name)

    assert AuditEntry.objects.count() == before


def test_a_deleted_row_leaves_an_entry():
    unit = make_branch()

    Branch.objects.filter(pk=unit.pk).delete()

    assert entries(table_name="core_branch", row_pk=unit.pk, event="delete").exists()


def test_after_the_request_nobody_acts():
    with acting(make_user("sys_admin"), "x"):
        pass
    unit = make_branch()

    entry = entries(table_name="core_branch", row_pk=unit.pk, event="insert").get()
    assert entry.actor is None
    assert entry.request_id == ""


def test_a_posted_form_names_the_user_and_the_request(client):
    admin = make_user("sys_admin")
    client.force_login(admin)
    fields = {
        "code": "X1",
        "name": "新支行",
        "level": "branch",
        "parent": make_branch(level="region").pk,
    }

    response = client.post("/branches/new/", fields)

    unit = Branch.objects.get(code="X1")
    entry = entries(table_name="core_branch", row_pk=unit.pk, event="insert").get()
    assert entry.actor == admin
    assert entry.request_id == response["X-Request-Id"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_auditentry SET event = 'x'", "DELETE FROM core_auditentry"],
)
def test_the_trail_can_only_grow(statement):
    make_branch()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_that_is_rolled_back_is_gone_with_its_effect():
    admin = make_user("sys_admin")

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(admin, "core.unit_created")
        raise ZeroDivisionError

    assert not entries(event="core.unit_created").exists()


def test_log_in_failure_and_refusal_are_recorded_without_the_password(client):
    rm = make_user("rm", username="min")
    client.post("/accounts/login/", {"login": "min", "password": "wrong-secret"})
    client.post("/accounts/login/", {"login": "min", "password": "huike-2026"})
    client.get("/users/")

    found = {entry.event: entry for entry in entries(kind="event")}
    assert {"core.sign_in_failed", "core.signed_in", "core.refused"} <= set(found)
    assert found["core.refused"].actor == rm
    assert found["core.refused"].details["path"] == "/users/"
    assert "wrong-secret" not in str([entry.details for entry in found.values()])


def test_each_role_reads_its_part_of_the_trail(client):
    """Spec j: auditor the bank, branch head the subtree's acts, an RM the own acts."""
    here, there = make_branch(), make_branch()
    rm, other = make_user("rm", here), make_user("rm", there)
    head, auditor = make_user("branch_head", here), make_user("auditor")
    record_read(rm, "test.mine")
    record_read(other, "test.other")

    seen = {}
    for person in (rm, head, auditor):
        client.force_login(person)
        html = client.get("/audit/?kind=read").content.decode()
        seen[person.role] = ("test.mine" in html, "test.other" in html)

    assert seen == {
        "rm": (True, False),
        "branch_head": (True, False),
        "auditor": (True, True),
    }


def test_the_administrator_reads_no_content(client):
    client.force_login(make_user("sys_admin"))

    assert client.get("/audit/").status_code == 403


def test_the_trail_is_paged_by_key(client):
    auditor = make_user("auditor")
    client.force_login(auditor)
    for number in range(60):
        record_read(auditor, "test.paged", number=number)

    first = client.get("/audit/?event=test.paged").context
    second = client.get(f"/audit/{first['older']}").context

    numbers = [row.details["number"] for row in [*first["rows"], *second["rows"]]]
    assert numbers == list(range(59, -1, -1))
    assert second["older"] == ""


def test_the_trail_costs_the_same_with_more_entries(client, same_queries):
    auditor = make_user("auditor")
    client.force_login(auditor)
    record_read(auditor, "test.one")

    same_queries(
        lambda: client.get("/audit/?event=test."),
        grow=lambda: [record_read(auditor, "test.more") for _number in range(20)],
    )
