"""The API of suggestions and their precision."""

from __future__ import annotations

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
from crm.core.masking import reads_bands
from crm.core.roles import Can
from products.models import Suggestion
from products.selectors.precision import Line, precision_of
from products.selectors.suggestion_words import said, writer
from products.selectors.suggestions import (
    SuggestionPage,
    read_suggestion_query,
    suggestion_of,
    suggestion_page,
)
from products.services.suggestions import answer_suggestion, mark_seen

MOST_DIGITS = 9


class SuggestionReasonSerializer(serializers.Serializer[Any]):
    """Why, as a sentence; ``weight`` in points of the chance (0.05 is five)."""

    code = serializers.CharField()
    text = serializers.CharField()
    weight = serializers.FloatField()


class SuggestionSerializer(serializers.Serializer[Any]):
    """One suggestion; ``expected_amount`` is a band for readers who see bands on the pages."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    family = serializers.CharField()
    product = serializers.CharField()
    version = serializers.IntegerField()
    rank = serializers.IntegerField()
    chance = serializers.FloatField()
    expected_amount = serializers.CharField()
    state = serializers.CharField()
    manager = serializers.CharField()
    as_of = serializers.DateField()
    expires_on = serializers.DateField()
    decline_reason = serializers.CharField()
    token = serializers.CharField()
    reasons = SuggestionReasonSerializer(many=True)


class SuggestionPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are what follows the question mark."""

    results = SuggestionSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """``token`` as it was read; a declined one needs its reason."""

    token = serializers.CharField(required=False, allow_blank=True, max_length=60)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class DeclineSerializer(AnswerSerializer):
    """Why it will not be offered."""

    reason = serializers.ChoiceField(choices=Suggestion.Decline.choices)


class LineSerializer(serializers.Serializer[Any]):
    """Counts of one product, reason or month; shares with their 95 % intervals."""

    key = serializers.CharField()
    made = serializers.IntegerField()
    seen = serializers.IntegerField()
    accepted = serializers.IntegerField()
    declined = serializers.IntegerField()
    declined_by_reason = serializers.DictField(child=serializers.IntegerField())
    over = serializers.IntegerField()
    opened = serializers.IntegerField()
    accept_share = serializers.FloatField(allow_null=True)
    accept_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    open_share = serializers.FloatField(allow_null=True)
    open_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class BandSerializer(serializers.Serializer[Any]):
    """Chance told against what happened."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    told = serializers.FloatField(allow_null=True)
    opened = serializers.IntegerField()
    over = serializers.IntegerField()


class PrecisionSerializer(serializers.Serializer[Any]):
    """How suggestions of a year did in the caller's reach."""

    since = serializers.DateField()
    outcome_days = serializers.IntegerField()
    model = serializers.IntegerField(allow_null=True)
    total = LineSerializer()
    products = LineSerializer(many=True)
    reasons = LineSerializer(many=True)
    months = LineSerializer(many=True)
    bands = BandSerializer(many=True)


class SuggestionViewSet(CanView, viewsets.ViewSet):
    """Open suggestions in the caller's reach; whatever is outside is not there."""

    can = Can.VIEW_MATCHES
    can_write = Can.ANSWER_SUGGESTIONS
    abilities = {"precision": Can.VIEW_PRODUCTS}
    lookup_value_regex = f"[0-9]{{1,{MOST_DIGITS}}}"

    @extend_schema(
        operation_id="suggestions",
        parameters=[
            OpenApiParameter(name, kind)
            for name, kind in (("family", str), ("product", str), ("manager", int), ("at", str))
        ]
        + [OpenApiParameter("expiring", int, description="1: those that end within days.")],
        responses=forced_singular_serializer(SuggestionPageSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """The open ones, the highest expected value first; fifty a page."""
        query = read_suggestion_query(request.query_params)
        page = suggestion_page(user=request.user, query=query, today=timezone.localdate())
        mark_seen(suggestions=page.rows, by=request.user)
        return Response(SuggestionPageSerializer(_page(request, page)).data)

    @extend_schema(operation_id="suggestion", responses=SuggestionSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One suggestion with its reasons."""
        suggestion = suggestion_of(user=request.user, pk=int(pk))
        record_read(request.user, "customers.viewed", suggestion.customer, surface="api")
        return Response(SuggestionSerializer(_row(request, suggestion)).data)

    @extend_schema(
        operation_id="suggestion_accept", request=AnswerSerializer, responses=SuggestionSerializer
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """It will be offered."""
        return self._answer(request, pk, Suggestion.State.ACCEPTED, AnswerSerializer)

    @extend_schema(
        operation_id="suggestion_decline", request=DeclineSerializer, responses=SuggestionSerializer
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """It will not be offered, for a reason."""
        return self._answer(request, pk, Suggestion.State.DECLINED, DeclineSerializer)

    def _answer(
        self, request: Request, pk: str, answer: str, shape: type[AnswerSerializer]
    ) -> Response:
        suggestion_of(user=request.user, pk=int(pk))
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        answer_suggestion(suggestion_id=int(pk), by=request.user, answer=answer, **given.data)
        suggestion = suggestion_of(user=request.user, pk=int(pk))
        return Response(SuggestionSerializer(_row(request, suggestion)).data)

    @extend_schema(
        operation_id="suggestions_precision",
        parameters=[OpenApiParameter("model", int, description="One version; 0: no model.")],
        responses=forced_singular_serializer(PrecisionSerializer),
        filters=False,
    )
    @action(detail=False)
    def precision(self, request: Request) -> Response:
        """Made, seen, answered and opened, with intervals; counts only."""
        asked = request.query_params.get("model", "")
        model = int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else None
        found = precision_of(user=request.user, today=timezone.localdate(), model=model)
        body = {
            "since": found.since,
            "outcome_days": found.days,
            "model": found.active.version if found.active else None,
            "total": _line(found.total),
            "products": [_line(line) for line in found.products],
            "reasons": [_line(line) for line in found.reasons],
            "months": [_line(line) for line in found.months],
            "bands": [
                {
                    "low": band.low,
                    "high": band.high,
                    "told": band.told,
                    "opened": band.opening.part,
                    "over": band.opening.whole,
                }
                for band in found.bands
            ],
        }
        return Response(PrecisionSerializer(body).data)


def _page(request: Request, page: SuggestionPage) -> dict[str, Any]:
    return {
        "results": [_row(request, row) for row in page.rows],
        "next": page.next.address(place=page.next.place) if page.next else None,
        "previous": page.previous.address(place=page.previous.place) if page.previous else None,
    }


def _row(request: Request, row: Suggestion) -> dict[str, Any]:
    """One suggestion as this caller may read it."""
    write = writer(request.user)
    is_masked = reads_bands(request.user)
    return {
        "id": row.pk,
        "customer": row.customer_id,
        "customer_name": row.customer.name,
        "family": row.family,
        "product": row.version.product.code,
        "version": row.version.no,
        "rank": row.rank,
        "chance": row.chance,
        "expected_amount": write(row.expected_amount) if is_masked else str(row.expected_amount),
        "state": row.state,
        "manager": row.customer.manager.full_name if row.customer.manager else "",
        "as_of": row.as_of,
        "expires_on": row.expires_on,
        "decline_reason": row.decline_reason,
        "token": row.token,
        "reasons": [vars(one) for one in said(row.reasons, money=write)],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in ("key", "made", "seen", "accepted", "declined")},
        "declined_by_reason": line.why,
        "over": line.over,
        "opened": line.opened,
        "accept_share": line.accepting.value,
        "accept_interval": line.accepting.interval,
        "open_share": line.opening.value,
        "open_interval": line.opening.interval,
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("suggestions", SuggestionViewSet, basename="suggestion")
