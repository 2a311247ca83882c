"""A kept quote: for the manager with both sides, and on one page for the owner."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.audit import record, record_read
from crm.core.fragments import render_page
from crm.core.roles import Can
from customers.models import Customer
from products.models import Quote
from products.selectors.quotes import quote_in_reach, quotes_of, sees_bank_side, worked_again
from products.services.pdf import likely_missing, pdf_of
from products.views.quote_words import quote_number, quote_rows

SHOWN = 5


@require_GET
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides of the quote as it was frozen, with the schedules behind it."""
    found = quote_in_reach(user=request.user, pk=pk)
    record_read(request.user, "products.quote_viewed", found.customer, quote=found.pk)
    context = _context(found) | {
        "schedules": [one for one in worked_again(found).taken if one.line.is_loan],
        "no_pdf": likely_missing(),
        "sees_bank": sees_bank_side(request.user),
    }
    return render_page(request, "products/quote.html", None, context)


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The one page for the owner, to be printed by the browser. No figure of the bank's side."""
    found = quote_in_reach(user=request.user, pk=pk)
    record_read(request.user, "products.quote_printed", found.customer, quote=found.pk)
    return render(request, "products/quote_sheet.html", _context(found))


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page as PDF; 503 with a sentence where the server cannot make one."""
    found = quote_in_reach(user=request.user, pk=pk)
    html = render_to_string("products/quote_sheet.html", _context(found) | {"is_pdf": True})
    content = pdf_of(html)
    record(request.user, "products.quote_pdf", found, customer=found.customer_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{quote_number(found)}.pdf"'
    return response


def quotes_panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The newest quotes of one customer, for its page."""
    rows = list(quotes_of(user=request.user, customer=customer)[: SHOWN + 1])
    context = {"quotes": rows[:SHOWN], "has_more": len(rows) > SHOWN, "customer": customer}
    context |= {"today": timezone.localdate(), "may_quote": request.user.can(Can.MAKE_QUOTES)}
    return render(request, "products/_quotes_panel.html", context)


def _context(found: Quote) -> dict[str, Any]:
    rows = quote_rows(found)
    return {
        "quote": found,
        "number": quote_number(found),
        "customer": found.customer,
        "rows": rows,
        "taken": [row for row in rows if row["is_taken"]],
        "refused": [row for row in rows if row["is_offered"] and not row["is_taken"]],
        "loans": [row for row in rows if row["is_loan"] and row["is_taken"]],
        "told": found.figures,
        "is_over": found.valid_until < timezone.localdate(),
    }
