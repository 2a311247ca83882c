"""The API of care tasks, relief, complaints, satisfaction."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.roles import Can
from customers.selectors.keyset import Order
from marketing.api.care_fields import (
    CareCloseSerializer,
    CarePageSerializer,
    CareTaskSerializer,
    CloseComplaintSerializer,
    ComplaintPageSerializer,
    ComplaintSerializer,
    HandComplaintSerializer,
    HandlerSerializer,
    NewComplaintSerializer,
    NewMarkSerializer,
    ProposalSerializer,
    ReliefOutcomeSerializer,
    ReliefPageSerializer,
    ReliefSerializer,
    SatisfactionSerializer,
)
from marketing.models import CareTask, Complaint, Relief
from marketing.selectors.care import (
    PERIODS,
    RowPage,
    care_list,
    care_order,
    care_task_of,
    relief_list,
    relief_of,
    row_page,
    satisfaction,
)
from marketing.selectors.care_words import ToldCare, ToldRelief, told_care, told_relief
from marketing.selectors.complaints import complaint_handlers, complaint_list, complaint_of
from marketing.services.care import close_care_task
from marketing.services.complaints import close_complaint, hand_complaint, log_complaint
from marketing.services.relief import close_relief, propose_relief
from marketing.services.satisfaction import record_mark

KEY = "[0-9]{1,9}"


class CareTaskViewSet(CanView, viewsets.ViewSet):
    """Care tasks in the caller's reach (CARE-1, CARE-2)."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.HANDLE_CARE
    lookup_value_regex = KEY

    @extend_schema(
        operation_id="care_tasks",
        parameters=[OpenApiParameter(name, str, required=False) for name in ("state", "kind", "at")]
        + [OpenApiParameter(name, int, required=False) for name in ("own", "late")],
        responses=forced_singular_serializer(CarePageSerializer),
    )
    def list(self, request: Request) -> Response:
        """Fifty a page, the first due first; ``own=1`` one's own, ``late=1`` overdue ones."""
        asked, today = request.query_params, timezone.localdate()
        state = asked.get("state", "open")
        rows = care_list(
            user=request.user, state=state, kind=asked.get("kind", ""),
            is_own=asked.get("own") == "1", is_late=asked.get("late") == "1", today=today,
        )  # fmt: skip
        page = row_page(rows, care_order(state), at=asked.get("at", ""))
        told = told_care(page.rows, user=request.user, today=today)
        return Response(CarePageSerializer(_page([_task(one) for one in told], page)).data)

    @extend_schema(operation_id="care_task", responses=CareTaskSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One task."""
        return Response(_told_task(request, care_task_of(user=request.user, pk=int(pk))))

    @extend_schema(request=CareCloseSerializer, responses=CareTaskSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Done, or dropped, with what came of it."""
        asked = CareCloseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        task = close_care_task(
            task_id=int(pk), by=request.user, outcome=given["outcome"], is_dropped=given["drop"]
        )
        return Response(_told_task(request, task))


class ComplaintViewSet(CanView, viewsets.ViewSet):
    """Complaints in the caller's reach (CARE-5)."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.HANDLE_CARE
    lookup_value_regex = KEY

    @extend_schema(
        operation_id="complaints",
        parameters=[
            OpenApiParameter(name, str, required=False) for name in ("state", "kind", "at")
        ],
        responses=forced_singular_serializer(ComplaintPageSerializer),
    )
    def list(self, request: Request) -> Response:
        """Fifty a page, the first due first."""
        asked = request.query_params
        state = asked.get("state", "open")
        rows = complaint_list(
            user=request.user, state=state, kind=asked.get("kind", ""), today=timezone.localdate()
        )
        is_closed = state == Complaint.State.CLOSED
        order = Order("closed_at", True, True) if is_closed else Order("due_on")
        page = row_page(rows, order, at=asked.get("at", ""))
        told = [_complaint(row) for row in page.rows]
        return Response(ComplaintPageSerializer(_page(told, page)).data)

    @extend_schema(operation_id="complaint", responses=ComplaintSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One complaint."""
        row = complaint_of(user=request.user, pk=int(pk))
        return Response(ComplaintSerializer(_complaint(row)).data)

    @extend_schema(request=NewComplaintSerializer, responses={201: ComplaintSerializer})
    def create(self, request: Request) -> Response:
        """A complaint comes in; said twice it is one."""
        asked = NewComplaintSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        row = log_complaint(customer_id=given.pop("customer"), by=request.user, **given)
        return Response(ComplaintSerializer(_complaint(row)).data, status=201)

    @extend_schema(request=CloseComplaintSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Closed with cause and cure."""
        asked = CloseComplaintSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = close_complaint(complaint_id=int(pk), by=request.user, **asked.validated_data)
        return Response(ComplaintSerializer(_complaint(row)).data)

    @extend_schema(
        operation_id="complaint_handlers", responses=HandlerSerializer(many=True), filters=False
    )
    @action(detail=True)
    def handlers(self, request: Request, pk: str) -> Response:
        """Who may handle it."""
        people = complaint_handlers(complaint=complaint_of(user=request.user, pk=int(pk)))
        told = [{"id": one.pk, "name": one.full_name, "unit": one.branch.name} for one in people]
        return Response(HandlerSerializer(told, many=True).data)

    @extend_schema(request=HandComplaintSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def hand(self, request: Request, pk: str) -> Response:
        """Somebody else works on it, with a note; said twice it is once."""
        asked = HandComplaintSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = complaint_of(user=request.user, pk=int(pk))
        people = {one.pk: one for one in complaint_handlers(complaint=found)}
        if given["to"] not in people:
            raise serializers.ValidationError({"to": [_("Choose somebody who may handle it.")]})
        hand_complaint(
            complaint_id=found.pk, to=people[given["to"]], by=request.user, note=given["note"]
        )
        row = complaint_of(user=request.user, pk=found.pk)
        return Response(ComplaintSerializer(_complaint(row)).data)


class ReliefViewSet(CanView, viewsets.ViewSet):
    """Customers short of cash in the caller's reach (CARE-3)."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.HANDLE_CARE
    lookup_value_regex = KEY

    @extend_schema(
        operation_id="relief",
        parameters=[OpenApiParameter(name, str, required=False) for name in ("state", "at")],
        responses=forced_singular_serializer(ReliefPageSerializer),
    )
    def list(self, request: Request) -> Response:
        """Fifty a page, the shortest cash first."""
        asked = request.query_params
        state = asked.get("state", "")
        rows = relief_list(user=request.user, state=state)
        is_closed = state == Relief.State.CLOSED
        order = Order("outcome_on", True, True) if is_closed else Order("runway_months")
        page = row_page(rows, order, at=asked.get("at", ""))
        told = told_relief(page.rows, user=request.user, today=timezone.localdate())
        return Response(ReliefPageSerializer(_page([_relief(one) for one in told], page)).data)

    @extend_schema(operation_id="relief_one", responses=ReliefSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One row."""
        return Response(_told_relief(request, relief_of(user=request.user, pk=int(pk))))

    @extend_schema(request=ProposalSerializer, responses=ReliefSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """What is proposed."""
        asked = ProposalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = propose_relief(relief_id=int(pk), by=request.user, **asked.validated_data)
        return Response(_told_relief(request, row))

    @extend_schema(request=ReliefOutcomeSerializer, responses=ReliefSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """What came of it."""
        asked = ReliefOutcomeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = close_relief(relief_id=int(pk), by=request.user, **asked.validated_data)
        return Response(_told_relief(request, row))


class SatisfactionViewSet(CanView, viewsets.ViewSet):
    """Marks from 1 to 5 with the loan success rate (CARE-4)."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.HANDLE_CARE

    @extend_schema(
        operation_id="satisfaction",
        parameters=[OpenApiParameter("days", int, required=False, description="90, 365 or 730")],
        responses=forced_singular_serializer(SatisfactionSerializer),
    )
    def list(self, request: Request) -> Response:
        """By manager, product and occasion."""
        days = PERIODS.get(request.query_params.get("days", ""), 365)
        tables = satisfaction(user=request.user, today=timezone.localdate(), days=days)
        return Response(SatisfactionSerializer({"days": days, "tables": tables}).data)

    @extend_schema(request=NewMarkSerializer, responses={201: NewMarkSerializer})
    def create(self, request: Request) -> Response:
        """A mark is on record."""
        asked = NewMarkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        record_mark(customer_id=given.pop("customer"), by=request.user, **given)
        return Response(asked.data, status=201)


def _page(told: list[dict[str, Any]], page: RowPage) -> dict[str, Any]:
    return {"results": told, "next": page.next, "previous": page.previous}


def _task(told: ToldCare) -> dict[str, Any]:
    task = told.task
    return {
        "id": task.pk,
        "customer": task.customer_id,
        "customer_name": task.customer.name,
        "kind": task.kind,
        "sentence": told.sentence,
        "due_on": task.due_on,
        "owner": task.owner.full_name if task.owner else "",
        "state": task.state,
        "outcome": task.outcome,
    }


def _told_task(request: Request, task: CareTask) -> Any:
    (told,) = told_care([task], user=request.user, today=timezone.localdate())
    return CareTaskSerializer(_task(told)).data


def _complaint(row: Complaint) -> dict[str, Any]:
    names = ("kind", "text", "received_on", "due_on", "state", "cause", "fix", "handed_note")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk,
        "customer": row.customer_id,
        "customer_name": row.customer.name,
        "owner": row.owner.full_name,
        "handed_by": row.handed_by.full_name if row.handed_by else "",
    }


def _relief(told: ToldRelief) -> dict[str, Any]:
    row = told.row
    names = ("five_class", "state", "proposals", "outcome_due_on", "outcome", "version")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk,
        "customer": row.customer_id,
        "customer_name": row.customer.name,
        "months": told.months,
        "cash": told.cash,
        "cost": told.cost,
    }


def _told_relief(request: Request, row: Relief) -> Any:
    (told,) = told_relief([row], user=request.user, today=timezone.localdate())
    return ReliefSerializer(_relief(told)).data


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("care-tasks", CareTaskViewSet, basename="care-task")
    router.register("complaints", ComplaintViewSet, basename="complaint")
    router.register("relief", ReliefViewSet, basename="relief")
    router.register("satisfaction", SatisfactionViewSet, basename="satisfaction")
