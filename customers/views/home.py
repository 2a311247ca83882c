"""The boxes of this app on the home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.core.models import User
from crm.core.roles import Can
from customers.selectors.customer_home import (
    SHOWN,
    newest_customers,
    numbers_of,
    recently_opened,
    stale_customers,
)


def numbers(request: HttpRequest, user: User) -> HttpResponse:
    """Counts, each leading to its list."""
    return render(request, "customers/_home_numbers.html", {"numbers": numbers_of(user)})


def stale(request: HttpRequest, user: User) -> HttpResponse:
    """Portraits that lack most."""
    context = {"customers": stale_customers(user)[:SHOWN], "can_edit": user.can(Can.EDIT_CUSTOMERS)}
    return render(request, "customers/_home_stale.html", context)


def recent(request: HttpRequest, user: User) -> HttpResponse:
    """Pages opened last."""
    return render(request, "customers/_home_recent.html", {"opened": recently_opened(user)})


def newest(request: HttpRequest, user: User) -> HttpResponse:
    """Customers that came last."""
    customers = list(newest_customers(user)[:SHOWN])
    for customer in customers:  # one's own name says nothing new
        is_own = customer.manager_id == user.pk
        customer.keeper = "" if is_own else customer.manager or ""  # type: ignore[attr-defined]
    return render(request, "customers/_home_new.html", {"customers": customers})
