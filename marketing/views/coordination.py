"""The coordination list: its board, its items, one item with its checks and its decision (e.10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from marketing.forms.coordination import (
    NO_TOWN,
    BoardFilterForm,
    ChecksForm,
    ContactForm,
    DecisionForm,
    GiveForm,
    ItemFilterForm,
)
from marketing.market.checks import CHECKS
from marketing.models import CoordinationItem
from marketing.selectors import coordination as selectors
from marketing.services import coordination as services
from marketing.services.coordination_export import totals_workbook
from marketing.views.amounts import amounts_for
from marketing.views.market_sections import market_tabs, numbered

PAGE = 50
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TILES = ("contacted", "decided", "approved")


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Rates, totals by town and unit, and why firms were not approved; each number opens rows."""
    today = timezone.localdate()
    limits = selectors.list_limits(today)
    lists = selectors.lists_in_reach(user=request.user)
    form = BoardFilterForm(_from_new_year(request, today), lists=[name for name, _on in lists])
    query = form.query()
    asked: dict[str, Any] = {
        "user": request.user, "query": query, "today": today, "limits": limits
    }  # fmt: skip
    context = _figures(asked, _Links(form)) | {
        "tabs": market_tabs(request.user, "marketing:coordination"),
        "form": form,
    }
    return render_page(
        request, "marketing/coordination.html", "marketing/_coordination.html", context
    )


def _figures(asked: dict[str, Any], link: _Links) -> dict[str, Any]:
    """Every figure of the board with the address of its rows."""
    whole = selectors.board_line(**asked)
    return {
        "whole": whole,
        "steps": [(key, whole[key], link(step=key)) for key in _STEPS],
        "tiles": {key: link(step=key) for key in (*TILES, "", "over", "red", "amber", "helped")},
        "units": [(line, link.line(unit=line.key)) for line in selectors.unit_lines(**asked)],
        "towns": [
            (line, link.line(town=line.key or NO_TOWN)) for line in selectors.town_lines(**asked)
        ],
        "reasons": [
            {"label": label, "value": count, "text": str(count), "href": link(refusal=key)}
            for key, label, count in selectors.refusal_lines(
                user=asked["user"], query=asked["query"]
            )
        ],
        "limits": asked["limits"],
        "rates": _in_words(whole["rates"]),
        "all_url": link(),
        "export_url": f"{reverse('marketing:coordination_export')}?{link.told()}",
    }


def _in_words(rates: selectors.Rates) -> dict[str, str]:
    """The rates beside their counts."""
    told = {"contact": rates.contact_rate, "decision": rates.decision_rate}
    told["approval"] = rates.approval_rate
    return {key: "—" if share is None else f"{share:.1%}" for key, share in told.items()}


_STEPS = ("late_contact", "amber", "red", "over")


def _from_new_year(request: HttpRequest, today: date) -> Mapping[str, Any]:
    """The filters asked for; at first the lists of this year."""
    if request.GET:
        return request.GET
    return {"first": today.replace(month=1, day=1).isoformat(), "last": today.isoformat()}


class _Links:
    """The rows behind a number: the bar's filters and what the number adds."""

    def __init__(self, form: BoardFilterForm) -> None:
        chosen = form.chosen()
        self.base = {key: str(value) for key, value in chosen.items()}

    def told(self, **more: str) -> str:
        """The filters as an address."""
        return urlencode({key: value for key, value in (self.base | more).items() if value})

    def __call__(self, **more: str) -> str:
        return f"{reverse('marketing:coordination_items')}?{self.told(**more)}"

    def line(self, **whose: str) -> dict[str, str]:
        """One address a column of a line."""
        columns = (*TILES, "helped", "refused", "open", "amber", "red", "over")
        return {"total": self(**whose)} | {key: self(step=key, **whose) for key in columns}


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The firms on the lists, the most urgent first."""
    today = timezone.localdate()
    limits = selectors.list_limits(today)
    lists = [name for name, _on in selectors.lists_in_reach(user=request.user)]
    form = ItemFilterForm(request.GET, lists=lists)
    query = form.query()
    found = selectors.item_list(user=request.user, query=query, today=today, limits=limits)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    write = amounts_for(request.user)
    context = {
        "tabs": market_tabs(request.user, "marketing:coordination"),
        "form": form,
        "count": f"{page.paginator.count:,}",
        "rows": [
            (row, selectors.clock_of(row, today=today, limits=limits), write(row.wanted_amount))
            for row in page
        ],
        "chips": _item_chips(request, form, query),
        "previous": numbered(request, page.number - 1) if page.has_previous() else "",
        "next": numbered(request, page.number + 1) if page.has_next() else "",
        "today": today,
    }
    return render_page(
        request, "marketing/coordination_items.html", "marketing/_coordination_items.html", context
    )


def _item_chips(
    request: HttpRequest, form: ItemFilterForm, query: selectors.ItemQuery
) -> list[dict[str, Any]]:
    """What a number of the board narrowed, each with the list without it."""
    labels: dict[str, Any] = {}
    if query.town is not None:
        labels["town"] = query.town or _("No town written")
    if query.unit is not None:
        labels["unit"] = selectors.unit_name(query.unit)
    if query.refusal:
        labels["refusal"] = dict(CoordinationItem.Refusal.choices).get(query.refusal)
    found = []
    for name, label in labels.items():
        rest = request.GET.copy()
        rest.pop(name, None)
        found.append({"label": label or "—", "url": f"?{rest.urlencode()}"})
    return found


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One firm of a list: what is known, its clock, five checks, the decision."""
    return _item_page(request, selectors.item_in_reach(user=request.user, item_id=pk))


def _item_page(
    request: HttpRequest, found: CoordinationItem, forms: dict[str, BaseForm] | None = None
) -> HttpResponse:
    today = timezone.localdate()
    may_work = request.user.can(Can.WORK_COORDINATION)
    can_decide = may_work and found.state not in {"approved", "refused"}
    people = selectors.workers_for(user=request.user, item=found)
    context: dict[str, Any] = {
        "item": found,
        "customer": found.customer,
        "portrait": getattr(found.customer, "portrait", None),
        "said": _amounts(request.user, found),
        "clock": selectors.clock_of(found, today=today, limits=selectors.list_limits(today)),
        "checks": [(check, found.checks.get(check.key, "")) for check in CHECKS],
        "visits": list(selectors.visits_to(user=request.user, item=found)),
        "may_work": may_work,
        "can_decide": can_decide,
        "may_give": request.user.can(Can.ASSIGN_CUSTOMERS) and found.is_open,
        "visit_url": visit_address(found) if request.user.can(Can.LOG_VISITS) else "",
        "contact_form": ContactForm(initial={"on": today}),
        "checks_form": ChecksForm(item=found),
        "decision_form": DecisionForm(initial={"version": found.version}),
        "give_form": GiveForm(people=people, initial={"owner": found.owner_id}),
    }
    context |= forms or {}
    status = 422 if forms else 200
    return render_page(request, "marketing/coordination_item.html", None, context, status=status)


def _amounts(user: User, found: CoordinationItem) -> dict[str, Any]:
    """The amounts of an item and its firm, as this user reads them."""
    portrait, write = getattr(found.customer, "portrait", None), amounts_for(user)
    return {
        "wanted": write(found.wanted_amount),
        "approved": write(found.approved_amount),
        "revenue": write(getattr(portrait, "annual_revenue", None)),
        "loans": write(getattr(portrait, "loan_balance", None)),
    }


def visit_address(found: CoordinationItem) -> str:
    """The form of a visit to this firm, for the list."""
    base = reverse("marketing:visit_new", args=[found.customer_id])
    return f"{base}?{urlencode({'purpose': 'coordination'})}"


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The first contact is on record."""
    found = selectors.item_in_reach(user=request.user, item_id=pk)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.note_contact(item_id=pk, by=_user(request), on=form.cleaned_data["on"])
        except DomainError as error:
            return _wrong(request, found, form, "contact_form", error)
        messages.success(request, _("The contact is on record."))
        return redirect(found)
    return _item_page(request, found, {"contact_form": form})


@require_POST
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers to the five checks are on record (VIS-4)."""
    found = selectors.item_in_reach(user=request.user, item_id=pk)
    form = ChecksForm(request.POST, item=found)
    if form.is_valid():
        try:
            services.answer_checks(
                item_id=pk,
                version=form.cleaned_data["version"],
                answers=form.answers(),
                by=_user(request),
            )
        except DomainError as error:
            return _wrong(request, found, form, "checks_form", error)
        messages.success(request, _("The checks are on record."))
        return redirect(found)
    return _item_page(request, found, {"checks_form": form})


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision is on record."""
    found = selectors.item_in_reach(user=request.user, item_id=pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide(
                item_id=pk,
                version=form.cleaned_data["version"],
                decision=form.decision(),
                by=_user(request),
            )
        except DomainError as error:
            return _wrong(request, found, form, "decision_form", error)
        messages.success(request, _("The decision is on record."))
        return redirect(found)
    return _item_page(request, found, {"decision_form": form})


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else works on the item."""
    found = selectors.item_in_reach(user=request.user, item_id=pk)
    form = GiveForm(request.POST, people=selectors.workers_for(user=request.user, item=found))
    if form.is_valid():
        services.give_item(item_id=pk, owner_id=form.cleaned_data["owner"].pk, by=_user(request))
        messages.success(request, _("The item was handed over."))
        return redirect(found)
    return _item_page(request, found, {"give_form": form})


def _wrong(
    request: HttpRequest, found: CoordinationItem, form: BaseForm, name: str, error: DomainError
) -> HttpResponse:
    """The page with what is wrong at its fields; what the role may not do stays an error."""
    if error.status == 403:
        raise error
    placed = [key for key in error.fields if key in form.fields]
    for key in placed:
        form.add_error(key, str(error.fields[key]))
    if not placed:
        form.add_error(None, str(error.message))
    return _item_page(request, found, {name: form})


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The totals of the bar as a workbook."""
    now = timezone.localtime()
    lists = [name for name, _on in selectors.lists_in_reach(user=request.user)]
    form = BoardFilterForm(request.GET, lists=lists)  # the board's address says its period
    body = totals_workbook(
        user=_user(request),
        query=form.query(),
        now=now,
        limits=selectors.list_limits(now.date()),
    )
    response = HttpResponse(body, content_type=SPREADSHEET)
    name = _("Coordination list totals %(day)s") % {"day": now.date()}
    shown = content_disposition_header(True, f"{name}.xlsx")
    response.headers["Content-Disposition"] = shown or "attachment"
    return response


def _user(request: HttpRequest) -> User:
    user: User = request.user
    return user
