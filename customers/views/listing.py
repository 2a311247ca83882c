"""The customer list: its page, its filters, its columns, the lists a user keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.audit import record_read
from crm.core.fragments import render_page, wants_fragment
from crm.core.masking import reads_bands
from crm.core.roles import Can, Reach
from customers.features.catalogue import COLUMNS
from customers.selectors.customer_list import (
    COUNT_CAP,
    ListPage,
    customer_count,
    customer_page,
    elsewhere,
)
from customers.selectors.keyset import read_place
from customers.selectors.list_columns import LIST_COLUMNS
from customers.selectors.list_filters import LIST_FILTERS
from customers.selectors.list_query import ListQuery, read_list_query
from customers.selectors.saved_list import Shelf, shelf_of
from customers.services.saved_list import choose_columns, drop_list, keep_list
from customers.views.list_cells import table_rows
from customers.views.list_words import (
    bar_filters,
    chips_of,
    clause_control,
    drawer_filters,
    feature_columns,
    heads_of,
    hidden_state,
)


@require_GET
def customer_list(request: HttpRequest) -> HttpResponse:
    """The customers this user may see."""
    query = read_list_query(request.GET, filters=LIST_FILTERS.keys())
    shelf = shelf_of(request.user)
    if not shelf.is_chosen and request.user.duty.reach == Reach.OWN:  # always one's own name
        shelf.columns = [column for column in shelf.columns if column.key != "manager"]
    page = customer_page(user=request.user, query=query, columns=shelf.columns)
    context = _table(request, query, shelf, page)
    if not wants_fragment(request):
        context |= {"bar": bar_filters(request.user, query), "saved": _saved(query, shelf)}
    response = render_page(request, "customers/list.html", "customers/_rows.html", context)
    response["HX-Push-Url"] = request.path + query.address()
    return response


def _table(request: HttpRequest, query: ListQuery, shelf: Shelf, page: ListPage) -> dict[str, Any]:
    can_pick = request.user.can(Can.ASSIGN_CUSTOMERS)
    is_masked = reads_bands(request.user)
    return {
        "query": query,
        "heads": heads_of(query, shelf.columns),
        "rows": table_rows(page.rows, shelf.columns, is_picked=can_pick, is_masked=is_masked),
        "has_rows": bool(page.rows),
        "previous": page.previous.address() if page.previous else "",
        "next": page.next.address() if page.next else "",
        "count": count_in_words(page.count),
        "count_url": _count_address(query, page),
        "shown": len(page.rows),
        "chips": chips_of(request.user, query),
        "hidden": hidden_state(query),
        "elsewhere": _elsewhere(request, query),
        "can_pick": can_pick,
        "can_add": request.user.can(Can.EDIT_CUSTOMERS),
        "can_export": request.user.can(Can.EXPORT_CUSTOMERS),
    }


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many customers a filtered list holds; asked for after its rows are on the page.

    The links to its other pages carry the number on, so that nobody counts again.
    """
    query = read_list_query(request.GET, filters=LIST_FILTERS.keys())
    found = customer_count(user=request.user, query=query)
    context = {"count": count_in_words(found)}
    for name in ("previous", "next"):
        place = read_place(str(request.GET.get(name, "")))
        known = query.at(replace(place, count=found)) if place else None
        context[name] = known.address() if known else ""
    return render(request, "customers/_counted.html", context)


def count_in_words(count: int | None) -> str:
    """1,204, or 10,000+ beyond the cap; nothing while it is not counted."""
    if count is None:
        return ""
    return f"{COUNT_CAP - 1:,}+" if count >= COUNT_CAP else f"{count:,}"


def _count_address(query: ListQuery, page: ListPage) -> str:
    """Where the number of a list is asked for, with the places of its other pages."""
    address = query.at(None).address()
    for name, other in (("previous", page.previous), ("next", page.next)):
        if other is not None and other.place is not None:
            address += f"&{name}={other.place.written()}"
    return reverse("customers:count") + address


def _elsewhere(request: HttpRequest, query: ListQuery) -> list[Any]:
    """Customers with exactly what was typed that others look after; each showing is logged."""
    found = elsewhere(user=request.user, text=query.text)
    for other in found:
        record_read(request.user, "customers.existence_shown", other.customer)
    return found


def _saved(query: ListQuery, shelf: Shelf) -> list[dict[str, Any]]:
    here = query.address().lstrip("?")
    return [
        {"row": row, "url": f"?{row.query}", "is_current": row.query == here} for row in shelf.named
    ]


@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """Every filter with its options, in a dialog; sends the list its new address."""
    query = read_list_query(request.GET, filters=LIST_FILTERS.keys())
    context = drawer_filters(request.user, query)
    return render_page(request, "customers/filters.html", "customers/_filters.html", context)


@require_GET
def condition(request: HttpRequest) -> HttpResponse:
    """The comparisons and the value field that fit the chosen portrait column."""
    column = COLUMNS.get(request.GET.get("fkey", ""))
    context = {"column": column, "control": clause_control(column) if column else None}
    return render_page(request, "customers/_condition.html", "customers/_condition.html", context)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns the lists of this user show."""
    if request.method == "POST":
        choose_columns(keys=request.POST.getlist("column"), by=request.user)
        return _back(request)
    chosen = {column.key for column in shelf_of(request.user).columns}
    own = [(column, column.key in chosen) for column in LIST_COLUMNS if column.key != "name"]
    context = {
        "columns": own,
        "features": feature_columns(chosen),
        "next": request.GET.get("next", ""),
    }
    return render_page(request, "customers/columns.html", "customers/_columns.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """The list as it is now, kept under a name."""
    row = keep_list(
        name=request.POST.get("name", ""), query=request.POST.get("query", ""), by=request.user
    )
    messages.success(request, _("“%(name)s” is kept.") % {"name": row.name})
    return redirect(f"{reverse('customers:list')}?{row.query}")


@require_POST
def drop(request: HttpRequest, saved_id: int) -> HttpResponse:
    """A kept list, dropped."""
    drop_list(saved_id=saved_id, by=request.user)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the list as it was, within this site."""
    where = request.POST.get("next", "")
    is_local = url_has_allowed_host_and_scheme(where, allowed_hosts=None)
    return redirect(where if is_local and where.startswith("/") else reverse("customers:list"))
