"""``manage.py make_field_work``: three years of visits and opportunities for the demo bank."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.core.audit import acting
from crm.core.jobs import enqueue
from crm.core.models import User
from customers.models import Customer, Portrait
from customers.services import portrait_run
from marketing.demo.build import make_field_work
from marketing.demo.frame import Work
from marketing.demo.reset import empty_field_work
from marketing.models import Opportunity, Visit
from marketing.services.board_counts import count_boards
from marketing.services.board_refresh import NIGHT
from marketing.services.care import run_care
from marketing.services.plan import make_plan

PLANNED_AT_ONCE = 40  # managers whose weeks are planned in this process
AT_ONCE = 20_000  # customers whose portraits are computed in this process


class Command(BaseCommand):
    """Fills a demo bank; the same bank, seed and day make the same rows."""

    help = "Make three years of made-up visits, opportunities and goals for the demo bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From which seed, as of which day, and what to do where there is some."""
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
        parser.add_argument("--reset", action="store_true", help="first remove all field work")
        parser.add_argument("--if-none", action="store_true", help="nothing where there is some")

    def handle(self, *args: Any, **options: Any) -> None:
        """The field work is there; refused where anybody's real work could be."""
        if not settings.DEMO:
            raise CommandError("make_field_work works on a demo database only: set DEMO=1.")
        if not Customer.objects.exists():
            raise CommandError("There are no customers yet: manage.py make_demo first.")
        is_there = Visit.objects.exists() or Opportunity.objects.exists()
        if is_there and options["if_none"]:
            self.stdout.write("There is field work already.")
            return
        if is_there and not options["reset"]:
            raise CommandError("There is field work already: give --reset to replace it.")
        began = time.monotonic()
        work = Work(options["as_of"] or timezone.localdate(), options["seed"])
        with acting(None, "make_field_work"):
            if options["reset"]:
                empty_field_work()
            rows = make_field_work(work, self._say)
        self._say(f"{sum(rows.values()):,} rows in {time.monotonic() - began:.0f} s")
        self._renew_portraits(work)
        self._plan_weeks(work)
        run_care(as_of=work.as_of)
        self._count_boards(work)

    def _renew_portraits(self, work: Work) -> None:
        """Portraits count the visits, too: at once in a small bank, else by a job."""
        if not Portrait.objects.exists():
            return
        if Customer.objects.count() > AT_ONCE:
            portrait_run.ask_full(as_of=work.as_of)
            self._say("portraits will be computed anew by the worker")
            return
        outcome = portrait_run.run_twice_if_first(as_of=work.as_of)
        portrait_run.tell_changed(outcome.material, as_of=work.as_of)
        self._say(f"{outcome.computed:,} portraits")

    def _plan_weeks(self, work: Work) -> None:
        """The week at hand and the next one are planned as the planner would, in a small bank."""
        managers = User.objects.filter(role="rm", is_active=True).select_related("branch")
        if managers.count() > PLANNED_AT_ONCE:
            return
        ahead = 1 if work.as_of.weekday() >= 5 else 0
        for manager in managers:
            for week in range(ahead + 1):
                on = work.as_of + timedelta(weeks=week)
                make_plan(manager=manager, week_on=on, as_of=work.as_of)
        self._say(f"weeks of {managers.count()} managers planned")

    def _count_boards(self, work: Work) -> None:
        """The boards show the field work: at once in a small bank, else by a job."""
        if Customer.objects.count() > AT_ONCE:
            enqueue(NIGHT, unique_key=NIGHT)
            return
        self._say(f"{count_boards(as_of=work.as_of).cells:,} figures of the boards")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
