"""``manage.py import KIND FILE``: the same path as in the browser, from the command line."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from crm.core.audit import acting
from crm.core.errors import DomainError
from crm.core.models import User
from customers.imports import KINDS
from customers.imports.mapping import shipped_names
from customers.imports.sentences import sentence
from customers.models import ImportBatch, ImportRowError
from customers.services import imports

SHOWN_ERRORS = 10


class Command(BaseCommand):
    """Imports a file, here and now, and prints what became of its rows."""

    help = "Import a CSV or XLSX file: manage.py import KIND FILE [--mapping NAME] [--dry-run]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Kind and file, and what the form in the browser asks for."""
        parser.add_argument("kind", help=f"one of: {', '.join(KINDS.keys())}")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", default="", help="name of a mapping file, or its path")
        parser.add_argument("--dry-run", action="store_true", help="count, but write no row")
        parser.add_argument("--as", dest="user", default="", help="user name of who imports")
        parser.add_argument("--as-of", dest="as_of", default="", help="day of undated facts")
        parser.add_argument("--branch", default="", help="unit of new customers")
        parser.add_argument("--errors", type=Path, help="write the error file (.csv or .xlsx) here")

    def handle(self, *args: Any, **options: Any) -> None:
        """The file is loaded, or checked, before the command ends."""
        translation.activate("zh-hans")
        by = _user(options["user"])
        told = {key: options[key] for key in ("as_of", "branch") if options[key]}
        try:
            with acting(by, "import"):
                batch = self._load(by, options, told)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self._report(batch)
        if options["errors"]:
            form = options["errors"].suffix.lstrip(".")
            options["errors"].write_bytes(b"".join(imports.error_file(batch, form=form)))
        if batch.state == ImportBatch.State.FAILED:
            raise CommandError(sentence(batch.problem["code"], batch.problem["details"]))

    def _load(self, by: User | None, options: dict[str, Any], told: dict[str, Any]) -> ImportBatch:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        try:
            batch = imports.upload(
                by=by,
                kind=options["kind"],
                name=path.name,
                pieces=imports.pieces_of(path),
                mapping=options["mapping"],
                options=told,
            )
        except DomainError as error:
            known = ", ".join(shipped_names(options["kind"]))
            raise CommandError(f"{error.message} (mappings: {known or '-'})") from error
        progress = _Progress(self.stderr if sys.stderr.isatty() else None)
        if options["dry_run"]:
            imports.begin_check(batch.pk, by)
            return imports.check_batch(batch.pk, progress)
        imports.begin_run(batch.pk, by)
        return imports.run_batch(batch.pk, progress)

    def _report(self, batch: ImportBatch) -> None:
        dry = "（试运行） dry run" if batch.is_dry_run else ""
        self.stdout.write(f"#{batch.pk} {batch.file_name}: {batch.get_state_display()}{dry}")
        for name in ("read", "created", "updated", "unchanged", "rejected", "warned"):
            self.stdout.write(f"  {name:<10}{getattr(batch, f'{name}_rows'):>12,}")
        errors = ImportRowError.objects.filter(batch=batch)
        for error in errors[:SHOWN_ERRORS]:
            text = sentence(error.code, error.details)
            self.stdout.write(f"  {error.line}: {error.column} “{error.value}” {text}")


class _Progress:
    """Rows and rate on the terminal, once a second."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.rows = stream, 0
        self.began = self.told = time.monotonic()

    def __call__(self, rows: int) -> None:
        self.rows += rows
        now = time.monotonic()
        if self.stream is not None and now - self.told > 1:
            rate = self.rows / max(now - self.began, 0.001)
            self.stream.write(f"  {self.rows:,} rows, {rate:,.0f}/s", ending="\r")
            self.told = now


def _user(name: str) -> User | None:
    """Who imports; nobody in particular is the system itself."""
    if not name:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    return user
