"""The API of competitors and comparison: facts with source and age, costs side by side."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.roles import Can
from products.forms.compare import CompareForm
from products.models import Competitor, CompetitorNote, CompetitorProduct
from products.selectors import competitors as selectors
from products.selectors.compare import Comparison, comparison
from products.selectors.compare_choice import offers_of
from products.services import competitors as services


class CompetitorSerializer(serializers.ModelSerializer[Competitor]):
    """A competitor."""

    class Meta:
        model = Competitor
        fields = ("id", "name", "kind", "outlets", "style")
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "name": {"validators": []}
        }  # a second call answers with the first row


class FactsSerializer(serializers.ModelSerializer[CompetitorProduct]):
    """What was seen of one product. Amounts in yuan, rates as yearly shares; rows are never
    overwritten: the newest valid one counts."""

    age = serializers.SerializerMethodField()

    class Meta:
        model = CompetitorProduct
        fields = ("id", "competitor", *services.FACTS, "age", "added_at")
        read_only_fields = ("added_at",)
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "valid_until": {"required": False},
            "evidence": {"required": True},
        }

    def get_age(self, row: CompetitorProduct) -> str:
        """valid, expiring or expired today."""
        today = timezone.localdate()
        return selectors.age_of(row, today, self.context["expiring_days"]()).key


class CompetitorNoteSerializer(serializers.ModelSerializer[CompetitorNote]):
    """A dated note on one side of a competitor."""

    class Meta:
        model = CompetitorNote
        fields = ("id", "competitor", "topic", "text", "noted_on", "by", "at")
        read_only_fields = ("by", "at")


class CompetitorViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Competitor],
):
    """Competitors here."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_COMPETITORS
    serializer_class = CompetitorSerializer
    queryset = Competitor.objects.none()

    def get_queryset(self) -> QuerySet[Competitor]:
        """All of them."""
        return selectors.competitors()

    def create(self, request: Request) -> Response:
        """A competitor by its name; one that is known is answered as it stands."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = services.add_competitor(by=request.user, **form.validated_data)
        return Response(self.get_serializer(row).data, status=201)


class CompetitorProductViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[CompetitorProduct],
):
    """Products of competitors as they were seen; the list holds the record that counts of each."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.ADD_COMPETITOR_FACTS
    serializer_class = FactsSerializer
    queryset = CompetitorProduct.objects.none()
    filterset_fields = ("competitor", "family", "source")

    def get_serializer_context(self) -> dict[str, Any]:
        """With the parameter that ages need, read once and only when a row asks."""
        days = cache(lambda: selectors.expiring_days(timezone.localdate()))
        return {**super().get_serializer_context(), "expiring_days": days}

    def get_queryset(self) -> QuerySet[CompetitorProduct]:
        """What counts today; any record by its number."""
        if self.action == "retrieve":
            return selectors.all_products()
        return selectors.current_products(timezone.localdate())

    def create(self, request: Request) -> Response:
        """What was seen is added; source, day and evidence are needed."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        owner = facts.pop("competitor")
        row = services.add_facts(competitor_id=owner.pk, by=request.user, facts=facts)
        return Response(self.get_serializer(row).data, status=201)


class CompetitorNoteViewSet(
    CanView, mixins.ListModelMixin, viewsets.GenericViewSet[CompetitorNote]
):
    """Dated notes: product analysis, marketing, risk and compliance, cooperation."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.ADD_COMPETITOR_FACTS
    serializer_class = CompetitorNoteSerializer
    queryset = CompetitorNote.objects.none()
    filterset_fields = ("competitor", "topic")

    def get_queryset(self) -> QuerySet[CompetitorNote]:
        """Every note."""
        return selectors.notes()

    def create(self, request: Request) -> Response:
        """The note stands under its topic and day."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        note = dict(form.validated_data)
        owner = note.pop("competitor")
        row = services.add_note(competitor_id=owner.pk, by=request.user, **note)
        return Response(self.get_serializer(row).data, status=201)


class CompareViewSet(CanView, viewsets.ViewSet):
    """``?c1=v12&c2=p3&amount=30&months=12``: up to four products for one case.

    c1 to c4: v and a version of ours, or p and a record of theirs; amount in 10,000 yuan.
    """

    can = Can.VIEW_PRODUCTS

    @extend_schema(responses={200: dict})
    def list(self, request: Request) -> Response:
        """Columns with their cost, rows with their cells, the best of each row marked."""
        today = timezone.localdate()
        form = CompareForm(request.query_params, today=today)
        if not form.is_valid():
            raise serializers.ValidationError(form.errors)
        found = comparison(
            offers_of(form.keys(), today), form.case(), mode=form.cleaned_data["mode"]
        )
        return Response(compared(found))


def compared(found: Comparison) -> dict[str, Any]:
    """The comparison as plain values."""
    columns = [
        {
            "key": one.offer.key,
            "name": one.offer.name,
            "owner": str(one.offer.owner),
            "is_valid": one.offer.counts,
            "all_in": one.all_in,
            "mode": one.side.mode if one.side else None,
        }
        for one in found.columns
    ]
    lines = [
        {
            "key": line.key,
            "label": line.label,
            "cells": [
                {"text": cell.text, "note": cell.note, "is_best": cell.is_best}
                for cell in line.cells
            ],
        }
        for line in found.lines
    ]
    case = {"amount": found.case.amount, "months": found.case.months}
    return {"case": case, "columns": columns, "lines": lines}


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("competitors", CompetitorViewSet, basename="competitor")
    router.register("competitor-products", CompetitorProductViewSet, basename="competitor-product")
    router.register("competitor-notes", CompetitorNoteViewSet, basename="competitor-note")
    router.register("compare", CompareViewSet, basename="compare")
