"""The parameters of the rules: what is in force, and how it is changed by two people."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.forms import ParameterForm
from crm.core.fragments import render_page
from crm.core.parameters import parameters
from crm.core.roles import Can
from crm.core.selectors import parameters as selectors
from crm.core.services import parameters as services


@require_GET
def parameter_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    search = request.GET.get("search", "").strip()[:40]
    context = {
        "rows": selectors.parameters_in_force(on=today, search=search),
        "search": search,
        "version": parameters(today).version,
        "today": today,
    }
    return render_page(request, "core/parameters.html", "core/_parameters.html", context)


@require_GET
def parameter_detail(request: HttpRequest, key: str) -> HttpResponse:
    history = list(selectors.parameter_history(key=key))
    if not history:
        raise Http404
    context = {
        "key": key,
        "newest": history[0],
        "history": history,
        "today": timezone.localdate(),
        "may_propose": request.user.can(Can.EDIT_PARAMETERS),
        "may_decide": request.user.can(Can.ACTIVATE_PARAMETERS),
    }
    return render_page(request, "core/parameter.html", None, context)


@require_http_methods(["GET", "POST"])
def parameter_propose(request: HttpRequest, key: str) -> HttpResponse:
    newest = selectors.parameter_history(key=key).first()
    if newest is None:
        raise Http404
    start = {"value": newest.value, "source": newest.source, "effective_from": timezone.localdate()}
    form = ParameterForm(request.POST or None, initial=start)

    def save() -> HttpResponse:
        services.propose_parameter(by=request.user, key=key, **form.cleaned_data)
        messages.success(request, _("Proposed. A second person puts it in force."))
        return redirect("core:parameter", key)

    context = {"form": form, "title": newest, "cancel": "core:parameters"}
    return save_with(request, form, save, "core/edit.html", context)


@require_POST
def parameter_decide(request: HttpRequest, parameter_id: int) -> HttpResponse:
    row = services.decide_parameter(
        by=request.user,
        parameter_id=parameter_id,
        is_accepted=request.POST.get("decision") == "accept",
    )
    return redirect("core:parameter", row.key)
