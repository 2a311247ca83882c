"""What people decide is audited row by row; what machines recompute is not."""

import pytest
from django.apps import apps
from django.db import connection

from crm.core.audit import RowTrigger

AUDITED = {
    "core.Branch", "core.User", "core.Cover", "core.RuleParameter", "core.LprQuote",
    "core.IndustryPolicy", "customers.Customer", "customers.CustomerIdentifier",
    "customers.Contact", "customers.CustomerAssignment", "customers.Consent",
}  # fmt: skip


@pytest.mark.parametrize("label", sorted(AUDITED))
def test_the_table_has_the_audit_trigger(label):
    table = apps.get_model(label)._meta.db_table

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE 'pgtrigger_audited_%%'",
            [table],
        )
        assert cursor.fetchone()[0] == 1


def test_no_audited_model_tracks_a_column_it_does_not_have():
    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", ()):
            if isinstance(trigger, RowTrigger):
                known = {field.name for field in model._meta.get_fields()}
                assert set(trigger.columns) | set(trigger.exclude) <= known, model
