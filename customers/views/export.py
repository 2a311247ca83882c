"""Exports: asked for with a reason, watched while they run, downloaded by whoever asked."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.fragments import render_page
from crm.core.models import Job
from crm.core.selectors.jobs import progress
from customers.forms.export import ExportForm
from customers.selectors.customer_list import customers_of
from customers.selectors.keyset import COUNT_CAP, capped_count
from customers.selectors.list_filters import LIST_FILTERS
from customers.selectors.list_query import read_list_query
from customers.selectors.saved_list import shelf_of
from customers.services.export import (
    ROW_CAP,
    ask_export,
    export_path,
    export_result,
    finished_export,
    record_download,
)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The dialog that asks what the file is for; then the job's page."""
    form = ExportForm(request.POST or None)
    data = request.POST if request.method == "POST" else request.GET
    query = read_list_query(data, filters=LIST_FILTERS.keys())
    if request.method == "POST" and form.is_valid():
        job = ask_export(
            by=request.user,
            query=form.cleaned_data["query"],
            columns=[column.key for column in shelf_of(request.user).columns],
            file_format=form.cleaned_data["file_format"],
            reason=form.cleaned_data["reason"],
        )
        return redirect("customers:exported", job.pk)
    count = capped_count(customers_of(user=request.user, query=query))
    form.initial["query"] = query.address()
    context = {"form": form, "count": count, "cap": ROW_CAP, "is_capped": count > ROW_CAP}
    context["count_text"] = f"{COUNT_CAP - 1:,}+" if count >= COUNT_CAP else f"{count:,}"
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "customers/export.html", "customers/_export.html", context, status=status
    )


@require_GET
def exported(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far the file is, and its link once it is there."""
    job = finished_export(job_id=job_id, by=request.user)
    context = {
        "job": job,
        "progress": progress(job, now=timezone.now(), user=request.user),
        "result": export_result(job),
        "is_ready": job.state == Job.State.DONE and export_path(job).is_file(),
    }
    return render_page(request, "customers/exported.html", "customers/_exported.html", context)


@require_GET
def download(request: HttpRequest, job_id: int) -> HttpResponse | FileResponse:
    """The file, for whoever asked for it and for nobody else."""
    job = finished_export(job_id=job_id, by=request.user)
    path = export_path(job)
    if job.state != Job.State.DONE or not path.is_file():
        raise Http404
    record_download(job, request.user)
    name = f"customers-{job.pk}{path.suffix}"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response
