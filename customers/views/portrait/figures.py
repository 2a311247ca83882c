"""What is behind a figure: name, formula, source, and the fact rows."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from customers.features.spec import Dimension
from customers.selectors.customer import customer_header
from customers.selectors.portrait_page import PortraitPage, current_portrait
from customers.models import DeclaredRollup
from customers.views.frame import frame_of
from customers.views.portrait.blocks import TOPS, all_figures
from customers.views.portrait.page import reader_for


def opened(request: HttpRequest, customer_id: int) -> tuple[dict[str, Any], PortraitPage]:
    """The frame's context and the portrait of a customer in reach; 404 without a portrait."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    portrait = current_portrait(user=request.user, customer=customer)
    if portrait is None:
        raise Http404
    declared = DeclaredRollup.objects.filter(customer=customer).first()
    return frame_of(request, customer, tab="portrait"), PortraitPage(portrait, declared)


@require_GET
def dimension(request: HttpRequest, customer_id: int, dimension: str) -> HttpResponse:
    """Every figure of a dimension, missing ones with the question to ask."""
    if dimension not in set(Dimension):
        raise Http404
    context, page = opened(request, customer_id)
    which = Dimension(dimension)
    context["title"] = TOPS[which][0]
    context["rows"] = all_figures(
        page, which, reader_for(request, context["customer"]), timezone.localdate()
    )
    return render_page(
        request, "customers/portrait/figures.html", "customers/portrait/_figures.html", context
    )


@require_GET
def figure(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """One figure with the rows that make it."""
    context, page = opened(request, customer_id)
    return render_page(
        request, "customers/portrait/figure.html", "customers/portrait/_figure.html", context
    )


@require_GET
def month(request: HttpRequest, customer_id: int, kind: str, month: str) -> HttpResponse:
    """The rows of one month of a chart."""
    context, page = opened(request, customer_id)
    return render_page(
        request, "customers/portrait/month.html", "customers/portrait/_month.html", context
    )
