"""The catalogue as its admins write it: new products, drafts, submission, withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.form_page import save_with
from crm.core.fragments import render_page
from products.forms.catalogue import DraftForm, ProductForm, ProductNameForm, fee_forms, fee_inputs
from products.forms.draft_clash import base_of, merge
from products.models import ProductVersion
from products.selectors import catalogue as selectors
from products.selectors.version_checks import missing_elements
from products.services import catalogue as services
from products.services import review
from products.services.competitors import fingerprint


@require_http_methods(["GET", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """A new product; its first draft opens next."""
    form = ProductForm(request.POST or None)

    def save() -> HttpResponse:
        version = services.new_product(by=request.user, **form.cleaned_data)
        return redirect("products:edit", version.product.code, version.no)

    return save_with(request, form, save, "products/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def product_change(request: HttpRequest, code: str) -> HttpResponse:
    """How a product is called and which line answers for it."""
    product = selectors.product_by_code(user=request.user, code=code)
    seen = fingerprint(product)
    form = ProductNameForm(request.POST or None, instance=product, initial={"seen": seen})

    def save() -> HttpResponse:
        values = form.cleaned_data
        services.change_product(by=request.user, code=code, seen=values["seen"], values=values)
        messages.success(request, _("Saved."))
        return redirect("products:detail", code)

    return save_with(request, form, save, "products/new.html", {"form": form, "product": product})


@require_http_methods(["GET", "POST"])
def version_edit(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """The draft's form; two people on one draft see their changes side by side (409)."""
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    if version.state != ProductVersion.State.DRAFT:
        messages.warning(request, _("Only a draft can be changed; this version is frozen."))
        return redirect(version)
    form = DraftForm(version, request.POST or None, base_of(version))
    fees = fee_forms(version, request.POST or None)
    if request.method != "POST":
        return _form_page(request, version, form, fees)
    if not (form.is_valid() and fees.is_valid()):
        return _form_page(request, version, form, fees, status=422)
    try:
        return _save(request, version, form, fees)
    except services.DraftClash as clash:
        return _clash_page(request, clash.current, form, fees)
    except DomainError as error:
        _show(form, error)
        return _form_page(request, version, form, fees, status=error.status)


def _save(
    request: HttpRequest, version: ProductVersion, form: DraftForm, fees: Any
) -> HttpResponse:
    """Kept as a draft, or kept and submitted."""
    saved = services.edit_draft(
        by=request.user,
        version_id=version.pk,
        revision=form.cleaned_data["revision"],
        values=form.values(),
        fees=fee_inputs(fees),
    )
    if "submit" in request.POST:
        return _submitted(request, saved)
    messages.success(request, _("Draft kept."))
    return redirect("products:edit", version.product.code, version.no)


def _clash_page(
    request: HttpRequest, current: ProductVersion, form: DraftForm, fees: Any
) -> HttpResponse:
    """What is stored now with my changes on top, and the lines that tell them apart."""
    both = merge(
        base=form.cleaned_data["base"], current=current, values=form.values(),
        fees=fee_inputs(fees),
    )  # fmt: skip
    fresh = DraftForm(both.version, None, base_of(current))
    given = fee_forms(current, fees=both.fees)
    return _form_page(request, current, fresh, given, status=409, lines=both.lines)


def _form_page(
    request: HttpRequest, version: ProductVersion, form: DraftForm, fees: Any, status: int = 200,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    decisions = list(version.decisions.all())
    context |= {
        "version": version,
        "product": version.product,
        "form": form,
        "fees": fees,
        "missing": missing_elements(version, has_fees=bool(version.fees.all())),
        "rules": list(version.rules.all()),
        "rejection": next((it for it in reversed(decisions) if not it.is_approved), None),
        "rules_url": selectors.page_if_there("products:rules", version.product.code, version.no),
        "may_write": True,
    }
    return render_page(request, "products/edit.html", None, context, status=status)


@require_POST
def version_draft(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """A draft from this version, open to be written; one that is there is opened."""
    source = selectors.version_by_no(user=request.user, code=code, no=no)
    draft = services.draft_from(by=request.user, version_id=source.pk)
    return redirect("products:edit", code, draft.no)


@require_POST
def version_submit(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """The draft is handed to its checkers, or the page says what is missing."""
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    return _submitted(request, version)


def _submitted(request: HttpRequest, version: ProductVersion) -> HttpResponse:
    try:
        services.submit_version(by=request.user, version_id=version.pk)
    except services.NotComplete as error:
        messages.error(request, str(error.message))
        return redirect("products:edit", version.product.code, version.no)
    messages.success(request, _("Submitted. It is frozen until a colleague decides."))
    return redirect(version)


@require_POST
def version_withdraw(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """The version is no longer offered; its page stays."""
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    review.withdraw_version(
        by=request.user, version_id=version.pk, note=request.POST.get("note", "")[:200]
    )
    messages.success(request, _("Withdrawn. The page of the version stays."))
    return redirect(version)


@require_POST
def product_status(request: HttpRequest, code: str) -> HttpResponse:
    """The product is on sale, paused or closed."""
    product = selectors.product_by_code(user=request.user, code=code)
    status = request.POST.get("status", "")
    services.set_product_status(by=request.user, code=product.code, status=status)
    messages.success(request, _("Saved."))
    return redirect(product)


def _show(form: DraftForm, error: DomainError) -> None:
    """The sentence of a refused save, beside its field or above the form."""
    for name, text in (error.fields or {"": error.message}).items():
        form.add_error(name if name in form.fields else None, str(text))
