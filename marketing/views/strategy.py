"""Branch strategies: one a branch and year, beside what the branch really does."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from marketing.forms.strategy import StrategyForm
from marketing.models import BranchStrategy
from marketing.selectors.goals_units import is_above, place_of
from marketing.selectors.strategy import (
    focus_lines,
    mix_lines,
    planned_lines,
    strategies,
    strategy_of,
    style_labels,
    territory_choices,
)
from marketing.selectors.strategy_rows import asked_of, label_of
from marketing.selectors.strategy_rows import strategy_rows as rows_of
from marketing.services.strategy import decide_strategy, submit_strategy, write_strategy
from marketing.views.amounts import amounts_for
from marketing.views.goals import page_of, pages_of

FIRST_YEAR = 2000


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
    is_number = text.isdecimal() and len(text) < 5
    return int(text) if is_number and _is_year(int(text)) else timezone.localdate().year


def _is_year(year: int) -> bool:
    """Whether strategies are written for this year: up to the next one."""
    return FIRST_YEAR <= year <= timezone.localdate().year + 1


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
        **(_figures(user, row) if row else {}),
        "may_edit": user.can(Can.EDIT_GOALS)
        and _is_year(year)
        and (row is None or row.state != "submitted"),
        "may_decide": row is not None
        and row.state == "submitted"
        and user.can(Can.APPROVE_GOALS)
        and is_above(user, place.unit)
        and row.made_by_id != user.pk,
    }
    return render_page(request, "marketing/strategy.html", None, context)


def _figures(user: User, row: BranchStrategy) -> dict[str, Any]:
    """What the strategy is after, each with what the branch has of it, and the plan beside."""
    return {
        "styles": style_labels(row.styles),
        "focus": focus_lines(strategy=row),
        "mix": mix_lines(strategy=row),
        "planned": planned_lines(user=user, strategy=row, today=timezone.localdate()),
    }


@require_GET
def strategy_rows(request: HttpRequest, branch_id: int, year: int) -> HttpResponse:
    """The customers or loans that make one number: as many as it says."""
    place = place_of(request.user, str(branch_id))
    row = strategy_of(user=request.user, unit=place.unit, year=year)
    asked = row and asked_of(
        row,
        kind=request.GET.get("kind", ""),
        value=request.GET.get("value", ""),
        which=request.GET.get("which", "customers"),
    )
    if row is None or asked is None:
        raise Http404
    page = page_of(request)
    write = amounts_for(request.user)
    rows, count = rows_of(user=request.user, strategy=row, asked=asked, page=page)
    context = {
        "place": place,
        "year": year,
        "asked": asked,
        "label": label_of(row, asked),
        "rows": [(one, write(one.amount)) for one in rows],
        "count": count,
        **pages_of(request, page, count),
    }
    return render_page(
        request, "marketing/strategy_rows.html", "marketing/_strategy_rows.html", context
    )


@require_http_methods(["GET", "POST"])
def strategy_edit(request: HttpRequest, branch_id: int, year: int) -> HttpResponse:
    """The strategy as a form; saved as a draft."""
    if not _is_year(year):
        raise Http404
    place = place_of(request.user, str(branch_id))
    row = strategy_of(user=request.user, unit=place.unit, year=year)
    chosen = row.focus_territories if row else []
    places = territory_choices(place.unit, chosen=chosen) if place.unit else []
    form = StrategyForm(request.POST or None, strategy=row, places=places)

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
        note=request.POST.get("note", "").replace("\x00", ""),
        by=request.user,
    )
    messages.success(request, row.get_state_display())
    return redirect("marketing:strategy", branch_id=row.branch_id, year=row.year)
