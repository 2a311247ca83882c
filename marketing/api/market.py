"""The API of surveys, penetration and the coordination list."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.masking import reads_bands
from crm.core.roles import Can
from marketing.market.cells import DIMENSIONS, VIEWS
from marketing.market.survey import TABLES
from marketing.models import CoordinationItem, MarketSurvey
from marketing.selectors import coordination as lists
from marketing.selectors import survey as surveys
from marketing.selectors.penetration import Cell, Market
from marketing.services import coordination as work
from marketing.services.survey import SurveyHead, approve_survey, drop_survey, save_survey
from marketing.services.survey_lines import MOST, LineInput
from products.selectors.suggestion_words import writer


class SurveyLineSerializer(serializers.Serializer[Any]):
    """One count: table (kind, trade, age), value, count; a share (0 to 1) is compared with it."""

    table = serializers.ChoiceField(choices=TABLES.keys())
    value = serializers.CharField(max_length=24)
    count = serializers.IntegerField(min_value=0, max_value=MOST)
    new_count = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MOST
    )
    share = serializers.DecimalField(
        max_digits=9, decimal_places=6, required=False, allow_null=True, min_value=Decimal(0)
    )


class SurveySerializer(serializers.ModelSerializer[MarketSurvey]):
    """A survey with its lines, shares computed. ``version`` guards against lost updates."""

    branch = serializers.SlugRelatedField(slug_field="code", queryset=surveys.every_unit())
    region = serializers.SlugRelatedField(slug_field="code", queryset=surveys.every_region())
    territory = serializers.SlugRelatedField(
        slug_field="code", queryset=surveys.every_territory(), required=False, allow_null=True
    )
    lines = SurveyLineSerializer(many=True, write_only=True)

    class Meta:
        model = MarketSurvey
        fields = (
            "id", "branch", "region", "territory", "as_of", "source", "confidence", "note",
            "state", "made_by", "approved_by", "approved_at", "version", "lines",
        )  # fmt: skip
        read_only_fields = ("state", "made_by", "approved_by", "approved_at", "version")

    def to_representation(self, instance: MarketSurvey) -> dict[str, Any]:
        """The head; one survey also with its lines."""
        told = dict(super().to_representation(instance))
        if self.context.get("with_lines"):
            told["lines"] = [
                {
                    "table": table.key,
                    "value": line.value,
                    "count": line.count,
                    "new_count": line.new_count,
                    "share": None if line.share is None else round(float(line.share), 6),
                }
                for table in surveys.survey_tables(instance)
                for line in table.lines
            ]
        return told


class SurveyVersionSerializer(serializers.Serializer[Any]):
    """The row as it was read."""

    version = serializers.IntegerField(min_value=1)


class SurveyViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[MarketSurvey],
):
    """Surveys of the own units, and the approved ones of the units above."""

    can = Can.VIEW_BOARD
    can_write = Can.EDIT_GOALS
    abilities: ClassVar[dict[str, Can]] = {"approve": Can.APPROVE_GOALS}
    serializer_class = SurveySerializer
    queryset = MarketSurvey.objects.none()
    filterset_fields = ("region", "state", "source")

    def get_queryset(self) -> QuerySet[MarketSurvey]:
        """What the user may read."""
        return surveys.surveys_for(user=self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        """Lines are read for one survey, not for a list of them."""
        return {**super().get_serializer_context(), "with_lines": self.action != "list"}

    def create(self, request: Request) -> Response:
        """A draft; shares that disagree with the counts are refused (CUS-5)."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(self.get_serializer(self._save(form)).data, status=201)

    def update(self, request: Request, pk: str | None = None) -> Response:
        """The draft says this; 409 when somebody else saved it since ``version``."""
        found = self.get_object()
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        seen = SurveyVersionSerializer(data=request.data)
        seen.is_valid(raise_exception=True)
        row = self._save(form, survey_id=found.pk, version=seen.validated_data["version"])
        return Response(self.get_serializer(row).data)

    def _save(self, form: Any, **which: Any) -> MarketSurvey:
        given = dict(form.validated_data)
        lines = [LineInput(**line) for line in given.pop("lines")]
        head = SurveyHead(**{"territory": None, **given})
        return save_survey(head=head, lines=lines, by=self.request.user, **which)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """The draft is gone."""
        drop_survey(survey_id=self.get_object().pk, by=request.user)
        return Response(status=204)

    @extend_schema(request=SurveyVersionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """The survey counts from now on; never by whoever wrote it."""
        form = SurveyVersionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = approve_survey(
            survey_id=self.get_object().pk, version=form.validated_data["version"], by=request.user
        )
        return Response(self.get_serializer(row).data)


class PenetrationViewSet(CanView, viewsets.ViewSet):
    """``?by=kind&view=holders``: ours over the market, cell by cell, within reach (e.8)."""

    can = Can.VIEW_BOARD

    @extend_schema(responses={200: dict})
    def list(self, request: Request) -> Response:
        """The cells of one dimension (kind, trade, age, party, territory).

        None while ``is_current`` is false: units changed since the count.
        """
        by, view = request.query_params.get("by", "kind"), request.query_params.get("view", "")
        if by not in DIMENSIONS:
            raise serializers.ValidationError({"by": DIMENSIONS.keys()})
        market = Market(user=request.user, today=timezone.localdate())
        cells = market.cells(by, view if view in dict(VIEWS) else "holders")
        told = {"counted_at": market.counted_at, "is_current": market.is_current}
        return Response(told | {"cells": [_cell(one) for one in cells]})


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "dimension": cell.dimension,
        "place": cell.place,
        "value": cell.value,
        "market": cell.market.count,
        "ours": cell.count,
        "known": cell.ours.known,
        "penetration": cell.penetration,
        "bank_penetration": cell.bank_penetration,
        "bank_average": cell.average,
        "share_of_new": cell.share_of_new,
        "index": cell.index,
        "survey": cell.market.survey.pk,
        "survey_as_of": cell.market.survey.as_of,
        "is_old": cell.standing.is_old,
        "is_doubtful": cell.standing.is_doubtful,
    }


class ItemSerializer(serializers.ModelSerializer[CoordinationItem]):
    """A firm of a list, with its clock while it is open."""

    name = serializers.CharField(source="customer.name", read_only=True)
    light = serializers.SerializerMethodField()

    class Meta:
        model = CoordinationItem
        fields = (
            "id", "customer", "name", "list_no", "kind", "town", "source_team", "received_on",
            "contact_due_on", "contacted_on", "due_on", "wanted_amount", "state", "light",
            "checks", "owner", "refusal", "is_repairable", "help_steps", "retry_on",
            "approved_amount", "decision_note", "decided_at", "version",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: CoordinationItem) -> dict[str, Any]:
        """Amounts are bands for who reads bands."""
        told = dict(super().to_representation(instance))
        if reads_bands(self.context["request"].user):
            write = writer(self.context["request"].user)
            for name in ("wanted_amount", "approved_amount"):
                told[name] = None if told[name] is None else write(told[name])
        return told

    def get_light(self, row: CoordinationItem) -> str | None:
        """green, amber, red, over; null once it is decided."""
        found = lists.clock_of(row, today=timezone.localdate(), limits=self.context["limits"]())
        return found.light if found else None


class ListDecisionSerializer(serializers.Serializer[Any]):
    """What was decided: approved with an amount, refused or helped with a reason."""

    version = serializers.IntegerField(min_value=1)
    state = serializers.ChoiceField(choices=["approved", "refused", "helped"])
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, required=False, allow_null=True, default=None
    )
    refusal = serializers.ChoiceField(
        choices=CoordinationItem.Refusal.choices, required=False, allow_blank=True, default=""
    )
    steps = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    retry_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class ChecksSerializer(serializers.Serializer[Any]):
    """Answers by check: yes, no or unknown (VIS-4)."""

    version = serializers.IntegerField(min_value=1)
    answers = serializers.DictField(child=serializers.ChoiceField(["yes", "no", "unknown"]))


class ListContactSerializer(serializers.Serializer[Any]):
    """The day of the first contact."""

    on = serializers.DateField()


class ItemViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[CoordinationItem],
):
    """Firms on the coordination lists, within reach."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.WORK_COORDINATION
    serializer_class = ItemSerializer
    queryset = CoordinationItem.objects.none()
    filterset_fields = ("list_no", "kind", "state", "town", "refusal", "owner")

    def get_serializer_context(self) -> dict[str, Any]:
        """With the spans of the list, read once and only when a row asks."""
        limits = cache(lambda: lists.list_limits(timezone.localdate()))
        return {**super().get_serializer_context(), "limits": limits}

    def get_queryset(self) -> QuerySet[CoordinationItem]:
        """The items the user sees."""
        return lists.items_in_reach(user=self.request.user).select_related("customer")

    @extend_schema(request=ListContactSerializer)
    @action(detail=True, methods=["post"])
    def contact(self, request: Request, pk: str | None = None) -> Response:
        """The first contact is on record."""
        form = ListContactSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        item = self.get_object()
        row = work.note_contact(item_id=item.pk, by=request.user, on=form.validated_data["on"])
        return Response(self.get_serializer(row).data)

    @extend_schema(request=ChecksSerializer)
    @action(detail=True, methods=["post"])
    def checks(self, request: Request, pk: str | None = None) -> Response:
        """The five checks say this."""
        form = ChecksSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        item = self.get_object()
        row = work.answer_checks(item_id=item.pk, by=request.user, **form.validated_data)
        return Response(self.get_serializer(row).data)

    @extend_schema(request=ListDecisionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """The item is decided."""
        form = ListDecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        version = given.pop("version")
        can_repair = {"refused": False, "helped": True}.get(given["state"])
        decision = work.Decision(is_repairable=can_repair, **given)
        item = self.get_object()
        row = work.decide(item_id=item.pk, version=version, decision=decision, by=request.user)
        return Response(self.get_serializer(row).data)


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("market-surveys", SurveyViewSet, basename="market-survey")
    router.register("penetration", PenetrationViewSet, basename="penetration")
    router.register("coordination-items", ItemViewSet, basename="coordination-item")
