"""The API of goals of units and branch strategies: the figures of the pages, to be read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.roles import Can
from marketing.models import BranchStrategy
from marketing.selectors.goals import Line, goal_sheet
from marketing.selectors.goals_units import place_of
from marketing.selectors.strategy import strategies_seen


class GoalSerializer(serializers.Serializer[Line]):
    """One goal: yuan, counts, days, or shares from 0 to 1; null where nothing can be told."""

    metric = serializers.CharField(source="metric.key")
    label = serializers.CharField(source="metric.label")
    unit = serializers.CharField(source="metric.unit")
    caliber = serializers.CharField(source="caliber_key")
    period_from = serializers.DateField()
    rows = serializers.IntegerField(source="parts.rows")
    actual = serializers.DecimalField(max_digits=30, decimal_places=6, allow_null=True)
    target = serializers.SerializerMethodField()
    expected = serializers.SerializerMethodField()
    gap = serializers.SerializerMethodField()
    needed_a_working_day = serializers.SerializerMethodField()
    light = serializers.CharField()

    def get_target(self, line: Line) -> float | None:
        """The goal in force."""
        return float(line.goal.target) if line.goal else None

    def get_expected(self, line: Line) -> float | None:
        """The time-proportional target."""
        return float(line.pace.expected) if line.pace else None

    def get_gap(self, line: Line) -> float | None:
        """What is still missing."""
        return float(line.pace.gap) if line.pace else None

    def get_needed_a_working_day(self, line: Line) -> float | None:
        """The gap over the working days left."""
        return None if line.pace is None or line.pace.a_day is None else float(line.pace.a_day)


class GoalViewSet(CanView, viewsets.ViewSet):
    """Goals of a unit in reach (``?unit=``), else of the highest one."""

    can = Can.VIEW_BOARD

    @extend_schema(
        parameters=[OpenApiParameter("unit", OpenApiTypes.STR)],
        responses=GoalSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every metric under the calibers of its goals."""
        place = place_of(request.user, request.query_params.get("unit", ""))
        sheet = goal_sheet(user=request.user, place=place, today=timezone.localdate())
        return Response(GoalSerializer(sheet.lines, many=True).data)


class StrategySerializer(serializers.ModelSerializer[BranchStrategy]):
    """A strategy as it stands; the mix in shares by family, the plan in customers by territory."""

    territory_plan = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    product_mix = serializers.DictField(child=serializers.CharField(), read_only=True)
    branch = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = BranchStrategy
        fields = (
            "id", "branch", "year", "positioning", "focus_industries", "focus_groups",
            "focus_families", "focus_territories", "territory_plan", "product_mix", "styles",
            "avoided", "goals", "state", "version",
        )  # fmt: skip


class StrategyViewSet(CanView, viewsets.ReadOnlyModelViewSet[BranchStrategy]):
    """Strategies of units in reach."""

    can = Can.VIEW_BOARD
    serializer_class = StrategySerializer
    queryset = BranchStrategy.objects.none()

    def get_queryset(self) -> QuerySet[BranchStrategy]:
        """What the user may see."""
        return strategies_seen(user=self.request.user)


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("goals", GoalViewSet, basename="goal")
    router.register("strategies", StrategyViewSet, basename="strategy")
