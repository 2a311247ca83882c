"""The pipeline three ways over the same rows: board, list, calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page, wants_fragment
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can, Reach
from customers.models import ProductFamily
from customers.selectors.keyset import COUNT_CAP, capped_count
from marketing.models import Mode, Opportunity
from marketing.pipeline import TRACKS
from marketing.pipeline.clock import BANDS
from marketing.selectors.pipeline import (
    opportunity_page,
    owners_in_reach,
    pipeline_board,
    units_in_reach,
)
from marketing.selectors.pipeline_calendar import month_beside, pipeline_weeks
from marketing.selectors.pipeline_query import (
    PipelineQuery,
    opportunity_list,
    read_pipeline_query,
)
from marketing.views.pipeline_words import shown, shown_board

VIEWS = (
    ("pipeline", "marketing:pipeline"),
    ("opportunities", "marketing:opportunities"),
    ("calendar", "marketing:pipeline_calendar"),
)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Columns of one pipeline with their sums and first cards."""
    query, known = read_pipeline_query(request.GET), parameters(timezone.localdate())
    found = pipeline_board(user=request.user, query=query, known=known)
    context = {
        "board": shown_board(request.user, found, query=query, known=known),
        "tracks": [
            {
                "label": track.label,
                "url": query.address(pipeline=track.key, family="", stage=""),
                "is_current": track.key == query.track,
            }
            for track in TRACKS.values()
        ],
    }
    return _page(request, query, "pipeline", "marketing/_pipeline_board.html", context)


@require_GET
def opportunity_table(request: HttpRequest) -> HttpResponse:
    """The list, fifty a page."""
    query, known = read_pipeline_query(request.GET), parameters(timezone.localdate())
    page = opportunity_page(user=request.user, query=query, known=known)
    found = list_count(request.user, query, known)
    context = {
        "rows": [shown(request.user, row, known=known) for row in page.rows],
        "can_pick": query.state == "open" and request.user.can(Can.REASSIGN_OPPORTUNITIES),
        "found": found,
        "count": count_in_words(found),
        "previous": page.previous.address(place=page.previous.place) if page.previous else "",
        "next": page.next.address(place=page.next.place) if page.next else "",
        "states": [
            {
                "label": label,
                "url": query.address(
                    state=key, sort="", overdue=False, stalled=False, recent=False
                ),
                "is_current": key == query.state,
            }
            for key, label in Opportunity.State.choices
        ],
    }
    return _page(request, query, "opportunities", "marketing/_pipeline_rows.html", context)


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Next actions and expected dates of a month, with the holidays."""
    query, known = read_pipeline_query(request.GET), parameters(timezone.localdate())
    first = (query.month or known.as_of).replace(day=1)
    weeks = pipeline_weeks(user=request.user, query=query, month=first, known=known)
    list_url = reverse("marketing:opportunities")
    context = {
        "month": first,
        "weeks": [[_day(request.user, day, query, known, list_url) for day in w] for w in weeks],
        "weekdays": (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")),
        "before": query.address(month=month_beside(first, -1)),
        "after": query.address(month=month_beside(first, 1)),
        "this_month": query.address(month=None),
    }
    return _page(request, query, "calendar", "marketing/_pipeline_month.html", context)


def _day(
    user: User, day: Any, query: PipelineQuery, known: Parameters, list_url: str
) -> dict[str, Any]:
    return {
        "day": day,
        "is_today": day.on == known.as_of,
        "next": [shown(user, row, known=known) for row in day.next],
        "expected": [shown(user, row, known=known) for row in day.expected],
        "all_url": list_url + query.address(day=day.on, month=None),
    }


def _page(
    request: HttpRequest, query: PipelineQuery, view: str, fragment: str, context: dict[str, Any]
) -> HttpResponse:
    """The fragment, or the page around it with tabs, filters and the way to a new one."""
    context |= {
        "query": query,
        "view": view,
        "fragment": fragment,
        "here": request.path,
        "is_own": request.user.duty.reach == Reach.OWN,
        "can_edit": request.user.can(Can.EDIT_OPPORTUNITIES),
        "can_export": request.user.can(Can.EXPORT_CUSTOMERS),
        "chips": chips_of(request.user, query),
        "tabs": _tabs(query, view),
    }
    if not wants_fragment(request):
        context |= _bar(request.user, query)
    response = render_page(request, "marketing/pipeline.html", fragment, context)
    response["HX-Push-Url"] = request.path + query.address(place=query.place)
    return response


def _tabs(query: PipelineQuery, view: str) -> list[dict[str, Any]]:
    """The same rows three ways."""
    labels = {"pipeline": _("Board"), "opportunities": _("List"), "calendar": _("Calendar")}
    kept = query.address(state="open", recent=False, day=None, month=None, sort="")
    return [
        {"label": labels[key], "url": reverse(name) + kept, "is_current": key == view}
        for key, name in VIEWS
    ]


def _bar(user: User, query: PipelineQuery) -> dict[str, Any]:
    """The options of the filters; nobody but oneself is no choice."""
    tracks = [TRACKS[query.pipeline]] if query.pipeline else list(TRACKS.values())
    stages = {stage.key: stage.label for track in tracks for stage in track.stages}
    return {
        "families": ProductFamily.choices,
        "modes": Mode.choices,
        "stages": list(stages.items()),
        "bands": [(band.key, band.label) for band in BANDS],
        "owners": owners_in_reach(user),
        "units": units_in_reach(user),
    }


def list_count(user: User, query: PipelineQuery, known: Parameters) -> int:
    """How many rows the list holds, up to the cap of counting."""
    return capped_count(opportunity_list(user=user, query=query, known=known))


def count_in_words(found: int) -> str:
    """1,204, or 10,000+ beyond the cap."""
    return f"{COUNT_CAP - 1:,}+" if found >= COUNT_CAP else f"{found:,}"


def chips_of(user: User, query: PipelineQuery) -> list[dict[str, Any]]:
    """What narrows the rows, each with the page without it."""
    bands = {band.key: band.label for band in BANDS}
    stages = {stage.key: stage.label for track in TRACKS.values() for stage in track.stages}
    told: list[tuple[str, Any, Any]] = [
        ("family", query.family and ProductFamily(query.family).label, ""),
        ("mode", query.mode and Mode(query.mode).label, ""),
        ("stage", stages.get(query.stage, ""), ""),
        ("band", bands.get(query.band, ""), ""),
        ("unit", query.unit and dict(units_in_reach(user)).get(query.unit, query.unit), None),
        ("owner", query.owner and dict(owners_in_reach(user)).get(query.owner, query.owner), None),
        ("stalled", query.stalled and _("Stalled"), False),
        ("overdue", query.overdue and _("Out of time"), False),
        ("recent", query.recent and _("Closed within 30 days"), False),
        ("day", _written(query.day), None),
    ]
    return [
        {"label": label, "url": query.address(**{name: empty})}
        for name, label, empty in told
        if label
    ]


def _written(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
