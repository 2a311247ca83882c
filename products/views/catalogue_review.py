"""The review queue: what waits for a checker, what it changes, and the checker's word in place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from products.forms.catalogue import DecisionForm
from products.models import ProductVersion
from products.selectors import catalogue as selectors
from products.selectors.difference import difference
from products.selectors.terms import five_elements, lpr_on
from products.selectors.version_checks import approvals
from products.services.review import decide_version
from products.views.version_page import TONES, may_decide


@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """Submitted versions with their difference first; below it what is on its way."""
    context = {
        "waiting": [
            waiting_line(version, request.user)
            for version in selectors.versions_to_review(user=request.user)
        ],
        "making": [
            {"version": version, "tone": TONES[version.state]}
            for version in selectors.versions_in_the_making(user=request.user)
        ],
        "may_write": request.user.can(Can.EDIT_PRODUCTS),
    }
    return render_page(request, "products/review.html", "products/_review_rows.html", context)


@require_POST
def version_decide(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """A checker agrees or sends the version back; then the queue again."""
    if not (request.user.can(Can.APPROVE_PRODUCTS) or request.user.can(Can.APPROVE_RISK_TERMS)):
        raise PermissionDenied(Can.APPROVE_PRODUCTS)
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise DomainError(
            _("Approve it or send it back; a note has at most 200 characters."), status=422
        )
    decided = decide_version(
        by=request.user,
        version_id=version.pk,
        is_approved=form.cleaned_data["decision"] == "approve",
        note=form.cleaned_data["note"],
    )
    text = _("%(version)s: %(state)s.") % {
        "version": decided, "state": decided.get_state_display()
    }  # fmt: skip
    messages.success(request, text)
    return redirect("products:review")


def waiting_line(version: ProductVersion, user: User) -> dict[str, Any]:
    """One version in the queue: what it changes, who must agree, whether this user may."""
    today = timezone.localdate()
    before = selectors.version_before(version)
    needs = approvals(version, before, on=today)
    return {
        "version": version,
        "difference": difference(before, version),
        "needs": needs,
        "elements": five_elements(version, lpr_on(today)),
        "may_decide": may_decide(version, user, needs),
        "is_own": user.pk in version.makers or user.pk == version.made_by_id,
        "said": next((it for it in needs.given if it.by_id == user.pk), None),
    }
