"""``manage.py migrate`` and the databases it is given."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from customers.models import Customer


def test_a_database_made_by_another_version_is_refused_by_name(db):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("customers", "0004_of_another_version")

    with pytest.raises(CommandError, match=r"customers\.0004_of_another_version"):
        call_command("migrate", verbosity=0)


def test_a_database_of_this_version_is_left_as_it_is(db):
    before = MigrationRecorder(connection).applied_migrations()

    call_command("migrate", verbosity=0)

    assert MigrationRecorder(connection).applied_migrations().keys() == before.keys()


def test_tables_made_in_one_step_have_their_keys_indexes_and_triggers(db):
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, Customer._meta.db_table)
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'customers_customer'::regclass"
        )
        triggers = " ".join(name for (name,) in cursor.fetchall())

    assert any(one["foreign_key"] == ("core_branch", "id") for one in constraints.values())
    assert {index.name for index in Customer._meta.indexes} <= constraints.keys()
    assert "audited" in triggers
