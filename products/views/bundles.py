"""Bundles: list, one with its versions and figures, the draft, and the second person's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.roles import Can
from products.forms.bundles import BundleForm, NewBundleForm, item_lines
from products.models import Bundle, BundleVersion
from products.selectors.bundle_measures import measures_of
from products.selectors.bundles import (
    bundle_version,
    draft_of,
    listed_bundles,
    products_on_sale,
    target_words,
    versions_of,
)
from products.selectors.forbidden import forbidden_pairs, price_effect_problem, reason_apart
from products.services import bundles as services
from products.views.sections import section_tabs


@require_GET
def bundles(request: HttpRequest) -> HttpResponse:
    """The bundles in effect, with what they brought; editors also see those being made."""
    versions = listed_bundles(user=request.user)
    told = measures_of(bundle_ids=[one.bundle_id for one in versions], today=timezone.localdate())
    cards = [
        {"version": one, "targets": target_words(one), "measures": told[one.bundle_id]}
        for one in versions
    ]
    may_edit = request.user.can(Can.EDIT_PRODUCTS)
    sections = section_tabs(request.user, "products:bundles")
    context = {"cards": cards, "may_edit": may_edit, "sections": sections}
    return render_page(request, "products/bundles.html", None, context)


@require_GET
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """One version of a bundle; ``?v=`` chooses another."""
    asked = request.GET.get("v", "")
    try:
        no = int(asked) if asked.isdecimal() and len(asked) < 6 else None
        version = bundle_version(user=request.user, code=code, no=no)
    except Bundle.DoesNotExist:
        raise Http404 from None
    context = _page(request, version)
    return render_page(request, "products/bundle.html", None, context)


def _page(request: HttpRequest, version: BundleVersion) -> dict[str, Any]:
    user, code = request.user, version.bundle.code
    today = timezone.localdate()
    is_own = version.made_by_id == user.pk
    is_draft, is_submitted = version.state == "draft", version.state == "submitted"
    versions = versions_of(user=user, code=code)
    making = next((one for one in versions if one.state in ("draft", "submitted")), None)
    return {
        "version": version,
        "bundle": version.bundle,
        "versions": versions,
        "making": making,
        "making_url": f"{version.bundle.get_absolute_url()}?v={making.no}" if making else "",
        "items": _items(version),
        "targets": target_words(version),
        "measures": measures_of(bundle_ids=[version.bundle_id], today=today)[version.bundle_id],
        "problem": price_effect_problem(version) if is_draft or is_submitted else "",
        "may_draft": user.can(Can.EDIT_PRODUCTS) and making is None,
        "may_write": user.can(Can.EDIT_PRODUCTS) and is_draft and is_own,
        "may_drop": user.can(Can.EDIT_PRODUCTS) and is_draft,
        "may_decide": user.can(Can.APPROVE_PRODUCTS) and is_submitted and not is_own,
        "waits_for_other": is_submitted and is_own,
    }


def _items(version: BundleVersion) -> list[dict[str, Any]]:
    """Each item with the reason why it never counts for a loan's price."""
    places = list(version.items.all())
    families = [{one.family for one in item.choices.all()} for item in places]
    loans = {one.family for item in places for one in item.choices.all() if one.is_credit}
    pairs = forbidden_pairs()
    return [
        {
            "row": item,
            "products": list(item.choices.all()),
            "apart": next(
                (
                    reason
                    for family in sorted(held - loans)
                    if loans and (reason := reason_apart(loans, family, pairs))
                ),
                "",
            ),
        }
        for item, held in zip(places, families, strict=True)
    ]


@require_http_methods(["GET", "POST"])
def bundle_new(request: HttpRequest) -> HttpResponse:
    """A new bundle: code and names, then its draft."""
    form = NewBundleForm(request.POST or None)

    def save() -> HttpResponse:
        version = services.add_bundle(**form.cleaned_data, by=request.user)
        return redirect("products:bundle_edit", version.bundle.code)

    context = {"form": form, "title": _("New bundle")}
    return save_with(request, form, save, "products/bundle_new.html", context)


@require_POST
def bundle_draft(request: HttpRequest, code: str) -> HttpResponse:
    """A draft of the next version."""
    services.start_draft(code=code, by=request.user)
    return redirect("products:bundle_edit", code)


@require_http_methods(["GET", "POST"])
def bundle_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft being written."""
    version = draft_of(code)
    form = BundleForm(request.POST or None, instance=version)
    lines = item_lines(version, products_on_sale(), request.POST or None)
    context = {"form": form, "lines": lines, "version": version, "bundle": version.bundle}

    def save() -> HttpResponse:
        if not lines.is_valid():
            raise DomainError(_("One of the items is not right."), status=422)
        services.save_draft(
            version_id=version.pk,
            revision=form.cleaned_data["revision"],
            values=form.values(),
            items=[item for line in lines if (item := line.item())],
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect("products:bundle", code)

    return save_with(request, form, save, "products/bundle_edit.html", context)


@require_POST
def bundle_submit(request: HttpRequest, bundle_version_id: int) -> HttpResponse:
    """To the second person."""
    version = services.submit_draft(version_id=bundle_version_id, by=request.user)
    messages.success(request, _("Submitted; another person has to approve it."))
    return _to(version)


@require_POST
def bundle_decide(request: HttpRequest, bundle_version_id: int) -> HttpResponse:
    """Approved, or back with a word why."""
    version = services.decide_version(
        version_id=bundle_version_id,
        is_approved=request.POST.get("decision") == "accept",
        note=request.POST.get("note", ""),
        by=request.user,
    )
    return _to(version)


@require_POST
def bundle_drop(request: HttpRequest, bundle_version_id: int) -> HttpResponse:
    """The draft is gone."""
    services.drop_draft(version_id=bundle_version_id, by=request.user)
    messages.success(request, _("The draft is dropped."))
    return redirect("products:bundles")


def _to(version: BundleVersion) -> HttpResponse:
    return redirect(f"{version.bundle.get_absolute_url()}?v={version.no}")
