"""The API of opportunities: each action by the pages' rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

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
from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.masking import reads_bands
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from marketing.api.pipeline_shapes import (
    DetailsSerializer,
    LoseSerializer,
    MergeSerializer,
    MoveSerializer,
    OpenSerializer,
    OpportunityDetailSerializer,
    OpportunityPageSerializer,
    ReassignedSerializer,
    ReassignSerializer,
    ReopenSerializer,
    TickSerializer,
)
from marketing.models import Opportunity
from marketing.pipeline.clock import age_days, is_overdue, is_stalled
from marketing.selectors.opportunity_gates import GateLine, all_gates
from marketing.selectors.pipeline import (
    customer_in_reach,
    opportunity_of,
    opportunity_page,
    versions_on_offer,
)
from marketing.selectors.pipeline_query import PipelineQuery, read_pipeline_query
from marketing.services import opportunities as services
from products.selectors.suggestion_words import writer

MOST_DIGITS = 9
FILTERS = (
    ("pipeline", str), ("family", str), ("mode", str), ("stage", str), ("state", str),
    ("band", str), ("unit", int), ("owner", int), ("overdue", int), ("stalled", int),
    ("recent", int), ("sort", str), ("after", str),
)  # fmt: skip


View = Callable[..., Response]


def _deed(shape: type[serializers.Serializer[Any]]) -> Callable[[View], View]:
    """A deed on one opportunity: posted in this shape, answered with the whole row."""

    def described(view: View) -> View:
        told = extend_schema(
            operation_id=f"opportunity_{view.__name__}",
            request=shape,
            responses=OpportunityDetailSerializer,
        )
        made: View = told(action(detail=True, methods=["post"])(view))
        return made

    return described


class OpportunityViewSet(CanView, viewsets.ViewSet):
    """Opportunities in the caller's reach; whatever is outside is not there."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.EDIT_OPPORTUNITIES
    abilities: ClassVar[dict[str, Can]] = {"reassign": Can.REASSIGN_OPPORTUNITIES}
    lookup_value_regex = f"[0-9]{{1,{MOST_DIGITS}}}"

    @extend_schema(
        operation_id="opportunities",
        parameters=[OpenApiParameter(name, kind) for name, kind in FILTERS],
        responses=forced_singular_serializer(OpportunityPageSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """The list of the pipeline page, fifty a page."""
        query, known = read_pipeline_query(request.query_params), parameters(timezone.localdate())
        page = opportunity_page(user=request.user, query=query, known=known)
        body = {
            "results": [_row(request, row, known) for row in page.rows],
            "next": _address(page.next),
            "previous": _address(page.previous),
        }
        return Response(OpportunityPageSerializer(body).data)

    @extend_schema(operation_id="opportunity", responses=OpportunityDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One opportunity with its gates."""
        row = opportunity_of(user=request.user, pk=int(pk))
        record_read(request.user, "customers.viewed", row.customer, surface="api")
        return _detail(request, row)

    @extend_schema(
        operation_id="opportunity_open",
        request=OpenSerializer,
        responses={201: OpportunityDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """A new one; 409 tells ``existing`` when one of this family is open (OPP-6)."""
        given = OpenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        customer = customer_in_reach(user=request.user, pk=values.pop("customer"))
        row = services.open_opportunity(customer=customer, by=request.user, **values)
        return _detail(request, opportunity_of(user=request.user, pk=row.pk), status=201)

    @_deed(MoveSerializer)
    def move(self, request: Request, pk: str) -> Response:
        """To another stage; 422 names what is missing, 409 that somebody was faster."""
        return _done(request, pk, services.move, MoveSerializer)

    @_deed(TickSerializer)
    def tick(self, request: Request, pk: str) -> Response:
        """A check holds because the caller says what proves it."""
        return _done(request, pk, services.tick, TickSerializer)

    @_deed(LoseSerializer)
    def lose(self, request: Request, pk: str) -> Response:
        """It is lost."""
        return _done(request, pk, services.lose, LoseSerializer)

    @_deed(DetailsSerializer)
    def change(self, request: Request, pk: str) -> Response:
        """These details are on record; what is not sent stays."""
        return _done(request, pk, _change, DetailsSerializer)

    @_deed(ReopenSerializer)
    def reopen(self, request: Request, pk: str) -> Response:
        """A lost one is open again; 409 tells ``existing`` when another of its family is."""
        return _done(request, pk, services.reopen, ReopenSerializer)

    @_deed(MergeSerializer)
    def merge(self, request: Request, pk: str) -> Response:
        """What was refused as a duplicate of this one fills its gaps; no version is asked."""
        return _done(request, pk, _merge, MergeSerializer)

    @extend_schema(
        operation_id="opportunities_reassign",
        request=ReassignSerializer,
        responses=ReassignedSerializer,
    )
    @action(detail=False, methods=["post"])
    def reassign(self, request: Request) -> Response:
        """All go to one manager or none does; ``errors`` says by id why one cannot."""
        given = ReassignSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        chosen = {one["id"]: one["version"] for one in values.pop("opportunities")}
        moved = services.reassign(
            opportunity_ids=list(chosen),
            owner_id=values.pop("owner"),
            by=request.user,
            versions=chosen,
            **values,
        )
        body = {"reassigned": [row.pk for row in moved]}
        return Response(ReassignedSerializer(body).data)

    def handle_exception(self, exc: Exception) -> Response:
        """A refused duplicate tells which one is open: it can be merged into that."""
        answer = super().handle_exception(exc)
        if isinstance(exc, services.DuplicateOpportunity):
            answer.data["existing"] = exc.existing.pk
        return answer


def _done(request: Request, pk: str, service: Any, shape: type[Any]) -> Response:
    opportunity_of(user=request.user, pk=int(pk))
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    service(opportunity_id=int(pk), by=request.user, **given.validated_data)
    return _detail(request, opportunity_of(user=request.user, pk=int(pk)))


def _change(*, opportunity_id: int, by: User, version: int, **values: Any) -> None:
    key = values.get("version_chosen")
    if key is not None:
        row = opportunity_of(user=by, pk=opportunity_id)
        offered = versions_on_offer(row.family, kept=row.version_chosen_id)
        values["version_chosen"] = offered.filter(pk=key).first()
        if values["version_chosen"] is None:
            why = _("This family has no such product on offer.")
            raise DomainError(why, status=422, fields={"version_chosen": why})
    services.change(opportunity_id=opportunity_id, by=by, values=values, version=version)


def _merge(*, opportunity_id: int, by: User, customer: int, **given: Any) -> None:
    found = customer_in_reach(user=by, pk=customer)
    services.merge(into_id=opportunity_id, customer_id=found.pk, by=by, **given)


def _detail(request: Request, row: Opportunity, *, status: int = 200) -> Response:
    known = parameters(timezone.localdate())
    checks = [_check(line) for line in all_gates(row, known=known)]
    body = _row(request, row, known) | {"checks": checks}
    return Response(OpportunityDetailSerializer(body).data, status=status)


def _check(line: GateLine) -> dict[str, Any]:
    return {
        "key": line.check.key,
        "stage": line.stage.key,
        "label": line.check.label,
        "answer": str(line.answer),
        "can_tick": line.can_tick,
        "note": line.note,
    }


def _address(query: PipelineQuery | None) -> str | None:
    return query.address(place=query.place) if query else None


def _row(request: Request, row: Opportunity, known: Parameters) -> dict[str, Any]:
    """One opportunity as this caller may read it."""
    plain = (
        "customer_id", "pipeline", "family", "title", "version_chosen_id", "months",
        "origin_mode", "stage", "stage_due_on", "state", "probability", "expected_on", "owner_id",
        "next_action", "next_on", "last_action_on", "lost_reason", "lost_to", "version",
    )  # fmt: skip
    is_masked = reads_bands(request.user)
    amount = writer(request.user)(row.amount) if is_masked else str(row.amount)
    return {
        "id": row.pk,
        **{name.removesuffix("_id"): getattr(row, name) for name in plain},
        "customer_name": row.customer.name,
        "owner_name": row.owner.full_name,
        "product": row.version_chosen.product.code if row.version_chosen else None,
        "amount": amount if row.amount is not None else None,
        "age_days": age_days(row, known.as_of),
        "is_overdue": is_overdue(row, known.as_of),
        "is_stalled": is_stalled(row, known.as_of, known),
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("opportunities", OpportunityViewSet, basename="opportunity")
