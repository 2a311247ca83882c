"""Settings, tags and corrections of one customer: the judgement of people, with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.roles import Can
from customers.forms.judgement import AnswerForm, CorrectionForm, SettingForm, TagForm
from customers.models import GroupOverride
from customers.selectors import judgement as selectors
from customers.services import correction, override
from customers.views.frame import open_customer

SETTERS: dict[str, tuple[Callable[..., Any], str]] = {
    GroupOverride.Target.GROUP: (override.set_primary_group, "group"),
    GroupOverride.Target.STAGE: (override.set_stage, "stage"),
    GroupOverride.Target.SIZE: (override.set_size, "size"),
}


@require_GET
def judgement(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What people decided in place of the rules, and what the customer asked to correct."""
    return _page(request, customer_id)


@require_POST
def set_value(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A group, stage or size stands until its day."""
    form = SettingForm(request.POST)

    def save(setting: tuple[str, str], **rest: Any) -> None:
        set_it, name = SETTERS[setting[0]]
        set_it(customer_id=customer_id, by=request.user, **{name: setting[1]}, **rest)

    return _saved(request, customer_id, "setting_form", form, save, _("Set by hand."))


@require_POST
def end_value(request: HttpRequest, customer_id: int, target: str) -> HttpResponse:
    """The setting ends; the rules decide again."""
    if target not in SETTERS:
        raise Http404
    if override.end_override(customer_id=customer_id, target=target, by=request.user):
        messages.success(request, _("The rules decide again."))
    return redirect("customers:judgement", customer_id)


@require_POST
def put_tag(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The customer carries the tag until its day."""
    form = TagForm(request.POST)

    def save(**values: Any) -> None:
        override.put_tag(customer_id=customer_id, by=request.user, **values)

    return _saved(request, customer_id, "tag_form", form, save, _("The tag is on."))


@require_POST
def take_tag(request: HttpRequest, customer_id: int, code: str) -> HttpResponse:
    """The customer no longer carries the tag."""
    if override.take_tag(customer_id=customer_id, code=code, by=request.user):
        messages.success(request, _("The tag is off."))
    return redirect("customers:judgement", customer_id)


@require_POST
def ask_correction(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The request of the customer stands with its deadline (POR-7)."""
    form = CorrectionForm(request.POST)

    def save(**values: Any) -> None:
        correction.ask_correction(customer_id=customer_id, by=request.user, **values)

    return _saved(request, customer_id, "correction_form", form, save, _("The request is noted."))


@require_POST
def answer_correction(request: HttpRequest, customer_id: int, request_id: int) -> HttpResponse:
    """The request is answered; a second answer changes nothing."""
    form = AnswerForm(request.POST)

    def save(**values: Any) -> None:
        correction.decide_correction(request_id=request_id, by=request.user, **values)

    return _saved(request, customer_id, "answer_form", form, save, _("The answer is noted."))


def _saved(
    request: HttpRequest,
    customer_id: int,
    name: str,
    form: Form,
    save: Callable[..., None],
    told: str,
) -> HttpResponse:
    """Back to the page with what was done, or the page again with what is wrong (422)."""
    if form.is_valid():
        try:
            save(**form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_error(None, str(error.message))
        else:
            messages.success(request, told)
            return redirect("customers:judgement", customer_id)
    return _page(request, customer_id, status=422, **{name: form})


def _page(
    request: HttpRequest, customer_id: int, *, status: int = 200, **forms: Form
) -> HttpResponse:
    context = open_customer(request, customer_id, tab="judgement")
    customer, today = context["customer"], timezone.localdate()
    context |= {
        "settings": selectors.settings_in_force(customer=customer, today=today),
        "tags": [
            {"row": row, "label": selectors.TAGS.get(row.code, row.code)}
            for row in selectors.tags_in_force(customer=customer, today=today)
        ],
        "corrections": selectors.corrections(customer=customer, today=today),
    }
    if request.user.can(Can.EDIT_CUSTOMERS):
        context |= {
            "setting_form": SettingForm(),
            "tag_form": TagForm(),
            "correction_form": CorrectionForm(),
            "answer_form": AnswerForm(),
        }
    context |= forms
    return render_page(request, "customers/judgement.html", None, context, status=status)
