"""``manage.py load_products``: the first catalogue; with --demo also competitors."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.core.audit import acting
from products.services.seed_competitors import load_demo_competitors
from products.services.seed_files import BadSeed
from products.services.seeds import load_products


class Command(BaseCommand):
    """Loads ``products/seeds``; a second run changes nothing."""

    help = "Load the product catalogue from its files; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From which day the versions count, and whether this is the demo bank."""
        parser.add_argument("--effective-from", type=date.fromisoformat, help="default: today")
        parser.add_argument("--demo", action="store_true", help="made-up competitors, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """The catalogue is there; a bad file is named with the place."""
        if options["demo"] and not settings.DEMO:
            raise CommandError("--demo works on a demo database only: set DEMO=1.")
        today = timezone.localdate()
        with acting(None, "load_products"):
            try:
                told = load_products(effective_from=options["effective_from"] or today)
                if options["demo"]:
                    told["competitors made"] = load_demo_competitors(as_of=today)
            except BadSeed as error:
                raise CommandError(str(error)) from error
        for name, number in told.items():
            self.stdout.write(f"{name}: {number}")
