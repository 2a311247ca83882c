"""Branch strategies: one a branch and year, beside what the branch really does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.roles import Can
from customers.features.groups import LABELS
from customers.models import ProductFamily
from marketing.forms.strategy import StrategyForm
from marketing.selectors.goals_units import is_above, place_of
from marketing.selectors.strategy import (
    focus_lines,
    planned_lines,
    strategies,
    strategy_of,
    style_labels,
)
from marketing.services.strategy import decide_strategy, submit_strategy, write_strategy


@require_GET
def strategy_list(request: HttpRequest) -> HttpResponse:
    """Every unit in reach with its strategy of the year."""
    year = _year(request)
    context = {
        "entries": strategies(user=request.user, year=year),
        "year": year,
        "this_year": timezone.localdate().year,
        "may_edit": request.user.can(Can.EDIT_GOALS),
    }
    return render_page(request, "marketing/strategies.html", "marketing/_strategies.html", context)


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    now = timezone.localdate().year
    return int(text) if text.isdecimal() and 2000 <= int(text[:5]) <= now + 1 else now


@require_GET
def strategy(request: HttpRequest, branch_id: int, year: int) -> HttpResponse:
    """What the branch is after, its figures of the year, and what it has reached."""
    place = place_of(request.user, str(branch_id))
    row = strategy_of(user=request.user, unit=place.unit, year=year)
    user = request.user
    context = {
        "place": place,
        "year": year,
        "strategy": row,
        "styles": style_labels(row.styles) if row else [],
        "groups": [LABELS.get(key, key) for key in row.focus_groups] if row else [],
        "families": [ProductFamily(key).label for key in row.focus_families] if row else [],
        "focus": focus_lines(strategy=row) if row else [],
        "planned": planned_lines(user=user, strategy=row, today=timezone.localdate())
        if row
        else [],
        "may_edit": user.can(Can.EDIT_GOALS) and (row is None or row.state != "submitted"),
        "may_decide": row is not None
        and row.state == "submitted"
        and user.can(Can.APPROVE_GOALS)
        and is_above(user, place.unit)
        and row.made_by_id != user.pk,
    }
    return render_page(request, "marketing/strategy.html", None, context)


@require_http_methods(["GET", "POST"])
def strategy_edit(request: HttpRequest, branch_id: int, year: int) -> HttpResponse:
    """The strategy as a form; saved as a draft."""
    place = place_of(request.user, str(branch_id))
    row = strategy_of(user=request.user, unit=place.unit, year=year)
    form = StrategyForm(request.POST or None, strategy=row)

    def save() -> HttpResponse:
        write_strategy(
            unit=place.unit,
            year=year,
            values=form.values(),
            version=form.cleaned_data["version"],
            by=request.user,
        )
        messages.success(request, _("The strategy is a draft; submit it to the unit above."))
        return redirect("marketing:strategy", branch_id=branch_id, year=year)

    context = {"form": form, "place": place, "year": year, "strategy": row}
    return save_with(request, form, save, "marketing/strategy_edit.html", context)


@require_POST
def strategy_submit(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """It waits for the unit above."""
    row = submit_strategy(strategy_id=strategy_id, by=request.user)
    messages.success(request, _("The strategy waits for the unit above."))
    return redirect("marketing:strategy", branch_id=row.branch_id, year=row.year)


@require_POST
def strategy_decide(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The unit above approves it or sends it back."""
    row = decide_strategy(
        strategy_id=strategy_id,
        is_approved=request.POST.get("decision") == "approve",
        note=request.POST.get("note", ""),
        by=request.user,
    )
    messages.success(request, row.get_state_display())
    return redirect("marketing:strategy", branch_id=row.branch_id, year=row.year)
