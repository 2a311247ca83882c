"""``manage.py rotate_keys``: after a new first key in FIELD_KEYS, every value moves to it."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.core.crypto import SEALED, rotate


class Command(BaseCommand):
    help = "Encrypt every sensitive value with the first key of FIELD_KEYS; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for column in SEALED:
            changed = rotate(column)
            self.stdout.write(f"{column.table}.{column.column}: {changed} values moved")
        self.stdout.write("The older keys are not needed any more once this says 0 everywhere.")
