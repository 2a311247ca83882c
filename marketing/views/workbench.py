"""The workbench: the ranked list, one item with its forms, and what is done with it in place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from crm.core.models import User
from crm.core.panels import HOME_PANELS, panels_for
from crm.core.roles import Can
from crm.core.workdays import add_working_days
from marketing.forms.queue import DoForm, PassOnForm, PutOffForm
from marketing.models import QueueMark
from marketing.queue.spec import How
from marketing.selectors.queue import (
    SHOWN,
    QueueItem,
    QueuePage,
    QueueQuery,
    colleagues_of,
    queue_item,
    queue_page,
    read_queue_query,
)
from marketing.selectors.queue_words import told_items
from marketing.services.queue import Said, do_item, pass_on, put_off, still_waits, take_back
from marketing.views.workbench_deeds import dialog_of, form_of, show_wrong


@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    """The start of the day: what to do next, best first, and the cards beside it."""
    now = timezone.localtime()
    query = read_queue_query(request.GET)
    page = queue_page(user=request.user, query=query, today=now.date())
    context = _list(request.user, query, page, now.date())
    if not wants_fragment(request):
        context |= _frame(request.user, now.hour)
    response = render_page(
        request, "marketing/workbench.html", "marketing/_workbench_list.html", context
    )
    if wants_fragment(request):
        response["HX-Push-Url"] = request.path + query.address(shown=query.shown)
    return response


def _list(user: User, query: QueueQuery, page: QueuePage, today: date) -> dict[str, Any]:
    return {
        "query": query,
        "page": page,
        "rows": told_items(page.items, user=user, today=today),
        "orders": _orders(query),
        "chips": _chips(query, page),
        "shelves": _shelves(query, page),
        "more": query.address(shown=query.shown + SHOWN) if page.waiting > 0 else "",
        "today": today,
    }


def _frame(user: User, hour: int) -> dict[str, Any]:
    return {
        "greeting": _greeting(hour),
        "figures": panels_for(HOME_PANELS, user, column="figures"),
        "cards": panels_for(HOME_PANELS, user, column="day")
        + panels_for(HOME_PANELS, user, column="side"),
        "can_log": user.can(Can.LOG_VISITS),
        "can_import": user.can(Can.VIEW_IMPORTS),
    }


def _greeting(hour: int) -> str:
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def _orders(query: QueueQuery) -> list[dict[str, Any]]:
    labels = (
        ("points", _("In order")), ("value", _("By value")), ("due", _("By deadline")),
        ("near", _("By distance")),
    )  # fmt: skip
    return [
        {
            "key": key,
            "label": label,
            "url": query.address(order=key),
            "is_current": key == query.order,
        }
        for key, label in labels
    ]


def _chips(query: QueueQuery, page: QueuePage) -> list[dict[str, Any]]:
    """One a source that has something, with its count; the chosen one takes itself away."""
    return [
        {
            "label": one.source.label,
            "count": one.total,
            "due": one.due,
            "url": query.address(source="" if one.source.key == query.source else one.source.key),
            "is_current": one.source.key == query.source,
        }
        for one in page.counts
    ]


def _shelves(query: QueueQuery, page: QueuePage) -> list[dict[str, Any]]:
    labels = {"put_off": _("Put off"), "passed_on": _("Passed on")}
    return [
        {
            "label": labels[key],
            "count": count,
            "url": query.address(shelf="" if key == query.shelf else key, source=""),
            "is_current": key == query.shelf,
        }
        for key, count in page.shelves.items()
        if count or key == query.shelf
    ]


@require_GET
def item(request: HttpRequest, source: str, ref: int) -> HttpResponse:
    """One item with its forms: do it, put it off, pass it on."""
    return _item(request, source, ref)


def _item(
    request: HttpRequest, source: str, ref: int, status: int = 200, **forms: Any
) -> HttpResponse:
    today = timezone.localdate()
    found = queue_item(user=request.user, source=source, ref=ref, today=today)
    (told,) = told_items([found], user=request.user, today=today)
    people = colleagues_of(user=request.user)
    context = {
        "row": told,
        "do_form": forms.get("do_form") or DoForm(),
        "put_off_form": forms.get("put_off_form") or PutOffForm(),
        "pass_on_form": forms.get("pass_on_form") or PassOnForm(people),
        "days": _days(today),
        "people": people,
        "wants_form": request.GET.get("do") == "1" or "dialog" in forms,
        "today": today,
    }
    if told.how == How.FORM and context["wants_form"]:
        context["dialog"] = forms.get("dialog") or dialog_of(request, found)
    response = render_page(
        request, "marketing/workbench_item.html", "marketing/_workbench_dialog.html", context,
        status,
    )  # fmt: skip
    if status == 422:  # the row stays; the dialog comes again with what is wrong
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog-place", "innerHTML"
    return response


def _days(today: date) -> list[tuple[date, str]]:
    """The usual days to put something off until."""
    return [
        (add_working_days(today, 1), _("Next working day")),
        (add_working_days(today, 3), _("In 3 working days")),
        (add_working_days(today, 5), _("In 5 working days")),
        (add_working_days(today, 10), _("In 10 working days")),
    ]


@require_POST
def do(request: HttpRequest, source: str, ref: int) -> HttpResponse:
    """The item's one action is done."""
    today = timezone.localdate()
    found = queue_item(user=request.user, source=source, ref=ref, today=today)
    if found.may_do and found.source.deed.how == How.FORM:
        return _do_with_form(request, found, today)
    form = DoForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("The answer could not be read."), status=422)
    given = form.cleaned_data
    mark = do_item(
        source=source, ref=ref, by=request.user, said=Said(given["note"], given["next_on"])
    )
    said = str(found.source.deed.said) if found.may_do else _("Reported back.")
    return _answered(request, found, said or _("Done."), mark)


def _do_with_form(request: HttpRequest, found: QueueItem, today: date) -> HttpResponse:
    """The form of the dialog is taken, or comes again with what is wrong (422)."""
    source, ref, user = found.source.key, found.ref, request.user
    step = request.POST.get("step", "")
    dialog = dialog_of(request, found, step=step)
    form = form_of(dialog, step)
    if form.is_valid():
        try:
            mark = do_item(source=source, ref=ref, by=user, said=Said(given=form.given()))
        except DomainError as error:
            if error.status == 403:
                raise
            show_wrong(form, error)
    if form.errors:
        return _item(request, source, ref, 422, dialog=dialog)
    said = str(found.source.deed.said)
    if mark is None and still_waits(source=source, ref=ref, by=user, today=today):
        return _row(request, source, ref, today, said)
    return _answered(request, found, said, mark)


@require_POST
def put_off_item(request: HttpRequest, source: str, ref: int) -> HttpResponse:
    """The item rests until a working day."""
    form = PutOffForm(request.POST)
    if not form.is_valid():
        return _item(request, source, ref, 422, put_off_form=form)
    found = queue_item(user=request.user, source=source, ref=ref, today=timezone.localdate())
    given = form.cleaned_data
    mark = put_off(
        source=source, ref=ref, until=given["until"], note=given["note"], by=request.user
    )
    said = _("Put off until %(day)s.") % {"day": f"{mark.until_on:%m-%d}"}
    return _answered(request, found, said, mark)


@require_POST
def pass_on_item(request: HttpRequest, source: str, ref: int) -> HttpResponse:
    """The item stands in a colleague's list."""
    people = colleagues_of(user=request.user)
    form = PassOnForm(people, request.POST)
    if not form.is_valid():
        return _item(request, source, ref, 422, pass_on_form=form)
    found = queue_item(user=request.user, source=source, ref=ref, today=timezone.localdate())
    to = next(person for person in people if person.pk == form.cleaned_data["to"])
    mark = pass_on(source=source, ref=ref, to=to, note=form.cleaned_data["note"], by=request.user)
    said = _("Passed on to %(name)s.") % {"name": to.full_name}
    return _answered(request, found, said, mark)


@require_POST
def undo(request: HttpRequest, mark_id: int) -> HttpResponse:
    """The item stands in the list again."""
    mark = take_back(mark_id=mark_id, by=request.user)
    said = _("It stands in the list again.")
    return _row(request, mark.source, int(mark.ref), timezone.localdate(), said)


def _row(request: HttpRequest, source: str, ref: int, today: date, said: str) -> HttpResponse:
    """The item as it stands now."""
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect("marketing:workbench")
    found = queue_item(user=request.user, source=source, ref=ref, today=today)
    (row,) = told_items([found], user=request.user, today=today)
    context = {"row": row, "today": today, "query": QueueQuery()}
    response = render(request, "marketing/_workbench_row.html", context)
    response["HX-Trigger"] = json.dumps({"toast": {"tone": "good", "message": said}})
    return response


def _answered(
    request: HttpRequest, found: QueueItem, said: str, mark: QueueMark | None
) -> HttpResponse:
    """The row says what became of it, with a way back where there is one."""
    is_for_good = mark is not None and mark.kind == QueueMark.Kind.DONE and mark.until_on
    can_undo = mark is not None and mark.pk is not None and not is_for_good
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(reverse("marketing:workbench"))
    context = {
        "key": found.key,
        "name": found.customer_name,
        "said": said,
        "mark": mark if can_undo else None,
    }
    return render(request, "marketing/_workbench_done.html", context)
