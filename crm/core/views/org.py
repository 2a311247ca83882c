"""Units, people and stand-ins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.forms import BranchForm, CoverForm, UserFilterForm, UserForm
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from crm.core.selectors import org as selectors
from crm.core.services import org as services

PAGE = 50


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    filters = UserFilterForm(request.GET)
    people = selectors.user_list(**filters.chosen())
    start = max(int(request.GET.get("start", "0") or 0), 0) if _is_number(request, "start") else 0
    rows = list(people[start : start + PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "filters": filters,
        "count": people.count(),
        "older": _page(request, start + PAGE) if len(rows) > PAGE else "",
        "newer": _page(request, start - PAGE) if start else "",
        "may_edit": request.user.can(Can.MANAGE_USERS),
    }
    return render_page(request, "core/users.html", "core/_users.html", context)


def _is_number(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name, "").isdigit() and len(request.GET[name]) < 8


def _page(request: HttpRequest, start: int) -> str:
    query = request.GET.copy()
    query["start"] = str(max(start, 0))
    return f"?{query.urlencode()}"


@require_GET
def user_detail(request: HttpRequest, user_id: int) -> HttpResponse:
    person = selectors.person(user_id)
    context = {"person": person, "may_edit": request.user.can(Can.MANAGE_USERS)}
    return render_page(request, "core/user.html", None, context)


@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    form = UserForm(request.POST or None)

    def save() -> HttpResponse:
        user, password = services.create_user(by=request.user, **form.cleaned_data)
        return _with_password(request, user, password)

    context = {"form": form, "title": _("New user"), "cancel": "core:users"}
    return save_with(request, form, save, "core/edit.html", context)


@require_http_methods(["GET", "POST"])
def user_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    person = selectors.person(user_id)
    form = UserForm(request.POST or None, instance=person)

    def save() -> HttpResponse:
        services.update_user(by=request.user, user_id=user_id, **form.cleaned_data)
        return redirect("core:user", user_id)

    context = {"form": form, "title": str(person), "cancel": "core:users"}
    return save_with(request, form, save, "core/edit.html", context)


@require_POST
def user_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    services.deactivate_user(by=request.user, user_id=user_id)
    return redirect("core:user", user_id)


@require_POST
def user_reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    services.reactivate_user(by=request.user, user_id=user_id)
    return redirect("core:user", user_id)


@require_POST
def user_reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    password = services.reset_password(by=request.user, user_id=user_id)
    return _with_password(request, selectors.person(user_id), password)


def _with_password(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """The one time the password is shown; nothing keeps it."""
    context = {"person": user, "password": password, "may_edit": True}
    response = render_page(request, "core/user.html", None, context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def branch_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "").strip()[:40]
    rows = selectors.branch_list(search=search)
    context = {"rows": rows, "search": search, "may_edit": request.user.can(Can.MANAGE_USERS)}
    return render_page(request, "core/branches.html", "core/_branches.html", context)


@require_GET
def branch_detail(request: HttpRequest, branch_id: int) -> HttpResponse:
    branch = selectors.unit(branch_id)
    context = {
        "branch": branch,
        "path": selectors.branch_path(branch),
        "children": branch.children.order_by("scope_lo"),
        "people": selectors.user_list(branch=branch)[:100],
        "may_edit": request.user.can(Can.MANAGE_USERS),
    }
    return render_page(request, "core/branch.html", None, context)


@require_http_methods(["GET", "POST"])
def branch_new(request: HttpRequest) -> HttpResponse:
    form = BranchForm(request.POST or None)

    def save() -> HttpResponse:
        branch = services.create_branch(by=request.user, **form.cleaned_data)
        return redirect("core:branch", branch.pk)

    context = {"form": form, "title": _("New unit"), "cancel": "core:branches"}
    return save_with(request, form, save, "core/edit.html", context)


@require_http_methods(["GET", "POST"])
def branch_edit(request: HttpRequest, branch_id: int) -> HttpResponse:
    branch = selectors.unit(branch_id)
    form = BranchForm(request.POST or None, instance=branch)

    def save() -> HttpResponse:
        services.update_branch(by=request.user, branch_id=branch_id, **form.cleaned_data)
        return redirect("core:branch", branch_id)

    context = {"form": form, "title": branch.name, "cancel": "core:branches"}
    return save_with(request, form, save, "core/edit.html", context)


@require_POST
def branch_close(request: HttpRequest, branch_id: int) -> HttpResponse:
    services.close_branch(by=request.user, branch_id=branch_id)
    return redirect("core:branch", branch_id)


@require_http_methods(["GET", "POST"])
def cover_list(request: HttpRequest) -> HttpResponse:
    form = CoverForm(request.POST or None, user=request.user)

    def save() -> HttpResponse:
        services.request_cover(by=request.user, **form.cleaned_data)
        messages.success(request, _("Asked for. It holds once the head of the unit approves it."))
        return redirect("core:covers")

    covers = selectors.cover_list(user=request.user, today=timezone.localdate())
    context = {"form": form, "covers": covers, "may_decide": request.user.can(Can.APPROVE_COVER)}
    return save_with(request, form, save, "core/covers.html", context)


@require_POST
def cover_approve(request: HttpRequest, cover_id: int) -> HttpResponse:
    services.approve_cover(by=request.user, cover_id=cover_id)
    return redirect("core:covers")


@require_POST
def cover_end(request: HttpRequest, cover_id: int) -> HttpResponse:
    services.end_cover(by=request.user, cover_id=cover_id, on=timezone.localdate())
    return redirect("core:covers")
