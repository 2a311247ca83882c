"""``manage.py match_customers``: all customers against all offers, or some of them, as of a day."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.models import Customer
from products.models import CustomerMatch
from products.services import matching
from products.services.book import keep_book


class Command(BaseCommand):
    """The matches stand as portraits, versions and weights of the day give them."""

    help = "Match customers against every offer in force now, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, and whose."""
        parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
        parser.add_argument("--customers", nargs="*", default=[], help="customer numbers")
        parser.add_argument("--if-none", action="store_true", help="only where nobody was matched")

    def handle(self, *args: Any, **options: Any) -> None:
        """Match, then tell how many by which book."""
        as_of = options["as_of"] or timezone.localdate()
        if options["if_none"] and CustomerMatch.objects.exists():
            self.stdout.write("Customers were matched before.")
            return
        began = time.monotonic()
        if options["customers"]:
            chosen = Customer.objects.filter(customer_no__in=options["customers"])
            ids = chosen.values_list("pk", flat=True)
            done = matching.match_customers(customer_ids=ids, as_of=as_of)
        else:
            done = matching.run_full(as_of=as_of)
        book = keep_book(as_of)
        spent = time.monotonic() - began
        self.stdout.write(
            f"{done} customers matched against {len(book.offers)} offers as of "
            f"{as_of.isoformat()}, by book {book.number}, in {spent:.1f} s"
        )
