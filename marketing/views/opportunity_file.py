"""The list as a file: what it is for is asked first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crm.core.fragments import render_page
from crm.core.parameters import parameters
from customers.services.export import ROW_CAP
from marketing.forms.opportunity import FileForm
from marketing.selectors.pipeline_query import PipelineQuery, read_pipeline_query
from marketing.services.opportunities_export import opportunities_file
from marketing.views.pipeline import chips_of, count_in_words, list_count

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The dialog says how many rows there are and what is left out; then the file."""
    if request.method == "GET":
        query = read_pipeline_query(request.GET)
        return _ask(request, query, FileForm(initial={"query": query.address()}))
    form = FileForm(request.POST)
    sent = str(request.POST.get("query", ""))[:2000]
    query = read_pipeline_query(QueryDict(sent.lstrip("?")))
    if not form.is_valid():
        return _ask(request, query, form, status=422)
    content = opportunities_file(
        by=request.user,
        query=query,
        filters=[str(chip["label"]) for chip in chips_of(request.user, query)],
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="opportunities.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


def _ask(
    request: HttpRequest, query: PipelineQuery, form: FileForm, *, status: int = 200
) -> HttpResponse:
    count = list_count(request.user, query, parameters(timezone.localdate()))
    context: dict[str, Any] = {
        "form": form,
        "count": count,
        "count_text": count_in_words(count),
        "cap": f"{ROW_CAP:,}",
        "is_capped": count > ROW_CAP,
        "back": query.address(),
    }
    full, part = "marketing/opportunities_export.html", "marketing/_opportunities_export.html"
    return render_page(request, full, part, context, status=status)
