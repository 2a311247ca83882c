"""``manage.py train_propensity [--as-of DATE]``: a propensity model from all that is known."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.core.errors import DomainError
from products.services.propensity_training import ask_first, train


class Command(BaseCommand):
    """The model is kept; it is the active one unless it did worse than the one in use."""

    help = "Train the propensity model now, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day after which nothing is read."""
        parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
        parser.add_argument(
            "--later", action="store_true", help="where there is none, ask the worker to train one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, then tell what came of it."""
        if options["later"]:
            is_asked = ask_first(as_of=options["as_of"] or timezone.localdate())
            self.stdout.write("Asked for." if is_asked else "There is a model already.")
            return
        try:
            model = train(as_of=options["as_of"] or timezone.localdate())
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        learned = sum(1 for term in model.content["terms"].values() if term.get("steps"))
        self.stdout.write(
            f"Model {model} to {model.trained_to}: {model.state}, {learned} of "
            f"{len(model.content['families'])} families learned, {model.content['rounds']} rounds."
        )
        self.stdout.write(json.dumps(model.metrics))
