"""Market surveys: read, written by hand or from a file, approved by somebody else (CUS-5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from marketing.forms.survey import (
    FORM_LABELS,
    LinesForm,
    SurveyFileForm,
    SurveyFilterForm,
    SurveyHeadForm,
)
from marketing.imports import SURVEY_LINES
from marketing.market.survey import TABLES
from marketing.models import MarketSurvey
from marketing.selectors.survey import (
    may_approve,
    may_edit,
    standing,
    survey_in_reach,
    survey_list,
    survey_tables,
)
from marketing.services.survey import approve_survey, drop_survey, save_survey
from marketing.services.survey_file import read_survey_file, survey_faults
from marketing.views.market_sections import market_tabs, numbered

BOTH = ["GET", "POST"]
PAGE = 50
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """Drafts of the own units and every approved survey that counts for them."""
    filters = SurveyFilterForm(request.GET)
    found = survey_list(user=request.user, **filters.chosen())
    rows = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rules, today = parameters(timezone.localdate()), timezone.localdate()
    context = {
        "tabs": market_tabs(request.user, "marketing:surveys"),
        "filters": filters,
        "rows": [(row, standing(row, today=today, values=rules)) for row in rows],
        "may_write": request.user.can(Can.EDIT_GOALS),
        "previous": numbered(request, rows.number - 1) if rows.has_previous() else "",
        "next": numbered(request, rows.number + 1) if rows.has_next() else "",
    }
    return render_page(request, "marketing/surveys.html", "marketing/_surveys.html", context)


@require_GET
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: its tables with shares, who wrote it, who approved it."""
    found = survey_in_reach(user=request.user, survey_id=pk)
    today = timezone.localdate()
    tables = survey_tables(found)
    context = {
        "survey": found,
        "standing": standing(found, today=today, values=parameters(today)),
        "tables": tables,
        "forms": _forms_of(tables),
        "may_edit": may_edit(found, request.user),
        "may_approve": may_approve(found, request.user),
    }
    return render_page(request, "marketing/survey.html", None, context)


def _forms_of(tables: list[Any]) -> list[tuple[str, Any]]:
    """The standard forms that the survey fills, both for one without lines."""
    keys = {TABLES[table.key].form for table in tables} or set(FORM_LABELS)
    return [(key, label) for key, label in FORM_LABELS.items() if key in keys]


@require_http_methods(BOTH)
def new_survey(request: HttpRequest, form: str) -> HttpResponse:
    """A new survey on one of the two standard forms."""
    if form not in FORM_LABELS:
        raise Http404
    head = SurveyHeadForm(request.POST or None, user=request.user)
    lines = LinesForm(request.POST or None, form=form)
    saved = _save(request, head, lines)
    return saved or _form_page(request, form, head, lines)


@require_http_methods(BOTH)
def edit_survey(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A draft written again; lines of the other form stay."""
    found = survey_in_reach(user=request.user, survey_id=pk)
    if form not in FORM_LABELS or not may_edit(found, request.user):
        raise Http404
    tables = survey_tables(found)
    head = SurveyHeadForm(request.POST or None, instance=found, user=request.user)
    lines = LinesForm(request.POST or None, form=form, tables=tables)
    saved = _save(request, head, lines, found=found, others=_others(tables, form))
    return saved or _form_page(request, form, head, lines, found)


def _others(tables: list[Any], form: str) -> list[Any]:
    """Lines of the other standard form, as they stand."""
    from marketing.services.survey_lines import LineInput

    return [
        LineInput(table.key, line.value, line.count, line.new_count)
        for table in tables
        if TABLES[table.key].form != form
        for line in table.lines
    ]


def _save(
    request: HttpRequest,
    head: SurveyHeadForm,
    lines: LinesForm,
    *,
    found: MarketSurvey | None = None,
    others: list[Any] | None = None,
) -> HttpResponse | None:
    """To the saved survey, or None with the errors in the forms."""
    if request.method != "POST" or not (head.is_valid() & lines.is_valid()):
        return None
    seen = request.POST.get("version", "")
    try:
        kept = save_survey(
            head=head.head(),
            lines=[*lines.lines(), *(others or [])],
            by=request.user,
            survey_id=found.pk if found else None,
            version=int(seen) if seen.isdecimal() else None,
        )
    except DomainError as error:
        if error.status == 403:
            raise
        _show(error, head, lines)
        return None
    messages.success(request, _("The draft is kept; somebody else approves it."))
    return redirect(kept)


def _show(error: DomainError, head: BaseForm, lines: BaseForm) -> None:
    """Each error at its field; what belongs to none above the form."""
    placed = 0
    for name, text in error.fields.items():
        for form in (head, lines):
            if name in form.fields:
                form.add_error(name, str(text))
                placed += 1
    if not placed:
        head.add_error(None, str(error.message))


def _form_page(
    request: HttpRequest,
    form: str,
    head: SurveyHeadForm,
    lines: LinesForm,
    found: MarketSurvey | None = None,
) -> HttpResponse:
    context = {
        "head": head,
        "tables": lines.tables(),
        "form_label": FORM_LABELS[form],
        "survey": found,
        "back": found.get_absolute_url() if found else reverse("marketing:surveys"),
        "version": request.POST.get("version") or (found.version if found else ""),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "marketing/survey_edit.html", None, context, status=status)


@require_http_methods(BOTH)
def survey_file(request: HttpRequest) -> HttpResponse:
    """A survey from a file: checked line by line, then kept as a draft."""
    head = SurveyHeadForm(request.POST or None, user=request.user)
    upload = SurveyFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"head": head, "upload": upload, "kind": SURVEY_LINES}
    if request.method == "POST" and (head.is_valid() & upload.is_valid()):
        done = _read_file(request, head, upload, context)
        if done is not None:
            return done
    is_wrong = request.method == "POST" and not context.get("is_fine")
    return render_page(
        request, "marketing/survey_file.html", None, context, status=422 if is_wrong else 200
    )


def _read_file(
    request: HttpRequest, head: SurveyHeadForm, upload: SurveyFileForm, context: dict[str, Any]
) -> HttpResponse | None:
    """To the draft that was kept, or None with what was found in ``context``."""
    try:
        read = read_survey_file(upload.cleaned_data["file"].chunks())
    except DomainError as error:
        upload.add_error("file", str(error.message))
        return None
    faults = survey_faults(read, today=timezone.localdate())
    context |= {"read": read, "faults": faults, "is_fine": not faults}
    if faults or upload.cleaned_data["only_check"]:
        return None
    try:
        kept = save_survey(head=head.head(), lines=read.lines, by=request.user)
    except DomainError as error:
        context["is_fine"] = False
        _show(error, head, upload)
        return None
    messages.success(request, _("The draft is kept; somebody else approves it."))
    return redirect(kept)


@require_GET
def survey_template(request: HttpRequest) -> HttpResponse:
    """The template of survey lines, with sample rows."""
    from customers.services.imports.sheets import template_rows, workbook

    body = workbook(template_rows(SURVEY_LINES), title=SURVEY_LINES.zh)
    response = HttpResponse(body, content_type=SPREADSHEET)
    name = content_disposition_header(True, f"{SURVEY_LINES.zh}.xlsx")
    response.headers["Content-Disposition"] = name or "attachment"
    return response


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The survey counts from now on."""
    found = approve_survey(survey_id=pk, version=_version(request), by=_user(request))
    messages.success(request, _("The survey is approved; it is the market of its region now."))
    return redirect(found)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft is gone."""
    drop_survey(survey_id=pk, by=_user(request))
    messages.success(request, _("The draft is dropped."))
    return redirect("marketing:surveys")


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _user(request: HttpRequest) -> User:
    user: User = request.user
    return user
