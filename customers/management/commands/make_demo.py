"""``manage.py make_demo``: a believable city bank, made up from a seed."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.core.audit import acting
from crm.core.models import Branch
from customers.demo.build import build_bank
from customers.demo.plan import Plan
from customers.demo.portraits import compute_portraits
from customers.demo.reference import ReferenceMissing
from customers.demo.reset import empty_bank
from customers.models import Customer

WITH_HISTORY = 20_000  # up to so many customers there is a portrait of the quarter before, too


class Command(BaseCommand):
    """Fills an empty database; the same number, seed and day make the same rows."""

    help = "Make a demo bank of made-up customers with two years of facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, from which seed, as of which day."""
        parser.add_argument("--customers", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
        parser.add_argument("--months", type=int, default=24, help="months of facts")
        parser.add_argument("--reset", action="store_true", help="first remove the demo bank")
        parser.add_argument("--no-portraits", action="store_true", help="facts only")

    def handle(self, *args: Any, **options: Any) -> None:
        """The bank exists, with portraits; refused where anybody's real data could be."""
        self._refuse_unless_safe(options["reset"])
        plan = _plan(options)
        began = time.monotonic()
        if options["reset"]:
            empty_bank()
        try:
            with acting(None, "make_demo"):
                rows = build_bank(plan, self._say)
        except ReferenceMissing:
            raise CommandError("Load the reference data first: manage.py load_reference") from None
        self._say(f"{sum(rows.values()):,} rows in {time.monotonic() - began:.0f} s")
        if not options["no_portraits"]:
            earlier = plan.customers <= WITH_HISTORY
            compute_portraits(plan.as_of, self._say, earlier=earlier)
        self._say(f"done in {time.monotonic() - began:.0f} s; see manage.py demo_logins")

    def _refuse_unless_safe(self, reset: bool) -> None:
        if not settings.DEMO:
            raise CommandError("make_demo works on a demo database only: set DEMO=1.")
        if Customer.objects.exists() and not reset:
            raise CommandError(
                "This database has customers already: give --reset to replace them, "
                "or point DATABASE_URL at an empty one."
            )
        if Branch.objects.exclude(code="HQ").filter(parent=None).exists():
            raise CommandError("This database holds another bank's units: use an empty one.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _plan(options: dict[str, Any]) -> Plan:
    """The plan asked for, within what makes sense."""
    if not 1 <= options["customers"] <= 5_000_000:
        raise CommandError("--customers takes 1 to 5,000,000.")
    if not 13 <= options["months"] <= 60:
        raise CommandError("--months takes 13 to 60.")
    as_of = options["as_of"] or timezone.localdate()
    return Plan(options["customers"], options["seed"], as_of, options["months"])
