"""The API of visits: the list, one visit, and saving once what a device wrote."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.masking import mask, reads_bands
from crm.core.roles import Can
from customers.models import ChainLink, ProcureMode, ProductFamily, SettleMode
from customers.services.ledger_rows import KINDS
from marketing.forms.visit_words import entry_from
from marketing.models import Purpose, Visit, VisitFact, VisitPhoto
from marketing.selectors.visits import (
    VisitPage,
    read_visit_query,
    visit_by_key,
    visit_of,
    visit_page,
)
from marketing.selectors.visits_facts import fact_words
from marketing.selectors.visits_pocket import pocket
from marketing.services.visit_photos import add_photo
from marketing.services.visits import VisitConflict, log_visit

MOST_DIGITS = 9
AMOUNTS = frozenset({"yearly_amount", "batch_amount"})
PLAIN = (
    "id", "key", "purpose", "started_at", "ended_at", "whom_met", "summary", "need", "mood",
    "objections", "promise", "promise_on", "next_step", "next_on", "closed_reason", "companions",
    "coordination_checks", "checked_in_at", "accuracy_m", "fix_age_s", "fix_source", "distance_m",
    "far_reason", "was_offline", "received_at", "facts_said", "quality", "flags", "opportunity",
    "version",
)  # fmt: skip


class VisitFactSerializer(serializers.ModelSerializer[VisitFact]):
    """One fact with who said it and what proves it."""

    words = serializers.SerializerMethodField()

    class Meta:
        model = VisitFact
        fields = ("key", "category", "value", "words", "said_by", "proof")

    def get_words(self, row: VisitFact) -> str:
        """The value in words."""
        return fact_words(row.key, row.value)


class RowKeptSerializer(serializers.Serializer[Any]):
    """A row of the ledger as it was told at the visit; ``values`` by field."""

    kind = serializers.CharField()
    values = serializers.DictField()
    said_by = serializers.CharField()
    proof = serializers.CharField()

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Amounts are bands for who reads bands."""
        body: dict[str, Any] = super().to_representation(row)
        if reads_bands(self.context["user"]):
            values = body["values"] = dict(body["values"])
            for name in AMOUNTS & values.keys():
                values[name] = mask("amount", Decimal(values[name]), in_list=True)
        return body


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A visit as it stands."""

    customer = serializers.IntegerField(source="customer_id")
    customer_name = serializers.CharField(source="customer.name")
    manager = serializers.CharField(source="manager.full_name")
    url = serializers.CharField(source="get_absolute_url")
    facts = VisitFactSerializer(many=True)
    rows = RowKeptSerializer(source="rows_said", many=True)

    class Meta:
        model = Visit
        fields = (*PLAIN, "customer", "customer_name", "manager", "url", "facts", "rows")


class VisitPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are what follows the question mark."""

    results = VisitSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


def _chosen(choices: Sequence[tuple[str, Any]]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(choices), required=False, allow_blank=True)


def _exact(digits: int, places: int) -> serializers.DecimalField:
    return serializers.DecimalField(digits, places, required=False, allow_null=True)


def _whole() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=10_000, required=False, allow_null=True)


class FactSaidSerializer(serializers.Serializer[Any]):
    """A fact in base units: yuan, shares (0.25), days as 2026-11-21, codes."""

    key = serializers.CharField(max_length=32)
    value = serializers.JSONField()
    said_by = serializers.CharField(max_length=60, required=False, allow_blank=True)
    proof = serializers.CharField(max_length=200, required=False, allow_blank=True)


class RowSaidSerializer(serializers.Serializer[Any]):
    """A supplier or buyer (links), a manner of purchase (procure) or of settlement (settle).

    Only the fields of its kind count; shares as ratios, amounts in yuan. What stands already of
    the same partner, item or manner takes what is told.
    """

    kind = serializers.ChoiceField(choices=[(key, spec.label) for key, spec in KINDS.items()])
    side = _chosen(ChainLink.Side.choices)
    counterparty_name = _text(120)
    goods = _text(80)
    yearly_amount = _exact(18, 2)
    years = _whole()
    has_contract = serializers.BooleanField(required=False, allow_null=True)
    is_core = serializers.BooleanField(required=False)
    replaceable = _whole()
    item = _text(80)
    mode = _chosen([*ProcureMode.Mode.choices, *SettleMode.Mode.choices])
    batch_amount = _exact(18, 2)
    every_days = _whole()
    price_term = _chosen(ProcureMode.PriceTerm.choices)
    direction = _chosen(SettleMode.Direction.choices)
    bank = _chosen(SettleMode.Bank.choices)
    share = _exact(9, 6)
    term_days = _whole()
    said_by = _text(60)
    proof = _text(200)


class FixSerializer(serializers.Serializer[Any]):
    """A position: degrees, metres, seconds."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    accuracy_m = serializers.FloatField(required=False, allow_null=True, min_value=0)
    age_s = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2_000_000_000
    )
    source = serializers.ChoiceField(choices=Visit.FixSource.choices, default="device")
    at = serializers.DateTimeField(required=False, allow_null=True)


class HeardSerializer(serializers.Serializer[Any]):
    """A need that becomes an opportunity."""

    family = serializers.ChoiceField(choices=ProductFamily.choices)
    amount = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    months = serializers.IntegerField(min_value=1, max_value=360, required=False, allow_null=True)


class SeenSerializer(serializers.Serializer[Any]):
    """What a competitor offers here; the rate is a yearly share."""

    competitor = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    name = serializers.CharField(max_length=60)
    family = serializers.ChoiceField(choices=ProductFamily.choices)
    rate_min = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=0, max_value=1, required=False, allow_null=True
    )
    amount_max = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    evidence = serializers.CharField(max_length=200)


class VisitEntrySerializer(serializers.Serializer[Any]):
    """One visit as a device wrote it. Rules such as the next step are checked by the service."""

    key = serializers.UUIDField()
    customer = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    whom_met = serializers.CharField(allow_blank=True, required=False)
    summary = serializers.CharField(allow_blank=True, required=False)
    next_step = serializers.CharField(allow_blank=True, required=False)
    next_on = serializers.DateField(required=False, allow_null=True)
    closed_reason = serializers.CharField(allow_blank=True, required=False)
    need = serializers.CharField(allow_blank=True, required=False)
    heard = HeardSerializer(required=False, allow_null=True)
    mood = serializers.ChoiceField(choices=Visit.Mood.choices, required=False, allow_null=True)
    objections = serializers.ListField(
        child=serializers.ChoiceField(choices=Visit.Objection.choices), required=False
    )
    promise = serializers.CharField(allow_blank=True, required=False)
    promise_on = serializers.DateField(required=False, allow_null=True)
    companions = serializers.CharField(allow_blank=True, required=False)
    facts = FactSaidSerializer(many=True, required=False)
    rows = RowSaidSerializer(many=True, required=False)
    competitor = SeenSerializer(required=False, allow_null=True)
    coordination_checks = serializers.DictField(child=serializers.CharField(), required=False)
    fix = FixSerializer(required=False, allow_null=True)
    far_reason = serializers.CharField(allow_blank=True, required=False)
    was_offline = serializers.BooleanField(default=False)
    author = serializers.IntegerField(
        required=False, help_text="Who wrote it on the device; nobody else may send it."
    )


class DeviceSerializer(serializers.Serializer[Any]):
    """The signed-in user and a token for writing."""

    user = serializers.IntegerField()
    mayLog = serializers.BooleanField()
    csrf = serializers.CharField()


class PocketSerializer(serializers.Serializer[Any]):
    """What a device carries: small briefs without amounts."""

    results = serializers.ListField(child=serializers.DictField())


class PhotoAddSerializer(serializers.Serializer[Any]):
    """A picture as the camera wrote it."""

    key = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=VisitPhoto.Kind.choices)
    photo = serializers.FileField()


class PhotoSerializer(serializers.ModelSerializer[VisitPhoto]):
    """A photo with its hash and capture time."""

    class Meta:
        model = VisitPhoto
        fields = ("id", "key", "kind", "sha256", "taken_at", "byte_count")


class VisitConflictSerializer(serializers.Serializer[Any]):
    """The key is taken by other words; ``kept`` is what stands."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    kept = VisitSerializer(allow_null=True)


class VisitViewSet(CanView, viewsets.ViewSet):
    """Visits in the caller's reach; whatever is outside is not there."""

    can = Can.VIEW_FIELD_WORK
    can_write = Can.LOG_VISITS
    abilities = {"device": Can.USE_SHELL, "pocket": Can.LOG_VISITS}
    lookup_value_regex = f"[0-9]{{1,{MOST_DIGITS}}}"

    @extend_schema(
        operation_id="visits",
        parameters=[
            OpenApiParameter(name, kind)
            for name, kind in (
                ("purpose", str), ("days", str), ("manager", int), ("customer", int),
                ("flagged", int), ("at", str),
            )
        ],
        responses=forced_singular_serializer(VisitPageSerializer),
        filters=False,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        """Visits, the newest first; fifty a page."""
        query = read_visit_query(request.query_params)
        page = visit_page(user=request.user, query=query, today=timezone.localdate())
        return Response(VisitPageSerializer(_page(page), context={"user": request.user}).data)

    @extend_schema(operation_id="visit", responses=VisitSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One visit with its facts."""
        visit = visit_of(user=request.user, pk=int(pk))
        record_read(request.user, "customers.viewed", visit.customer, surface="api")
        return Response(VisitSerializer(visit, context={"user": request.user}).data)

    @extend_schema(
        operation_id="visit_log",
        request=VisitEntrySerializer,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER,
                description="The key of the visit again; it must be the same as in the body.",
            )
        ],
        responses={
            201: VisitSerializer, 200: VisitSerializer, 409: VisitConflictSerializer,
        },
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Saved once: 201 the first time, 200 when it stood already, 409 with other words."""
        given = VisitEntrySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        header = request.headers.get("Idempotency-Key", "")
        if header and header.lower() != str(data["key"]):
            raise DomainError(_("The key in the head differs from that in the body."), status=422)
        if data.get("author", request.user.pk) != request.user.pk:
            raise DomainError(_("Somebody else wrote this visit; only they send it."), status=409)
        stood = visit_by_key(user=request.user, key=str(data["key"])) is not None
        try:
            visit = log_visit(entry=entry_from(data), by=request.user)
        except VisitConflict as conflict:
            return _conflict(request, conflict)
        code = status.HTTP_200_OK if stood else status.HTTP_201_CREATED
        kept = visit_of(user=request.user, pk=visit.pk)
        return Response(VisitSerializer(kept, context={"user": request.user}).data, status=code)

    @extend_schema(operation_id="visits_device", responses=DeviceSerializer, filters=False)
    @action(detail=False)
    def device(self, request: Request) -> Response:
        """Who is signed in on this device, with a token that its queue may use."""
        body = {
            "user": request.user.pk,
            "mayLog": request.user.can(Can.LOG_VISITS),
            "csrf": get_token(request._request),
        }
        return Response(body, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="visits_pocket", responses=PocketSerializer, filters=False)
    @action(detail=False)
    def pocket(self, request: Request) -> Response:
        """Small briefs of today's stops and lately opened customers, to carry without a network."""
        rows = pocket(user=request.user, today=timezone.localdate())
        record_read(request.user, "marketing.pocket_packed", customers=[row["id"] for row in rows])
        return Response({"results": rows}, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="visit_photo_add",
        request={"multipart/form-data": PhotoAddSerializer},
        responses={201: PhotoSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def photos(self, request: Request, pk: str) -> Response:
        """One photo of the own visit; the same key with the same picture is the same photo."""
        given = PhotoAddSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        photo = add_photo(
            visit_id=int(pk), key=data["key"], kind=data["kind"], data=data["photo"],
            by=request.user,
        )  # fmt: skip
        return Response(PhotoSerializer(photo).data, status=status.HTTP_201_CREATED)


def _page(page: VisitPage) -> dict[str, Any]:
    return {
        "results": page.rows,
        "next": page.next.address(place=page.next.place)[1:] if page.next else None,
        "previous": page.previous.address(place=page.previous.place)[1:] if page.previous else None,
    }


def _conflict(request: Request, conflict: VisitConflict) -> Response:
    """Both versions can be shown: the answer carries the one that stands."""
    kept = visit_of(user=request.user, pk=conflict.kept.pk) if conflict.kept else None
    body = {
        "type": "about:blank",
        "title": str(conflict.message),
        "status": conflict.status,
        "kept": VisitSerializer(kept, context={"user": request.user}).data if kept else None,
    }
    return Response(body, status=conflict.status, content_type="application/problem+json")


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("visits", VisitViewSet, basename="visit")
