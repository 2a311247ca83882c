"""Portraits over the API: values with unit, source, age, quality and reasons, as the pages say."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.masking import mask, reads_bands
from crm.core.roles import Can
from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec, FeatureSpec, Unit
from customers.models import Customer
from customers.selectors.customer import customer_header
from customers.selectors.portrait_page import current_portrait, declared_of, provenance
from customers.selectors.portrait_page_as_of import (
    parameters_needed,
    portrait_of_day,
    version,
    versions,
)
from customers.selectors.portrait_page_changes import Change, changes_between
from customers.selectors.portrait_reasons import Told, all_reasons, reasons
from customers.selectors.portrait_words import say
from customers.services.portrait_parameters import run_parameters
from customers.services.portrait_recompute import ask_recompute

FIRST_YEAR = 2000
MOST_VERSIONS = 100


class ReasonSerializer(serializers.Serializer[Any]):
    """Why a value is what it is."""

    code = serializers.CharField()
    text = serializers.CharField()
    state = serializers.CharField()
    contribution = serializers.FloatField(allow_null=True)


class FigureSerializer(serializers.Serializer[Any]):
    """One figure; ``value`` None is unknown, never zero."""

    key = serializers.CharField()
    label = serializers.CharField()
    dimension = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    unit = serializers.CharField()
    source = serializers.CharField()
    as_of = serializers.DateField(allow_null=True)
    quality = serializers.CharField()
    reasons = ReasonSerializer(many=True)


class PortraitSerializer(serializers.Serializer[Any]):
    """A portrait: its head and every figure."""

    customer = serializers.IntegerField()
    as_of = serializers.DateField()
    computed_at = serializers.DateTimeField()
    version_no = serializers.IntegerField()
    parameters = serializers.CharField()
    completeness = serializers.FloatField(allow_null=True)
    figures = FigureSerializer(many=True)


class VersionSerializer(serializers.Serializer[Any]):
    """A version that was kept."""

    version_no = serializers.IntegerField()
    as_of = serializers.DateField()
    computed_at = serializers.DateTimeField()
    trigger = serializers.CharField()
    is_material = serializers.BooleanField()


class ChangeSerializer(serializers.Serializer[Any]):
    """A figure that differs between two versions."""

    key = serializers.CharField()
    label = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
    unit = serializers.CharField()
    is_material = serializers.BooleanField()
    meaning = serializers.CharField()


class JobAnswerSerializer(serializers.Serializer[Any]):
    """The job that computes."""

    job = serializers.IntegerField()
    state = serializers.CharField()


class PortraitViewSet(CanView, viewsets.ViewSet):
    """The portrait of a customer in the caller's reach; whatever is outside is not there."""

    can = Can.VIEW_CUSTOMERS
    abilities = {"recompute": Can.RECOMPUTE_PORTRAITS}

    @extend_schema(
        operation_id="customers_portrait",
        parameters=[OpenApiParameter("as_of", date, description="A past day.")],
        responses=forced_singular_serializer(PortraitSerializer),
        filters=False,
    )
    def list(self, request: Request, customer_id: str) -> Response:
        """Every figure with unit, source, age, quality and reasons."""
        customer = _customer(request, customer_id)
        portrait = _portrait(request, customer)
        record_read(request.user, "customers.viewed", customer, surface="api")
        reader = _Reader(request)
        told = all_reasons(portrait, tell=reader.tell)
        declared = declared_of(customer, portrait.as_of)
        body = {
            "customer": customer.pk,
            "as_of": portrait.as_of,
            "computed_at": portrait.computed_at,
            "version_no": portrait.version_no,
            "parameters": portrait.parameters,
            "completeness": portrait.completeness,
            "figures": [
                reader.figure(column, portrait, declared, told.get(column.key, ()))
                for column in COLUMNS
                if column.label
            ],
        }
        return Response(PortraitSerializer(body).data)

    @extend_schema(operation_id="customers_portrait_figure", responses=FigureSerializer)
    @action(detail=False, url_path="figures/(?P<key>[a-z0-9_]+)")
    def figure(self, request: Request, customer_id: str, key: str) -> Response:
        """One figure; ``?as_of=`` as of a past day."""
        customer = _customer(request, customer_id)
        column = COLUMNS.get(key)
        if column is None or not column.label:
            raise Http404
        portrait = _portrait(request, customer)
        reader = _Reader(request)
        told = reasons(portrait, key, tell=reader.tell)
        body = reader.figure(column, portrait, declared_of(customer, portrait.as_of), told)
        return Response(FigureSerializer(body).data)

    @extend_schema(
        operation_id="customers_portrait_versions", responses=VersionSerializer(many=True)
    )
    @action(detail=False)
    def versions(self, request: Request, customer_id: str) -> Response:
        """The newest hundred versions, newest first."""
        customer = _customer(request, customer_id)
        rows = versions(user=request.user, customer=customer, most=MOST_VERSIONS)
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="customers_portrait_compare",
        parameters=[
            OpenApiParameter("from", int, required=True),
            OpenApiParameter("to", int, required=True),
        ],
        responses=ChangeSerializer(many=True),
    )
    @action(detail=False)
    def compare(self, request: Request, customer_id: str) -> Response:
        """Every figure that a fact moved between two versions, the weightiest first."""
        customer = _customer(request, customer_id)
        old, new = (_version(request, customer, name) for name in ("from", "to"))
        rows = [_change(_Reader(request), change) for change in changes_between(old, new)]
        return Response(ChangeSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="customers_portrait_recompute",
        request=None,
        responses={202: JobAnswerSerializer},
    )
    @action(detail=False, methods=["post"])
    def recompute(self, request: Request, customer_id: str) -> Response:
        """The portrait is computed again by a worker; 202 with its job."""
        job = ask_recompute(customer=_customer(request, customer_id), by=request.user)
        body = {"job": job.pk, "state": job.state}
        return Response(JobAnswerSerializer(body).data, status=status.HTTP_202_ACCEPTED)


def _customer(request: Request, customer_id: str) -> Customer:
    """The customer in reach, or 404."""
    return customer_header(user=request.user, customer_id=int(customer_id))


def _portrait(request: Request, customer: Customer) -> Any:
    """The stored portrait or that of ``?as_of=``; 404 before the first one."""
    day = _day(request.query_params.get("as_of", ""))
    if day is not None:
        named, parameters = run_parameters(day, parameters_needed())
        return portrait_of_day(customer, day, named, parameters)
    found = current_portrait(user=request.user, customer=customer)
    if found is None:
        raise Http404
    return found


def _version(request: Request, customer: Customer, name: str) -> Any:
    text = request.query_params.get(name, "")
    if not text.isdecimal() or len(text) > 9:
        raise exceptions.ValidationError({name: [_("A version number is needed.")]})
    found = version(user=request.user, customer=customer, number=int(text))
    if found is None:
        raise Http404
    return found


def _change(reader: _Reader, change: Change) -> dict[str, Any]:
    return {
        "key": change.column.key,
        "label": str(change.column.label),
        "old": reader.value(change.column, change.old),
        "new": reader.value(change.column, change.new),
        "unit": str(change.column.unit),
        "is_material": change.is_material,
        "meaning": change.meaning,
    }


class _Reader:
    """Values as this caller may read them: amounts as bands where the pages show bands."""

    def __init__(self, request: Request) -> None:
        self.is_masked = reads_bands(request.user)
        self.tell = self._told if self.is_masked else None

    def value(self, column: ColumnSpec, value: Any) -> Any:
        """The plain value, a band, or stars."""
        if value is None or not self.is_masked or column.data_class != "C2":
            return float(value) if column.unit == Unit.YUAN and value is not None else value
        if column.unit == Unit.YUAN:
            return mask("amount", max(value, 0), in_list=True)
        return "****"

    def _told(self, column: ColumnSpec, value: Any) -> str:
        return str(self.value(column, value)) if value is not None else say(column, None)

    def figure(self, column: ColumnSpec, portrait: Any, declared: Any, told: Any) -> dict[str, Any]:
        """One figure with all that stands beside it."""
        feature = column if isinstance(column, FeatureSpec) else None
        known = provenance(portrait, declared, feature) if feature else None
        return {
            "key": column.key,
            "label": str(column.label),
            "dimension": str(feature.dimension) if feature else "",
            "value": self.value(column, getattr(portrait, column.key)),
            "unit": str(column.unit),
            "source": known.source if known else "",
            "as_of": known.on if known else None,
            "quality": known.quality if known else "",
            "reasons": [_reason(one) for one in told],
        }


def _reason(one: Told) -> dict[str, Any]:
    return {
        "code": one.code,
        "text": one.text,
        "state": one.state,
        "contribution": one.contribution,
    }


def _day(text: str) -> date | None:
    """A past day, None for the present; 400 for what is neither."""
    if not text:
        return None
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today.replace(year=9999)
    if day.year < FIRST_YEAR or day > today:
        raise exceptions.ValidationError({"as_of": [_("A past day such as 2026-05-01 is needed.")]})
    return None if day == today else day
