"""``manage.py evaluate_suggestions --cut DATE``: does the model beat simple lists, honestly?"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.core.errors import DomainError
from products.services.propensity_evaluation import Evaluation, default_cut, evaluate


class Command(BaseCommand):
    """A table of the measures of the model and its baselines, then one line of JSON."""

    help = "Learn from what was known on a day and compare rankings with what was opened after."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, and whether only the line for machines is wanted."""
        parser.add_argument(
            "--cut", type=_day, help="YYYY-MM-DD; default: 90 days before the last opening"
        )
        parser.add_argument("--json", action="store_true", help="only the line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate and tell."""
        try:
            found = evaluate(cut=options["cut"] or default_cut())
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if not options["json"]:
            self._tell(found)
        self.stdout.write(json.dumps(found.to_data()))

    def _tell(self, found: Evaluation) -> None:
        write = self.stdout.write
        write(
            f"Learned by {found.cut} from {len(found.learned_from)} windows; "
            f"{found.customers:,} customers with us then, {found.judged:,} of them opened "
            f"{found.openings:,} new families by {found.until}."
        )
        for note in found.notes:
            write(note)
        write(f"{'':12}{'MAP@7':>8}{'prec@3':>8}{'recall@5':>10}{'families':>10}{'customers':>11}")
        for name, ranking in found.rankings.items():
            told = ranking.marks
            write(
                f"{name:12}{told.map7:8.4f}{told.precision3:8.4f}{told.recall5:10.4f}"
                f"{ranking.families:10.0%}{ranking.customers:11.0%}"
            )
        data = found.to_data()
        if data["lift"]:
            write(
                f"MAP@7 is {data['lift']:.3f} times that of {found.best_baseline} "
                f"(90 % interval {data['lift_low']:.3f} to {data['lift_high']:.3f})."
            )
        pairs = ", ".join(f"{tenth['said']:.4f}/{tenth['came']:.4f}" for tenth in found.reliability)
        write(f"Chances told / come true by tenths: {pairs}")


def _day(text: str) -> date:
    """A day as it is written; an error names what is wrong with it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: {error}") from error
