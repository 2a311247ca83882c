"""``manage.py compute_portraits``: all portraits, or those of some customers, as of a day."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.models import Customer
from customers.services import portrait, portrait_run


class Command(BaseCommand):
    """The portraits stand as the facts known on the day give them."""

    help = "Compute portraits now, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, and whose."""
        parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
        parser.add_argument("--customers", nargs="*", default=[], help="customer numbers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute, then tell how many and how many moved."""
        as_of = options["as_of"] or timezone.localdate()
        began = time.monotonic()
        if options["customers"]:
            chosen = Customer.objects.filter(customer_no__in=options["customers"])
            ids = sorted(chosen.values_list("pk", flat=True))
            outcome = portrait.store(as_of=as_of, ids=ids)
        else:
            outcome = portrait_run.run_twice_if_first(as_of=as_of)
        portrait_run.tell_changed(outcome.material, as_of=as_of)
        spent = time.monotonic() - began
        self.stdout.write(
            f"{outcome.computed} portraits as of {as_of.isoformat()}, "
            f"{len(outcome.moved)} new versions, in {spent:.1f} s"
        )
