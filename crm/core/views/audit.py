"""The audit trail, and one sensitive value in full."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.forms import AuditFilterForm, RevealForm
from crm.core.fragments import render_page
from crm.core.masking import MASKS
from crm.core.paging import newest_page
from crm.core.selectors.audit import audit_entries
from crm.core.services import reveal as services


@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    filters = AuditFilterForm(request.GET)
    rows, older = newest_page(audit_entries(user=request.user, **filters.chosen()), request.GET)
    context = {"rows": rows, "older": older, "filters": filters, "now": timezone.now()}
    return render_page(request, "core/audit.html", "core/_audit.html", context)


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, key: str, row_id: int) -> HttpResponse:
    """GET asks for a reason; POST shows the value once, in the dialog, and keeps it nowhere."""
    kind = services.ask(key=key, pk=row_id, by=request.user)
    form = RevealForm(request.POST or None)
    context = {"label": MASKS[kind].label, "form": form, "key": key, "row_id": row_id}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            services.spend_quota(by=request.user, today=timezone.localdate())
            context["value"] = services.reveal(
                key=key, pk=row_id, by=request.user, reason=form.cleaned_data["reason"]
            )
        else:
            status = 422
    response = render(request, "core/_reveal.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
