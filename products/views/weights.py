"""The weights of the score: in force, proposed, decided, and two sets compared on today's bank."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.roles import Can
from products.forms.weights import WeightsForm
from products.models import MatchWeights
from products.selectors.feedback import precision_by_product
from products.selectors.weights import (
    DEDUCTIONS,
    PARTS,
    active_weights,
    moved_products,
    newest_comparison,
    weights_history,
)
from products.services.compare_books import ask_comparison
from products.services.weights import decide_weights, propose_weights
from products.views.sections import section_tabs


@require_GET
def weights(request: HttpRequest) -> HttpResponse:
    """Every set of weights, the one in force first."""
    rows = list(weights_history())
    context = {
        "parts": PARTS.items(),
        "deductions": DEDUCTIONS.items(),
        "sets": [_shown(row) for row in rows],
        "active": next((_shown(row) for row in rows if row.state == "active"), None),
        "may_edit": request.user.can(Can.EDIT_MATCHING),
        "sections": section_tabs(request.user, "products:weights"),
    }
    return render_page(request, "products/weights.html", None, context)


def _shown(row: MatchWeights) -> dict[str, Any]:
    return {
        "row": row,
        "parts": [(name, label, getattr(row, name)) for name, label in PARTS.items()],
        "deductions": [(name, label, getattr(row, name)) for name, label in DEDUCTIONS.items()],
    }


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A new set, starting from the one in force."""
    now = active_weights()
    start = {name: getattr(now, name) for name in (*PARTS, *DEDUCTIONS)} if now else None
    form = WeightsForm(request.POST or None, initial=start)

    def save() -> HttpResponse:
        row = propose_weights(values=form.points(), note=form.cleaned_data["note"], by=request.user)
        told = _("Set %(version)d is proposed. A second person puts it in force.")
        messages.success(request, told % {"version": row.version})
        return redirect("products:weights")

    context = {"form": form, "parts": PARTS, "now": now}
    return save_with(request, form, save, "products/weights_propose.html", context)


@require_POST
def decide(request: HttpRequest, weights_id: int) -> HttpResponse:
    """A proposed set is put in force or rejected by somebody else."""
    is_accepted = request.POST.get("decision") == "accept"
    row = decide_weights(weights_id=weights_id, is_accepted=is_accepted, by=request.user)
    messages.success(request, f"{row}: {row.get_state_display()}")
    return redirect("products:weights")


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Two sets over today's customers: who would see other products, and were they right."""
    old, new = (_version(request, name) for name in ("old", "new"))
    if request.method == "POST":
        is_whole = request.POST.get("over") == "all"
        ask_comparison(old=old, new=new, is_whole=is_whole, by=request.user)
        return redirect(f"{reverse('products:weights_compare')}?old={old}&new={new}")
    job, result = newest_comparison(old=old, new=new)
    context = {
        "sets": list(weights_history()),
        "old": old,
        "new": new,
        "job": job,
        "is_open": job is not None and not job.is_finished,
        "result": result,
        "among": f"{result['customers']:,}" if result else "",
        "moved": moved_products(result) if result else (),
    }
    return render_page(
        request, "products/weights_compare.html", "products/_weights_compare.html", context
    )


def _version(request: HttpRequest, name: str) -> int:
    """The set of the address; without one those in force and the newest other one."""
    text = request.POST.get(name) or request.GET.get(name, "")
    if text.isdecimal() and len(text) < 9:
        return int(text)
    rows = list(weights_history())
    now = next((row.version for row in rows if row.state == "active"), 0)
    other = next((row.version for row in rows if row.version != now), now)
    return now if name == "old" else other


@require_GET
def precision(request: HttpRequest) -> HttpResponse:
    """What managers said of matched offers, by product and week."""
    rows = precision_by_product(user=request.user, until=timezone.localdate())
    return render_page(request, "products/match_precision.html", None, {"rows": rows})
