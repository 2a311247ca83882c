"""Background work with its progress."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crm.core.forms import JobFilterForm
from crm.core.fragments import render_page
from crm.core.paging import newest_page
from crm.core.selectors import jobs as selectors
from crm.core.services import jobs as services


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    filters, now = JobFilterForm(request.GET), timezone.now()
    jobs = selectors.job_list(user=request.user, **filters.chosen())
    rows, older = newest_page(jobs, request.GET)
    context = {
        "rows": [selectors.progress(job, now=now, user=request.user) for job in rows],
        "older": older,
        "filters": filters,
        "now": now,
    }
    return render_page(request, "core/jobs.html", "core/_jobs.html", context)


@require_GET
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(selectors.visible_jobs(request.user), pk=job_id)
    now = timezone.now()
    context = {
        "job": job,
        "progress": selectors.progress(job, now=now, user=request.user),
        "parts": selectors.part_counts(job),
        "troubles": selectors.troubled_ranges(job)[:50],
        "may_steer": selectors.may_steer(request.user, job),
        "now": now,
    }
    return render_page(request, "core/job.html", "core/_job.html", context)


@require_GET
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The progress bar alone, for any page that waits for this job."""
    job = get_object_or_404(selectors.visible_jobs(request.user), pk=job_id)
    context = {"progress": selectors.progress(job, now=timezone.now(), user=request.user)}
    response = render(request, "core/_job_progress.html", context)
    if job.is_finished:
        response["HX-Trigger"] = "job-finished"
    return response


@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    get_object_or_404(selectors.visible_jobs(request.user), pk=job_id)
    services.cancel_job(job_id=job_id, by=request.user)
    return _after(request, job_id)


@require_POST
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    get_object_or_404(selectors.visible_jobs(request.user), pk=job_id)
    services.retry_job(job_id=job_id, by=request.user)
    return _after(request, job_id)


def _after(request: HttpRequest, job_id: int) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("core:job", job_id=job_id)
