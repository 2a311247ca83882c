"""``manage.py demo_logins``: the fixed log-ins of the demo bank, one a role."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from customers.demo.org import demo_logins


class Command(BaseCommand):
    """Lists role, user name, password, name and unit."""

    help = "List the log-ins of the demo bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As text for people, as JSON for programs."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """The log-ins, or one sentence why there are none."""
        if not settings.DEMO:
            raise CommandError("The demo log-ins work in the demo only: set DEMO=1.")
        rows = demo_logins()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(
                f"{row['username']:<12} {row['password']:<18} {row['role']:<14} "
                f"{row['name']} {row['unit']}"
            )
