"""A file taken in: stored, recognised, its columns tied to the kind's; ready to run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Branch, User
from crm.core.roles import Can
from customers.imports import KINDS, ImportKind
from customers.imports.mapping import Bound, bound, guessed, header_digest, shipped
from customers.imports.readers import BadFile, Table, open_table
from customers.imports.sentences import sentence
from customers.models import ImportBatch, ImportMapping
from customers.services.imports.context import ImportContext
from customers.services.imports.rows import Rows, read_rows
from customers.services.imports.storage import remove, store, stored_path

State = ImportBatch.State
STARTABLE = (State.UPLOADED, State.CHECKED, State.CANCELLED, State.FAILED)
PREVIEW_ROWS = 8


def refused(error: BadFile) -> DomainError:
    """The problem with a file as a sentence."""
    return DomainError(sentence(error.code, error.details), status=422)


def must_run(by: User | None) -> None:
    """Only those who may import go on; None is the system itself."""
    if by is not None and not by.can(Can.RUN_IMPORTS):
        raise DomainError(_("Your role does not import files."), status=403)


def kind_of(key: str) -> ImportKind:
    """The kind; DomainError when there is none of this name."""
    kind = KINDS.get(key)
    if kind is None:
        raise DomainError(_("Nothing called %(kind)s can be imported.") % {"kind": key}, status=422)
    return kind


def upload(
    *,
    by: User | None,
    kind: str,
    name: str,
    pieces: Iterable[bytes],
    mapping: str = "",
    options: dict[str, Any] | None = None,
) -> ImportBatch:
    """The file is stored and recognised; DomainError, and nothing stored, when it is no table.

    ``mapping`` names a mapping file; else the one remembered for this header, else the header's
    own names decide.
    """
    must_run(by)
    spec = kind_of(kind)
    try:
        stored = store(pieces)
    except BadFile as error:
        raise refused(error) from error
    try:
        with closing(open_table(stored_path(stored.path))) as table:
            data = _first_mapping(spec, table.header, mapping)
            encoding = table.encoding
    except BadFile as error:
        remove(stored.path)
        raise refused(error) from error
    data["options"] = {**data.get("options", {}), **(options or {})}
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            kind=kind,
            file_name=PurePath(name).name[:200] or "file",
            file_path=stored.path,
            file_sha256=stored.sha256,
            file_bytes=stored.size,
            encoding=encoding,
            mapping=data,
            options=_options(spec.key, stored.sha256, data["options"]),
            state=State.UPLOADED,
            created_by=by,
        )
        record(by, "customers.import_uploaded", batch, kind=kind, sha256=stored.sha256)
    return batch


def _first_mapping(kind: ImportKind, header: list[str], name: str) -> dict[str, Any]:
    if name:
        try:
            data = shipped(name)
        except KeyError:
            raise DomainError(_("There is no mapping “%(name)s”.") % {"name": name}) from None
        if data.get("kind", kind.key) != kind.key:
            raise DomainError(_("The mapping “%(name)s” is for another kind.") % {"name": name})
        return {key: data.get(key, {}) for key in ("columns", "constants", "options")}
    rows = ImportMapping.objects.filter(kind=kind.key, header_sha256=header_digest(header))
    remembered = rows.order_by("-updated_at").first()
    return dict(remembered.mapping) if remembered else guessed(kind, header)


def _options(kind: str, sha256: str, given: dict[str, Any]) -> dict[str, Any]:
    """The same file says the same day again: what it states is not newer the second time."""
    if given.get("as_of"):
        return dict(given)
    same = ImportBatch.objects.filter(kind=kind, file_sha256=sha256, options__has_key="as_of")
    earlier = same.order_by("pk").values_list("options__as_of", flat=True).first()
    return {**given, "as_of": earlier or timezone.localdate().isoformat()}


@transaction.atomic
def change_mapping(
    *, by: User | None, batch_id: int, mapping: dict[str, Any], options: dict[str, Any]
) -> ImportBatch:
    """The columns are tied as said; DomainError when one is missing. Not while it runs."""
    must_run(by)
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in {State.UPLOADED, State.CHECKED} or batch.blocks_done:
        raise DomainError(_("This import has begun; its columns are settled."))
    batch.mapping = {**batch.mapping, **mapping}
    batch.options = {**batch.options, **options}
    batch.state, batch.checked = State.UPLOADED, None
    try:
        with closing(open_table(stored_path(batch.file_path))) as table:
            bounds_of(batch, table)
    except BadFile as error:
        raise refused(error) from error
    batch.save(update_fields=["mapping", "options", "state", "checked"])
    return batch


def remember_mapping(batch: ImportBatch, header: list[str], by: User | None) -> None:
    """The next file with this header is tied the same way."""
    digest = header_digest(header)
    ImportMapping.objects.update_or_create(
        kind=batch.kind,
        name=digest[:12],
        defaults={
            "header_sha256": digest,
            "mapping": {**batch.mapping, "options": {}},
            "created_by": by,
        },
    )


def read_header(batch: ImportBatch) -> list[str]:
    """The header of the stored file."""
    with closing(open_table(stored_path(batch.file_path))) as table:
        return table.header


def bounds_of(batch: ImportBatch, table: Table) -> list[Bound]:
    """The file's columns tied to the kind's."""
    return bound(KINDS[batch.kind], batch.mapping, table.header, today=timezone.localdate())


def context_of(batch: ImportBatch, *, is_dry_run: bool) -> ImportContext:
    """What stays the same while the file is read."""
    code = batch.options.get("branch", "")
    branches = Branch.objects.filter(is_active=True)
    branch = branches.filter(code=code).first() if code else None
    if code and branch is None:
        raise DomainError(_("There is no unit “%(code)s”.") % {"code": code})
    branch = branch or branches.filter(parent=None).order_by("pk").first()
    if branch is None:
        raise DomainError(_("The bank has no unit yet; add one first."))
    return ImportContext(
        batch_id=batch.pk,
        by_id=batch.created_by_id,
        today=timezone.localdate(),
        as_of=date.fromisoformat(batch.options["as_of"]),
        branch=branch,
        is_dry_run=is_dry_run,
    )


@dataclass(frozen=True)
class Preview:
    """The head of a file: its columns, the first rows, and how they would be read."""

    header: list[str]
    encoding: str
    rows: list[list[str]]
    lines: list[int]
    read: Rows | None
    problem: str  # a sentence, when the columns do not fit yet


def preview(batch: ImportBatch) -> Preview:
    """The first rows as the file has them and as the mapping reads them; nothing is looked up."""
    try:
        with closing(open_table(stored_path(batch.file_path))) as table:
            block = next(iter(table.blocks()), None)
            header, encoding = table.header, table.encoding
            if block is None:
                problem = sentence("no_rows", {})
                return Preview(header, encoding, [], [], None, problem)
            columns = [column.slice(0, PREVIEW_ROWS).to_pylist() for column in block.columns]
            shown = [list(row) for row in zip(*columns, strict=True)]
            lines = [int(line) for line in block.lines[:PREVIEW_ROWS]]
            try:
                bounds = bounds_of(batch, table)
            except BadFile as error:
                problem = sentence(error.code, error.details)
                return Preview(header, encoding, shown, lines, None, problem)
    except BadFile as error:
        raise refused(error) from error
    head = type(block)(
        block.first,
        block.lines[:PREVIEW_ROWS],
        [c.slice(0, PREVIEW_ROWS) for c in block.columns],
        [],
    )
    return Preview(
        header, encoding, shown, lines, read_rows(KINDS[batch.kind], bounds, header, head), ""
    )
