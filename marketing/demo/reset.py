"""Takes all field work of a demo database away again."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from crm.core.models import Task
from customers.demo.reset import NotADemo
from products.models import UnitFocus

# Who sat where and when is kept by triggers on people and units, not by field work.
KEPT = frozenset({"orgspan", "boardplace", "boardseat", "boardcharge", "boardcustomer"})


@transaction.atomic
def empty_field_work() -> None:
    """No visits, opportunities, plans, goals or care; keys start at one."""
    if not settings.DEMO:
        raise NotADemo
    tables = [
        f'"{model._meta.db_table}"'
        for model in apps.get_app_config("marketing").get_models()
        if model._meta.managed and model._meta.model_name not in KEPT
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits for the tables
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    UnitFocus.objects.all().delete()
    Task.objects.filter(kind__startswith="marketing.").delete()
