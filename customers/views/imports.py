"""Imports: from the file over its columns and a dry run to loaded rows, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.months import month_label
from crm.core.paging import newest_page
from crm.core.roles import Can
from crm.core.selectors.jobs import progress
from customers.forms.imports import ImportFilterForm, MappingForm, UploadForm
from customers.imports import KINDS, Column
from customers.imports.sentences import sentence
from customers.imports.types import Month
from customers.models import ImportBatch
from customers.selectors import imports as selectors
from customers.services import imports as services

State = ImportBatch.State
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """All imports, newest first."""
    filters = ImportFilterForm(request.GET)
    batches = selectors.import_list(**filters.chosen())
    before = request.GET.get("before", "")
    if before.isdecimal():
        batches = batches.filter(pk__lt=int(before))
    rows, older = newest_page(batches, request.GET)
    shown = [(row, KINDS[row.kind].label if row.kind in KINDS else row.kind) for row in rows]
    context = {
        "rows": shown,
        "older": older,
        "filters": filters,
        "may_run": request.user.can(Can.RUN_IMPORTS),
    }
    return render_page(
        request, "customers/imports/list.html", "customers/imports/_rows.html", context
    )


@require_GET
def import_kinds(request: HttpRequest) -> HttpResponse:
    """What can be imported, each with its template."""
    context = {"families": selectors.kinds_by_family()}
    return render_page(request, "customers/imports/kinds.html", None, context)


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A file of one kind taken in."""
    spec = KINDS.get(kind)
    if spec is None:
        raise Http404
    form = UploadForm(spec, request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not getattr(request, "is_upload_too_big", False):
            try:
                return redirect(_upload(request, kind, form))
            except DomainError as error:
                form.add_error("file", str(error.message))
        elif getattr(request, "is_upload_too_big", False):
            most = settings.IMPORT_MAX_BYTES >> 20
            form.errors["file"] = form.error_class([sentence("too_big", {"most": most})])
    context = {"kind": spec, "form": form}
    return render_page(request, "customers/imports/new.html", None, context, status=status)


def _upload(request: HttpRequest, kind: str, form: UploadForm) -> ImportBatch:
    file = form.cleaned_data["file"]
    return services.upload(
        by=request.user,
        kind=kind,
        name=file.name or "",
        pieces=file.chunks(),
        mapping=form.cleaned_data.get("mapping", ""),
        options=form.options(),
    )


@require_GET
def import_template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """The template of a kind, with sample rows."""
    if kind not in KINDS or form not in TYPES:
        raise Http404
    body = services.template_file(kind, form=form)
    return _download(body, KINDS[kind].zh, form)


def _download(body: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(body, content_type=TYPES[form])
    response.headers["Content-Disposition"] = _attachment(name, form)
    return response


def _attachment(name: str, form: str) -> str:
    return content_disposition_header(True, f"{name}.{form}") or "attachment"


@require_GET
def import_detail(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One import: where it stands, and what can be done with it now."""
    batch = selectors.import_detail(batch_id)
    context = detail_context(request, batch)
    return render_page(
        request, "customers/imports/detail.html", "customers/imports/_detail.html", context
    )


def detail_context(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """What the page of an import shows in its state."""
    sees, may_run = selectors.sees_rows(request.user), request.user.can(Can.RUN_IMPORTS)
    context: dict[str, Any] = {
        "batch": batch,
        "kind": KINDS[batch.kind],
        "problem": selectors.problem_of(batch),
        "progress": selectors.progress_of(batch),
        "may_run": may_run,
        "sees_rows": sees,
        "errors": selectors.row_errors(batch) if sees else [],
        "changes": selectors.changed_rows(batch) if sees and batch.is_settled else [],
        "waiting": selectors.portraits_waiting() if batch.is_settled else 0,
    }
    job = selectors.refresh_job() if context["waiting"] else None
    if job is not None:
        context["refresh"] = progress(job, now=timezone.now(), user=request.user)
    if may_run and batch.state in {State.UPLOADED, State.CHECKED, State.FAILED}:
        context |= _mapping_context(batch)
    return context


def _mapping_context(batch: ImportBatch, form: MappingForm | None = None) -> dict[str, Any]:
    """The head of the file and the form of its columns; a file that is gone says so."""
    try:
        head = services.preview(batch)
    except DomainError as error:
        return {"gone": str(error.message)}
    form = form or MappingForm(batch, head.header)
    return {"head": head, "mapping": form, "read_head": _read_head(head)}


def _read_head(head: services.Preview) -> list[dict[str, Any]]:
    """The first rows as they would be read: a line a column, faults in place."""
    if head.read is None:
        return []
    faults = {(f.line, f.column): services.sentence_of(f) for f in head.read.faults}
    found = []
    for key, values in head.read.columns.items():
        column = head.read.kind.by_key[key]
        name = head.read.bounds[key].header or column.zh
        cells = [
            {"text": _cell(value, column), "fault": faults.get((line, name[:80]), "")}
            for value, line in zip(values.to_pylist(), head.lines, strict=False)
        ]
        found.append({"column": column, "cells": cells})
    return found


def _cell(value: Any, column: Column) -> str:
    """A value as it was understood, in words."""
    if value is None:
        return "—"
    if column.secret:
        return f"****{str(value)[-4:]}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(column.type, Month):
        return month_label(value)
    named = getattr(column.type, "label_of", None)
    return named(value) if named else str(value)[:60]


@require_POST
def import_mapping(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The columns are tied as the form says."""
    batch = selectors.import_detail(batch_id)
    form = MappingForm(batch, services.preview(batch).header, request.POST)
    if form.is_valid():
        services.change_mapping(
            by=request.user, batch_id=batch_id, mapping=form.mapping(), options={}
        )
        messages.success(request, _("The columns are tied."))
    return redirect(batch)


@require_POST
def import_check(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A dry run begins."""
    return _act(request, batch_id, services.check)


@require_POST
def import_start(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Loading begins, or goes on."""
    return _act(request, batch_id, services.start)


@require_POST
def import_cancel(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Nothing more is loaded."""
    return _act(request, batch_id, services.cancel)


@require_POST
def import_undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The import is taken back."""
    return _act(request, batch_id, services.undo)


def _act(request: HttpRequest, batch_id: int, service: Callable[..., ImportBatch]) -> HttpResponse:
    try:
        service(by=request.user, batch_id=batch_id)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("customers:import", batch_id=batch_id)


@require_GET
def import_errors(request: HttpRequest, batch_id: int, form: str) -> StreamingHttpResponse:
    """The refused rows and the remarks as a file, in the reader's language."""
    batch = selectors.import_detail(batch_id)
    if form not in TYPES or not selectors.sees_rows(request.user):
        raise Http404
    name = _("Errors of import %(number)s") % {"number": batch.pk}
    pieces = services.error_file(batch, form=form, language=get_language() or "zh-hans")
    response = StreamingHttpResponse(pieces, content_type=TYPES[form])
    response.headers["Content-Disposition"] = _attachment(name, form)
    return response
