"""The API of opportunities: list, one, open, move, tick, lose, reassign; by the pages' rules."""

from __future__ import annotations

from typing import Any, ClassVar

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
from crm.core.masking import reads_bands
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from customers.models import ProductFamily
from marketing.models import Mode, Opportunity
from marketing.pipeline import TRACKS
from marketing.pipeline.clock import age_days, is_overdue, is_stalled
from marketing.selectors.opportunity_gates import GateLine, all_gates
from marketing.selectors.pipeline import customer_in_reach, opportunity_of, opportunity_page
from marketing.selectors.pipeline_query import PipelineQuery, read_pipeline_query
from marketing.services import opportunities as services
from marketing.services.opportunity_owner import MOST_AT_ONCE
from products.selectors.suggestion_words import writer

MOST_DIGITS = 9
FILTERS = (
    ("pipeline", str), ("family", str), ("mode", str), ("stage", str), ("state", str),
    ("band", str), ("unit", int), ("owner", int), ("overdue", int), ("stalled", int),
    ("recent", int), ("sort", str), ("after", str),
)  # fmt: skip


class OpportunitySerializer(serializers.Serializer[Any]):
    """One opportunity; amounts are bands for readers who see bands on the pages."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    pipeline = serializers.CharField()
    family = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    months = serializers.IntegerField(allow_null=True)
    origin_mode = serializers.CharField()
    stage = serializers.CharField()
    stage_due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    probability = serializers.FloatField()
    expected_on = serializers.DateField(allow_null=True)
    owner = serializers.IntegerField()
    owner_name = serializers.CharField()
    next_action = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    last_action_on = serializers.DateField()
    age_days = serializers.IntegerField()
    is_overdue = serializers.BooleanField()
    is_stalled = serializers.BooleanField()
    lost_reason = serializers.CharField()
    lost_to = serializers.CharField()
    version = serializers.IntegerField()


class CheckSerializer(serializers.Serializer[Any]):
    """One check of a gate; ``answer`` is yes, no or unknown."""

    key = serializers.CharField()
    stage = serializers.CharField()
    label = serializers.CharField()
    answer = serializers.CharField()
    can_tick = serializers.BooleanField()
    note = serializers.CharField()


class OpportunityDetailSerializer(OpportunitySerializer):
    """One opportunity with every gate of its pipeline."""

    checks = CheckSerializer(many=True)


class OpportunityPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are what follows the question mark."""

    results = OpportunitySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class OpenSerializer(serializers.Serializer[Any]):
    """A new opportunity; ``amount`` in yuan."""

    customer = serializers.IntegerField(min_value=1)
    family = serializers.ChoiceField(choices=ProductFamily.choices)
    origin_mode = serializers.ChoiceField(choices=Mode.choices)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    amount = serializers.DecimalField(required=False, max_digits=18, decimal_places=2)
    months = serializers.IntegerField(required=False, min_value=1, max_value=360)
    expected_on = serializers.DateField(required=False)


class MoveSerializer(serializers.Serializer[Any]):
    """``version`` as it was read; ``reason`` where a stage is skipped or taken back."""

    to = serializers.ChoiceField(
        choices=sorted({stage.key for track in TRACKS.values() for stage in track.stages})
    )
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class TickSerializer(serializers.Serializer[Any]):
    """A check that holds, and what proves it."""

    key = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1)


class LoseSerializer(serializers.Serializer[Any]):
    """Why; to whom, where it was a competitor."""

    reason = serializers.ChoiceField(choices=Opportunity.Lost.choices)
    lost_to = serializers.CharField(required=False, allow_blank=True, max_length=60)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    version = serializers.IntegerField(min_value=1)


class ChosenSerializer(serializers.Serializer[Any]):
    """An opportunity with the version it was read in."""

    id = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)


class ReassignSerializer(serializers.Serializer[Any]):
    """Which ones, to whom and why; ``with_customers``: their customers change hands as well."""

    opportunities = serializers.ListField(
        child=ChosenSerializer(), allow_empty=False, max_length=MOST_AT_ONCE
    )
    owner = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=120)
    with_customers = serializers.BooleanField(default=False)


class ReassignedSerializer(serializers.Serializer[Any]):
    """Those that changed hands; the others were there already."""

    reassigned = serializers.ListField(child=serializers.IntegerField())


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
        """A new one; 409 when one of this family is open with the customer (OPP-6)."""
        given = OpenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        customer = customer_in_reach(user=request.user, pk=values.pop("customer"))
        row = services.open_opportunity(customer=customer, by=request.user, **values)
        return _detail(request, opportunity_of(user=request.user, pk=row.pk), status=201)

    @extend_schema(
        operation_id="opportunity_move",
        request=MoveSerializer,
        responses=OpportunityDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """To another stage; 422 names what is missing, 409 that somebody was faster."""
        return _done(request, pk, services.move, MoveSerializer)

    @extend_schema(
        operation_id="opportunity_tick",
        request=TickSerializer,
        responses=OpportunityDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str) -> Response:
        """A check holds because the caller says what proves it."""
        return _done(request, pk, services.tick, TickSerializer)

    @extend_schema(
        operation_id="opportunity_lose",
        request=LoseSerializer,
        responses=OpportunityDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: str) -> Response:
        """It is lost."""
        return _done(request, pk, services.lose, LoseSerializer)

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


def _done(request: Request, pk: str, service: Any, shape: type[Any]) -> Response:
    opportunity_of(user=request.user, pk=int(pk))
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    service(opportunity_id=int(pk), by=request.user, **given.validated_data)
    return _detail(request, opportunity_of(user=request.user, pk=int(pk)))


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
        "customer_id", "pipeline", "family", "title", "months", "origin_mode", "stage",
        "stage_due_on", "state", "probability", "expected_on", "owner_id", "next_action",
        "next_on", "last_action_on", "lost_reason", "lost_to", "version",
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
