"""The weights of the score over the API: proposed by one person, put in force by another."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView, CursorPages
from crm.core.roles import Can
from products.models import MatchWeights
from products.selectors.weights import DEDUCTIONS, PARTS, weights_history
from products.services.weights import decide_weights, propose_weights

POINTS = (*PARTS, *DEDUCTIONS)


class WeightsSerializer(serializers.ModelSerializer[MatchWeights]):
    """A set of points: the parts sum to 100, deductions stand beside them."""

    proposed_by = serializers.StringRelatedField[Any]()
    decided_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = MatchWeights
        fields = (
            "id", "version", "state", *POINTS, "note", "proposed_by", "created_at", "decided_by",
            "decided_at",
        )  # fmt: skip
        read_only_fields = fields


class ProposedWeightsSerializer(serializers.ModelSerializer[MatchWeights]):
    """Every point of the new set, and why."""

    class Meta:
        model = MatchWeights
        fields = (*POINTS, "note")
        extra_kwargs: dict[str, Any] = {name: {"required": True} for name in POINTS} | {
            "note": {"required": True, "allow_blank": False}
        }


class DecideWeightsSerializer(serializers.Serializer[Any]):
    """What the second person says."""

    is_accepted = serializers.BooleanField()


class WeightsPages(CursorPages):
    """Sets, newest first."""

    ordering = ("-version",)


class WeightsViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[MatchWeights],
):
    """Sets of weights: the one in force, those that wait for a second person, those before."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_MATCHING
    queryset = MatchWeights.objects.none()
    serializer_class = WeightsSerializer
    pagination_class: type[CursorPagination] = WeightsPages
    filterset_fields = ("state",)

    def get_queryset(self) -> QuerySet[MatchWeights]:
        """Every set."""
        return weights_history()

    @extend_schema(request=ProposedWeightsSerializer, responses={201: WeightsSerializer})
    def create(self, request: Request) -> Response:
        """A proposed set; the same one again is answered as it stands. 422 for a wrong sum."""
        form = ProposedWeightsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        note = values.pop("note")
        row = propose_weights(values=values, note=note, by=request.user)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DecideWeightsSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """In force or rejected; 409 for who proposed it. What was decided on stays as it is."""
        form = DecideWeightsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = decide_weights(
            weights_id=self.get_object().pk, by=request.user, **form.validated_data
        )
        return Response(self.get_serializer(row).data)


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("match-weights", WeightsViewSet, basename="match-weights")
