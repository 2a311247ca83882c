"""``manage.py import_survey FILE``: a survey from a file, as in the browser, kept as a draft."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from crm.core.audit import acting
from crm.core.errors import DomainError
from crm.core.models import Branch, RegionCode, User
from customers.models import Territory
from customers.services.imports import pieces_of
from marketing.models import MarketSurvey
from marketing.services.survey import SurveyHead, save_survey
from marketing.services.survey_file import FaultLine, read_survey_file, survey_faults

SHOWN = 10


class Command(BaseCommand):
    """Checks every line of the file; keeps the survey as a draft when none is wrong."""

    help = "Import a market survey (CSV or XLSX) as a draft that somebody else approves"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the form in the browser asks for."""
        sources = ", ".join(MarketSurvey.Source.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="user", required=True, help="user name of who writes it")
        parser.add_argument("--region", required=True, help="division code")
        parser.add_argument("--territory", default="", help="code of a territory in the region")
        parser.add_argument("--branch", default="", help="unit code; else the user's own unit")
        parser.add_argument("--as-of", dest="as_of", default="", help="day of it; else today")
        parser.add_argument("--source", required=True, help=f"one of: {sources}")
        parser.add_argument("--confidence", type=int, default=3, help="1 (guess) to 5 (counted)")
        parser.add_argument("--note", default="", help="how it was counted")
        parser.add_argument("--dry-run", action="store_true", help="check, but keep nothing")
        parser.add_argument("--errors", type=Path, help="write the refused lines (.csv) here")

    def handle(self, *args: Any, **options: Any) -> None:
        """The draft is there, or every wrong line is told and nothing was written."""
        translation.activate("zh-hans")
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        by = _one(User.objects.filter(is_active=True), username=options["user"])
        try:
            with acting(by, "import"):
                self._import(path, _head(by, options), by, options)
        except DomainError as error:
            raise CommandError(str(error.message)) from error

    def _import(self, path: Path, head: SurveyHead, by: User, options: dict[str, Any]) -> None:
        read = read_survey_file(pieces_of(path))
        faults = survey_faults(read, today=timezone.localdate())
        good = len(read.lines)
        self.stdout.write(f"{path.name}: {read.read:,} 行 / lines, {good:,} 行可读 / good")
        if options["errors"]:
            _write(options["errors"], faults)
        for one in faults[:SHOWN]:
            self.stdout.write(f"  {one.line}: {one.column} “{one.value}” {one.why}")
        if faults:
            raise CommandError(f"{len(faults)} 处错误，未保存 / faults, nothing kept")
        if options["dry_run"]:
            self.stdout.write("试运行通过，未保存 / dry run passed, nothing kept")
            return
        kept = save_survey(head=head, lines=read.lines, by=by)
        self.stdout.write(f"草稿 #{kept.pk} 已保存，待他人审批 / draft kept, to be approved")


def _head(by: User, options: dict[str, Any]) -> SurveyHead:
    """Where, when, by whom and how surely was counted."""
    if options["source"] not in MarketSurvey.Source.values:
        raise CommandError(f"--source: one of {', '.join(MarketSurvey.Source.values)}")
    if not 1 <= options["confidence"] <= 5:
        raise CommandError("--confidence: 1 to 5")
    try:
        as_of = date.fromisoformat(options["as_of"]) if options["as_of"] else timezone.localdate()
    except ValueError as error:
        raise CommandError(f"--as-of: {options['as_of']} is no day such as 2026-06-30") from error
    code, unit = options["territory"], options["branch"]
    return SurveyHead(
        branch=_one(Branch.objects.all(), code=unit) if unit else by.branch,
        region=_one(RegionCode.objects.all(), code=options["region"]),
        territory=_one(Territory.objects.all(), code=code) if code else None,
        as_of=as_of,
        source=options["source"],
        confidence=options["confidence"],
        note=options["note"],
    )


def _one(rows: Any, **key: str) -> Any:
    """The row that the key names; CommandError when there is none."""
    found = rows.filter(**key).first()
    if found is None:
        name, value = next(iter(key.items()))
        raise CommandError(f"{rows.model._meta.model_name}: no {name} {value!r}")
    return found


def _write(path: Path, faults: list[FaultLine]) -> None:
    """The faults as a table that a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("行号", "列", "取值", "问题"))
        for one in faults:
            value = f"'{one.value}" if one.value[:1] in "=+-@" else one.value
            rows.writerow((one.line, one.column, value, one.why))
