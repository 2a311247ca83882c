"""The rules of a version against today's customers, beside those in force."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from crm.core.roles import Can
from customers.selectors.keyset import read_place
from products.selectors.catalogue import version_by_no
from products.selectors.replay import ENTER, LEAVE, SIDES, changed_customers, replay
from products.services.catalogue import IN_MAKING

SHOWN_GROUPS = 12


@require_GET
def version_replay(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """Who enters and who leaves, in all and by branch and industry."""
    version = version_by_no(user=request.user, code=code, no=no)
    found = replay(version, user=request.user, as_of=timezone.localdate())
    context = {
        "version": version,
        "product": version.product,
        "replay": found,
        "is_underway": version.state in IN_MAKING,
        "unknown_before": f"{found.whole.before.unknown:,}",
        "unknown_after": f"{found.whole.after.unknown:,}",
        "branches": found.branches[:SHOWN_GROUPS],
        "more_branches": max(len(found.branches) - SHOWN_GROUPS, 0),
        "industries": found.industries[:SHOWN_GROUPS],
        "more_industries": max(len(found.industries) - SHOWN_GROUPS, 0),
        "reason_bars": [
            {"label": text, "value": count, "text": f"{count:,}"} for text, count in found.reasons
        ],
        "has_list": request.user.can(Can.VIEW_MATCHES),
        "is_whole_bank": request.user.can(Can.EDIT_PRODUCTS),
    }
    return render_page(request, "products/replay.html", "products/_replay.html", context)


@require_GET
def replay_customers(request: HttpRequest, code: str, no: int, side: str) -> HttpResponse:
    """The customers in reach who enter or leave, a page at a time."""
    if side not in SIDES:
        raise Http404
    version = version_by_no(user=request.user, code=code, no=no)
    page, rows = changed_customers(
        version,
        user=request.user,
        side=side,
        as_of=timezone.localdate(),
        place=read_place(request.GET.get("at", "")),
    )
    context = {
        "version": version,
        "product": version.product,
        "side": side,
        "other": LEAVE if side == ENTER else ENTER,
        "rows": rows,
        "previous": f"?at={page.previous.written()}" if page.previous else "",
        "next": f"?at={page.next.written()}" if page.next else "",
    }
    return render_page(
        request, "products/replay_customers.html", "products/_replay_rows.html", context
    )
