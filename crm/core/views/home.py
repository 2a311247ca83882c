"""The first page after signing in, the search box, one's own settings and to-dos."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.context import menu
from crm.core.fragments import render_page
from crm.core.panels import HOME_PANELS, panels_for, start_of
from crm.core.searching import search_everything
from crm.core.selectors.jobs import progress, running_jobs
from crm.core.selectors.task import open_tasks, task_row
from crm.core.services import settings as own_settings
from crm.core.services import task as task_services

TASKS_SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the day begins with: the workbench of those who have one, else to-dos and boxes."""
    start = start_of(request.user)
    return start.view(request) if start is not None else _plain_home(request)


def _plain_home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    tasks = list(open_tasks(user=request.user)[: TASKS_SHOWN + 1])
    today = timezone.localdate(now)
    context = {
        "greeting": _greeting(timezone.localtime(now).hour),
        "today": today,
        "now": now,
        "tasks": [task_row(task) for task in tasks[:TASKS_SHOWN]],
        "has_more_tasks": len(tasks) > TASKS_SHOWN,
        "due_today": sum(1 for task in tasks if task.due_on and task.due_on <= today),
        "jobs": [
            progress(job, now=now, user=request.user) for job in running_jobs(user=request.user)[:5]
        ],
        "main_panels": panels_for(HOME_PANELS, request.user, column="main"),
        "side_panels": panels_for(HOME_PANELS, request.user, column="side"),
        "top_panels": panels_for(HOME_PANELS, request.user, column="top"),
        "shortcuts": menu(request, "main")[1:] + menu(request, "manage"),
    }
    return render_page(request, "core/home.html", None, context)


def _greeting(hour: int) -> str:
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@require_GET
def home_panel(request: HttpRequest, key: str) -> HttpResponse:
    panel = HOME_PANELS.get(key)
    if panel is None or not request.user.can(panel.can):
        return HttpResponse(status=404)
    return panel.view(request, request.user)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    groups = search_everything(request.user, words) if words else []
    places = [
        entry
        for entry in menu(request, "main") + menu(request, "manage")
        if words.lower() in str(entry["label"]).lower()
    ]
    context = {"words": words, "groups": groups, "places": places}
    return render(request, "core/_search.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    own_settings.change_settings(
        by=request.user, theme=request.POST.get("theme", ""), language=language
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    response = HttpResponseRedirect(_back_to(request))
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return response


def _back_to(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if is_ours else "/"


@require_POST
def close_task(request: HttpRequest, task_id: int) -> HttpResponse:
    dropped = request.POST.get("state") == "dropped"
    task_services.close_task(task_id=task_id, by=request.user, is_dropped=dropped)
    if request.headers.get("HX-Request"):
        return HttpResponse("")
    return redirect("core:home")
