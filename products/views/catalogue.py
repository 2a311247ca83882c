"""The catalogue as everybody reads it: the list, a product, a version, a sheet to hand over."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from products.forms.catalogue import CatalogueFilterForm
from products.models import Product, ProductVersion
from products.selectors import catalogue as selectors
from products.selectors.difference import difference
from products.selectors.terms import elements_line, five_elements, lpr_on
from products.selectors.version_checks import approvals, missing_elements
from products.selectors.version_words import Words, fee_text, hours_text, section_lines
from products.views.sections import section_tabs
from products.views.version_page import TONES, history_lines, steps_of

PAGE = 100


@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """Products by family, each with its five elements in one line."""
    filters = CatalogueFilterForm(request.GET)
    rows = selectors.product_list(user=request.user, **filters.chosen())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [_line(product) for product in page]
    context = {
        "filters": filters,
        "groups": [(name, list(found)) for name, found in groupby(lines, key=_family)],
        "page": page,
        **_neighbours(page, request.GET),
        "may_write": request.user.can(Can.EDIT_PRODUCTS),
        "waiting": _waiting(request.user),
        "sections": section_tabs(request.user),
    }
    return render_page(request, "products/list.html", "products/_list_rows.html", context)


@require_GET
def product_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The product as it is offered now, and the history of its versions."""
    product = selectors.product_by_code(user=request.user, code=code)
    history = selectors.version_history(user=request.user, product=product)
    shown = next((it for it in history if it.state == ProductVersion.State.EFFECTIVE), history[0])
    version = selectors.version_by_no(user=request.user, code=code, no=shown.no)
    context = version_context(version, request.user, history)
    return render_page(request, "products/detail.html", None, context)


@require_GET
def product_version(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """One version, whatever became of it (PRO-4)."""
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    history = selectors.version_history(user=request.user, product=version.product)
    context = version_context(version, request.user, history)
    return render_page(request, "products/version.html", None, context)


@require_GET
def product_sheet(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """One A4 page about the version, printed from any browser."""
    version = selectors.version_by_no(user=request.user, code=code, no=no)
    context = version_context(version, request.user, [])
    context["hours"] = hours_text(version.processing_hours) if version.processing_hours else ""
    return render_page(request, "products/sheet.html", None, context)


@require_GET
def version_difference(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side, field by field (PRO-3); by default the newest two."""
    product = selectors.product_by_code(user=request.user, code=code)
    history = selectors.version_history(user=request.user, product=product)
    numbers = [row.no for row in history]
    new = _number(request.GET.get("to"), numbers[0])
    old = _number(request.GET.get("from"), next((no for no in numbers if no < new), new))
    if not {old, new} <= set(numbers):
        raise Http404
    before, after = (
        selectors.version_by_no(user=request.user, code=code, no=no) for no in (old, new)
    )
    context = {"product": product, "history": history, "difference": difference(before, after)}
    return render_page(request, "products/difference.html", "products/_difference.html", context)


def version_context(
    version: ProductVersion, user: User, history: list[ProductVersion]
) -> dict[str, Any]:
    """What the pages of one version show: its terms, its life, and the steps that are open."""
    today = timezone.localdate()
    needs = None
    if version.state == ProductVersion.State.SUBMITTED:
        needs = approvals(version, selectors.version_before(version), on=today)
    missing = []
    if version.state == ProductVersion.State.DRAFT:
        missing = missing_elements(version, has_fees=bool(version.fees.all()))
    return _terms(version) | {
        "product": version.product,
        "version": version,
        "tone": TONES[version.state],
        "history": history_lines(history),
        "making": next((it for it in history if it.state in selectors.IN_MAKING), None),
        "uses": selectors.version_uses(version),
        "missing": missing,
        "needs": needs,
        "steps": steps_of(version, user, needs),
        "may_write": user.can(Can.EDIT_PRODUCTS),
        "sees_drafts": selectors.sees_drafts(user),
        "fits_url": selectors.page_if_there("products:fits", version.product.code),
        "rules_url": selectors.page_if_there("products:rules", version.product.code, version.no),
        "today": today,
    }


def _terms(version: ProductVersion) -> dict[str, Any]:
    """The content of a version in words."""
    words, lpr = Words.of(version), lpr_on(timezone.localdate())
    rate = section_lines(version, words, ("rate",))
    sale = section_lines(version, words, ("sale",))
    return {
        "elements": five_elements(version, lpr),
        "lpr": lpr,
        "whom": section_lines(version, words, ("whom",)),
        "sale": [it for it in sale if it[0] != "materials"],
        "rate_words": [it for it in rate if it[0] in ("discount_rules", "tariff", "subsidy")],
        "rules": list(version.rules.all()),
        "fees": [(fee.name, fee_text(fee)) for fee in version.fees.all()],
    }


def _line(product: Product) -> dict[str, Any]:
    """One product of the list: what is in force, and what is in the making."""
    shown: list[ProductVersion] = product.shown_versions  # type: ignore[attr-defined]
    in_force = next((it for it in shown if it.state == ProductVersion.State.EFFECTIVE), None)
    making = next((it for it in shown if it.state in selectors.IN_MAKING), None)
    version = in_force or making or shown[0]
    version.product = product
    return {
        "product": product,
        "version": version,
        "tone": TONES[version.state],
        "making": making if making is not version else None,
        "making_tone": TONES[making.state] if making else "",
        "elements": five_elements(version) if product.is_credit else [],
        "line": elements_line(version),
        "tariff": version.tariff or version.benefits,
    }


def _neighbours(page: Page[Product], asked: QueryDict) -> dict[str, str]:
    """The addresses of the pages before and after, "" where there is none."""
    found = {"previous_url": "", "next_url": ""}
    query = asked.copy()
    if page.has_previous():
        query["page"] = str(page.previous_page_number())
        found["previous_url"] = f"?{query.urlencode()}"
    if page.has_next():
        query["page"] = str(page.next_page_number())
        found["next_url"] = f"?{query.urlencode()}"
    return found


def _family(line: dict[str, Any]) -> str:
    return str(line["product"].get_family_display())


def _waiting(user: User) -> int:
    """How many versions wait for a checker; None of them for those who do not check."""
    if not (user.can(Can.APPROVE_PRODUCTS) or user.can(Can.APPROVE_RISK_TERMS)):
        return 0
    return len(selectors.versions_to_review(user=user))


def _number(text: str | None, otherwise: int) -> int:
    """The number asked for; what is no number is as if nothing was asked."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise
