"""Published codes and planning figures, to browse and search."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.form_page import save_with
from crm.core.forms import LprForm
from crm.core.fragments import render_page
from crm.core.models import LprQuote
from crm.core.roles import Can
from crm.core.selectors import reference as selectors
from crm.core.services.parameters import add_lpr_quote


def _asked(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip().replace("\x00", "")[:40]


@require_GET
def industries(request: HttpRequest) -> HttpResponse:
    parent, search = _asked(request, "parent"), _asked(request, "search")
    context = {
        "rows": selectors.industries(parent=parent, search=search),
        "path": selectors.industry_path(parent),
        "search": search,
        "tab": "industries",
    }
    return render_page(request, "core/reference_industries.html", "core/_industries.html", context)


@require_GET
def regions(request: HttpRequest) -> HttpResponse:
    parent, search = _asked(request, "parent"), _asked(request, "search")
    context = {
        "rows": selectors.regions(parent=parent, search=search),
        "path": selectors.region_path(parent),
        "search": search,
        "tab": "regions",
    }
    return render_page(request, "core/reference_regions.html", "core/_regions.html", context)


@require_GET
def sizes(request: HttpRequest) -> HttpResponse:
    context = {
        "standard": selectors.size_standard(),
        "mapping": selectors.size_mapping(),
        "tab": "sizes",
    }
    return render_page(request, "core/reference_sizes.html", None, context)


@require_GET
def trades(request: HttpRequest) -> HttpResponse:
    context = {"rows": selectors.trade_profiles(), "tab": "trades"}
    return render_page(request, "core/reference_trades.html", None, context)


@require_GET
def lpr(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": selectors.lpr_quotes()[:120],
        "may_add": request.user.can(Can.EDIT_REFERENCE),
        "tab": "lpr",
    }
    return render_page(request, "core/reference_lpr.html", None, context)


@require_http_methods(["GET", "POST"])
def lpr_new(request: HttpRequest) -> HttpResponse:
    form = LprForm(request.POST or None)

    def save() -> HttpResponse:
        given = form.cleaned_data
        quote = LprQuote(
            quoted_on=given["quoted_on"],
            source=given["source"],
            lpr_1y=given["lpr_1y_pct"] / Decimal(100),
            lpr_5y=given["lpr_5y_pct"] / Decimal(100),
        )
        add_lpr_quote(by=request.user, quote=quote)
        return redirect("core:lpr")

    return save_with(
        request, form, save, "core/edit.html", {"form": form, "title": "LPR", "cancel": "core:lpr"}
    )
