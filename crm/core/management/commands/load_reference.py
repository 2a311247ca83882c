"""``manage.py load_reference``: codes, size rule, regions, trade profiles, LPR, parameters."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.core.services.reference import load_reference


class Command(BaseCommand):
    help = "Load the reference data; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, rows in load_reference().items():
            self.stdout.write(f"{name}: {rows}")
