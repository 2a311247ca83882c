"""Takes the customers of a demo database away again, units and people kept."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from crm.core.models import Cover, Task, User

KEPT = {"customergroup", "consenttemplate", "importmapping"}


class NotADemo(Exception):
    """Nobody's data is removed outside the demo."""


@transaction.atomic
def empty_bank() -> None:
    """No customers and nothing that hangs on them; keys start at one; nobody is active."""
    if not settings.DEMO:
        raise NotADemo
    tables = [
        f'"{model._meta.db_table}"'
        for model in apps.get_app_config("customers").get_models()
        if model._meta.model_name not in KEPT and model._meta.managed
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    Task.objects.all().delete()
    Cover.objects.all().delete()
    User.objects.update(is_active=False)
