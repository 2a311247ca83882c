"""``manage.py rebuild_rollups``: all rollups anew from the facts, in customer order."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from customers.services import rollups


class Command(BaseCommand):
    """The rollups say what the facts say, for every customer."""

    help = "Write all rollups anew from the facts, sorted by customer, and swap them in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and tell how long it took."""
        began = time.monotonic()
        count = rollups.rebuild()
        self.stdout.write(f"{count} customers in {time.monotonic() - began:.1f} s")
