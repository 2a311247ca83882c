"""The API of the week plan, the route, the brief before a visit, reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.parameters import parameters
from crm.core.roles import Can
from marketing.api.plan_shapes import (
    BriefSerializer,
    PlanAddSerializer,
    PlanLockSerializer,
    PlanMoveSerializer,
    PlanVersionSerializer,
    PlanWeekSerializer,
    ReviewMarkSerializer,
    ReviewPageSerializer,
    ReviewRowSerializer,
    WeekSerializer,
)
from marketing.models import Visit
from marketing.selectors.brief import Brief, brief_of
from marketing.selectors.plan import (
    StopView,
    WeekView,
    manager_in_reach,
    read_week,
    stop_in_reach,
    week_view,
)
from marketing.selectors.reviews import (
    read_review_query,
    review_in_reach,
    review_page,
)
from marketing.services.plan import plan_anew
from marketing.services.plan_stops import add_stop, drop_stop, lock_stop, move_stop
from marketing.services.reviews import review_visit

KEY = "[0-9]{1,9}"


class PlanViewSet(CanView, viewsets.ViewSet):
    """Weeks of visits in the caller's reach; changed by the manager whose week it is."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.LOG_VISITS

    @extend_schema(
        operation_id="visit_plan",
        parameters=[
            OpenApiParameter("week", date, description="A day of the week."),
            OpenApiParameter("manager", int, description="Oneself without it."),
        ],
        responses=forced_singular_serializer(WeekSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """One week with its days, stops and distances."""
        asked = request.query_params.get("manager", "")
        key = int(asked) if asked.isdecimal() and len(asked) < 10 else None
        week = read_week(request.query_params.get("week", ""), today=timezone.localdate())
        return Response(_week(request, week, key))

    @extend_schema(
        operation_id="visit_plan_make", request=PlanWeekSerializer, responses=WeekSerializer
    )
    def create(self, request: Request) -> Response:
        """The own week is planned anew around what is done and locked."""
        given = _read(PlanWeekSerializer, request)
        today = timezone.localdate()
        plan_anew(manager=request.user, week_on=given["week"], by=request.user, as_of=today)
        return Response(_week(request, read_week(given["week"].isoformat(), today=today), None))

    @extend_schema(
        operation_id="visit_plan_add", request=PlanAddSerializer, responses=WeekSerializer
    )
    @action(detail=False, methods=["post"])
    def add(self, request: Request) -> Response:
        """A customer stands in the own week, locked on the day."""
        given = _read(PlanAddSerializer, request)
        stop = add_stop(
            manager=request.user, week_on=given["on"], customer_id=given["customer"],
            on=given["on"], by=request.user, as_of=timezone.localdate(),
        )  # fmt: skip
        return Response(_week(request, stop.plan.week_on, None))


class StopViewSet(CanView, viewsets.ViewSet):
    """Single stops of the own weeks."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.LOG_VISITS
    lookup_value_regex = KEY

    @extend_schema(
        operation_id="visit_stop_move", request=PlanMoveSerializer, responses=WeekSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """It stands on another day of its week."""
        stop_in_reach(user=request.user, pk=int(pk))
        given = _read(PlanMoveSerializer, request)
        stop = move_stop(
            stop_id=int(pk), by=request.user, as_of=timezone.localdate(), on=given["on"],
            version=given["version"],
        )  # fmt: skip
        return Response(_week(request, stop.plan.week_on, None))

    @extend_schema(
        operation_id="visit_stop_drop", request=PlanVersionSerializer, responses=WeekSerializer
    )
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """It is dropped from its week."""
        stop_in_reach(user=request.user, pk=int(pk))
        given = _read(PlanVersionSerializer, request)
        stop = drop_stop(stop_id=int(pk), by=request.user, version=given["version"])
        return Response(_week(request, stop.plan.week_on, None))

    @extend_schema(
        operation_id="visit_stop_lock", request=PlanLockSerializer, responses=WeekSerializer
    )
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: str) -> Response:
        """It stays on its day, or no longer."""
        stop_in_reach(user=request.user, pk=int(pk))
        given = _read(PlanLockSerializer, request)
        stop = lock_stop(stop_id=int(pk), by=request.user, **given)
        return Response(_week(request, stop.plan.week_on, None))


class BriefViewSet(CanView, viewsets.ViewSet):
    """The brief of one customer in the caller's reach."""

    can = Can.VIEW_FIELD_WORK
    lookup_value_regex = KEY

    @extend_schema(operation_id="visit_brief", responses=BriefSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The brief as of today."""
        brief = brief_of(user=request.user, customer_id=int(pk), as_of=timezone.localdate())
        record_read(request.user, "customers.viewed", brief.customer, surface="api")
        return Response(BriefSerializer(_brief(brief)).data)


class ReviewViewSet(CanView, viewsets.ViewSet):
    """Visits to look over in the caller's reach (VIS-6)."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.REVIEW_VISITS
    lookup_value_regex = KEY

    @extend_schema(
        operation_id="visit_reviews",
        parameters=[
            OpenApiParameter("show", str, enum=["open", "flagged", "reviewed"]),
            OpenApiParameter("manager", int),
            OpenApiParameter("at", str),
        ],
        responses=forced_singular_serializer(ReviewPageSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Drawn and flagged visits, the newest first."""
        page = review_page(user=request.user, query=read_review_query(request.query_params))
        body = {
            "results": [_review(visit) for visit in page.rows],
            "next": page.next.address(place=page.next.place) if page.next else None,
            "previous": page.previous.address(place=page.previous.place) if page.previous else None,
        }
        return Response(ReviewPageSerializer(body).data)

    @extend_schema(
        operation_id="visit_review_give",
        request=ReviewMarkSerializer,
        responses=ReviewRowSerializer,
    )
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: str) -> Response:
        """The mark is given, once."""
        review_in_reach(user=request.user, visit_id=int(pk))
        given = _read(ReviewMarkSerializer, request)
        review_visit(visit_id=int(pk), by=request.user, **given)
        visit = review_in_reach(user=request.user, visit_id=int(pk))
        return Response(ReviewRowSerializer(_review(visit)).data)


def _read(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = given.validated_data
    return found


def _week(request: Request, week_on: date, manager_id: int | None) -> dict[str, Any]:
    manager = manager_in_reach(user=request.user, manager_id=manager_id)
    capacity = parameters(timezone.localdate()).number("plan.capacity_day")
    view = week_view(user=request.user, manager=manager, week_on=week_on, capacity=capacity)
    return dict(WeekSerializer(_week_row(view)).data)


def _week_row(view: WeekView) -> dict[str, Any]:
    return {
        "manager": view.manager.pk,
        "week": view.week_on,
        "version": view.plan.version if view.plan else None,
        "days": [
            {
                "on": day.on,
                "is_working": day.is_working,
                "capacity": day.capacity,
                "length_m": round(day.length_m, 1),
                "stops": [_stop(one) for one in [*day.stops, *day.dropped]],
            }
            for day in view.days
        ],
    }


def _stop(one: StopView) -> dict[str, Any]:
    return {
        "id": one.stop.pk,
        "customer": one.stop.customer_id,
        "customer_name": one.customer.name,
        "number": one.number,
        "purpose": one.stop.purpose,
        "state": one.stop.state,
        "is_locked": one.stop.is_locked,
        "visit": one.stop.visit_id,
        "leg_m": None if one.leg_m is None else round(one.leg_m, 1),
        "reasons": [vars(reason) for reason in one.reasons],
    }


def _brief(brief: Brief) -> dict[str, Any]:
    return {
        "customer": brief.customer.pk,
        "name": brief.customer.name,
        "stage": brief.stage,
        "tier": brief.portrait.tier or "" if brief.portrait else "",
        "as_of": brief.as_of,
        "promise": brief.promise.promise if brief.promise else "",
        "promise_on": brief.promise.promise_on if brief.promise else None,
        "held": [f"{one.label} {one.balance}".strip() for one in brief.held],
        "rivals": [one.text for one in brief.rivals],
        "changes": [vars(one) for one in brief.changes],
        "weakest": [
            {"no": one.no, "label": str(one.label), "share": one.share} for one in brief.weakest
        ],
        "questions": [
            vars(one) | {"changes": [change.text for change in one.changes]}
            for one in brief.questions
        ],
        "matches": [vars(one) for one in brief.matches],
    }


def _review(visit: Visit) -> dict[str, Any]:
    review = getattr(visit, "review", None)
    return {
        "id": visit.pk,
        "customer": visit.customer_id,
        "customer_name": visit.customer.name,
        "manager": visit.manager_id,
        "manager_name": visit.manager.full_name,
        "started_at": visit.started_at,
        "flags": visit.flags,
        "sampled_on": visit.sampled_on,
        "score": review.score if review else None,
        "note": review.note if review else "",
        "version": visit.version,
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("visit-plans", PlanViewSet, basename="visit-plan")
    router.register("visit-stops", StopViewSet, basename="visit-stop")
    router.register("visit-briefs", BriefViewSet, basename="visit-brief")
    router.register("visit-reviews", ReviewViewSet, basename="visit-review")
