"""One product's customers: who fits best, who almost fits, of whom one fact is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page, wants_fragment
from crm.core.roles import Can, Reach
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.selectors.keyset import COUNT_CAP
from products.models import OfferFit, ProductVersion
from products.selectors.fit_groups import DIMENSIONS
from products.selectors.fits import (
    FitQuery,
    bank_counts,
    fit_counts,
    fit_page,
    managers_in_reach,
    matched_version,
    obstacles,
    product_of,
    read_fit_query,
    units_in_reach,
)

TABS = (
    (OfferFit.Kind.FITS, gettext_lazy("Fits best")),
    (OfferFit.Kind.ALMOST, gettext_lazy("Almost fits")),
    (OfferFit.Kind.UNKNOWN, gettext_lazy("One fact missing")),
)


@require_GET
def fits(request: HttpRequest, code: str) -> HttpResponse:
    """The customers in reach; numbers only for who has no customers to see."""
    product = product_of(code=code)
    matched = matched_version(product)
    context: dict[str, Any] = {"product": product, "version": matched.version, "matched": matched}
    if matched.version is None:
        return render_page(request, "products/fits.html", "products/_fits_rows.html", context)
    if not request.user.can(Can.VIEW_MATCHES):
        context |= _numbers(matched.version)
        return render_page(request, "products/fits.html", "products/_fits_counts.html", context)
    query = read_fit_query(request.GET)
    context |= _list(request, matched.version, query)
    if not wants_fragment(request):
        context |= _bar(request)
    response = render_page(request, "products/fits.html", "products/_fits_rows.html", context)
    response["HX-Push-Url"] = request.path + query.address(place=query.place)
    return response


def _list(request: HttpRequest, version: ProductVersion, query: FitQuery) -> dict[str, Any]:
    counts = fit_counts(user=request.user, version=version, query=query)
    page = fit_page(user=request.user, version=version, query=query)
    ways = obstacles(version)
    way = ways.get(query.kind, {})
    for row in page.rows:
        row["obstacle"] = way.get(row["rule"], row["rule"])
        row["stage"] = _label("stage", row["customer__portrait__stage"])
        row["tier"] = _label("tier", row["customer__portrait__tier"])
        row["size"] = _label("size_class", row["customer__portrait__size_class"])
    return {
        "query": query,
        "tabs": _tabs(query, counts),
        "rows": page.rows,
        "count": in_words(counts[query.kind]),
        "previous": page.previous.address(place=page.previous.place) if page.previous else "",
        "next": page.next.address(place=page.next.place) if page.next else "",
        "ways": way.items(),
        "chips": _chips(request, query, way),
        "has_manager": request.user.duty.reach != Reach.OWN,
    }


def _tabs(query: FitQuery, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": query.address(kind=kind, rule=""),
            "is_current": kind == query.kind,
            "count": in_words(counts[kind]),
        }
        for kind, label in TABS
    ]


def _chips(request: HttpRequest, query: FitQuery, way: Mapping[str, Text]) -> list[dict[str, Any]]:
    """What narrows the list, each with the list without it."""
    found: list[dict[str, Any]] = []
    if query.branch:
        units = dict(units_in_reach(request.user))
        unit = units.get(query.branch, query.branch)
        found.append({"label": unit, "url": query.address(branch=None)})
    if query.manager:
        people = dict(managers_in_reach(request.user))
        person = people.get(query.manager, query.manager)
        found.append({"label": person, "url": query.address(manager=None)})
    if query.rule:
        found.append({"label": way.get(query.rule, query.rule), "url": query.address(rule="")})
    for name, value in query.group.items():
        rest = {key: other for key, other in query.group.items() if key != name}
        dimension = DIMENSIONS[name]
        told = _("%(dimension)s: %(value)s") % {
            "dimension": dimension.label,
            "value": dimension.values().get(value, value),
        }
        found.append({"label": told, "url": query.address(group=rest)})
    return found


def _bar(request: HttpRequest) -> dict[str, Any]:
    """The options of the filters; nobody but oneself is no choice."""
    if request.user.duty.reach == Reach.OWN:
        return {}
    return {"units": units_in_reach(request.user), "managers": managers_in_reach(request.user)}


def _numbers(version: ProductVersion) -> dict[str, Any]:
    """Customers of the bank in each tab, and what stands in the way how often."""
    rows = bank_counts(version)
    ways = obstacles(version)
    return {
        "numbers": [
            {
                "label": label,
                "count": sum(n for found, _rule, n in rows if found == kind),
                "ways": [
                    {"label": ways.get(kind, {}).get(rule, rule), "value": n}
                    for found, rule, n in rows
                    if found == kind and rule
                ],
            }
            for kind, label in TABS
        ]
    }


def _label(key: str, value: Any) -> Text:
    if value in (None, "", "unknown"):
        return ""
    found: Text = dict(COLUMNS[key].choices).get(value, value)
    return found


def in_words(count: int) -> str:
    """1,204, or 10,000+ beyond the cap."""
    return f"{COUNT_CAP - 1:,}+" if count >= COUNT_CAP else f"{count:,}"
