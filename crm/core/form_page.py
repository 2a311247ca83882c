"""The one way a form page answers: shown, refused with its errors, or saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from crm.core.errors import DomainError
from crm.core.fragments import render_page


def save_with(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[], HttpResponse],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The page for GET; for POST what ``save`` answers, or the page with what is wrong (422)."""
    if request.method != "POST":
        return render_page(request, template, None, context)
    if form.is_valid():
        try:
            return save()
        except DomainError as error:
            if error.status == 403:
                raise
            _show(form, error)
    return render_page(request, template, None, context, status=422)


def _show(form: BaseForm, error: DomainError) -> None:
    form.add_error(None, str(error.message))
    for name, text in error.fields.items():
        if name in form.fields:
            form.add_error(name, str(text))
