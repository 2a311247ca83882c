"""The ledger over the API: seven categories as the page shows them; facts and rows are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.masking import mask, reads_bands
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.features.declared import FACTS, FactType
from customers.ledger.words import PRIVATE, risks_for, sentences
from customers.models import Customer, Quality, Source
from customers.selectors.customer import customer_header
from customers.selectors.ledger_facts import Said, entity_rows
from customers.selectors.ledger_page import ledger_of
from customers.selectors.ledger_shape import Figure, Section
from customers.selectors.portrait_page import current_portrait
from customers.services.ledger import (
    Word,
    end_entity,
    mark_of,
    save_entity,
    say_facts,
)
from customers.services.ledger_rows import KINDS, WORD_FIELDS

HIDDEN = "****"
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The version read."
)


class SaidSerializer(serializers.Serializer[Any]):
    """A fact: who said it, what proves it. ``mark`` goes back with a change of it."""

    key = serializers.CharField()
    label = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    unit = serializers.CharField()
    as_of = serializers.DateField(allow_null=True)
    said_by = serializers.CharField()
    proof = serializers.CharField()
    source = serializers.CharField()
    quality = serializers.CharField()
    mark = serializers.CharField()


class DerivedSerializer(serializers.Serializer[Any]):
    """A derived figure with what is usual in the trade."""

    key = serializers.CharField()
    label = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    unit = serializers.CharField()
    usual = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class CategorySerializer(serializers.Serializer[Any]):
    """One of the seven categories; ``share`` from 0 to 1."""

    no = serializers.IntegerField()
    label = serializers.CharField()
    share = serializers.FloatField()
    is_asked = serializers.BooleanField()
    checked_on = serializers.DateField(allow_null=True)
    facts = SaidSerializer(many=True)
    figures = DerivedSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    questions = serializers.ListField(child=serializers.CharField())


class LedgerSerializer(serializers.Serializer[Any]):
    """The ledger of a customer."""

    customer = serializers.IntegerField()
    as_of = serializers.DateField()
    share = serializers.FloatField()
    categories = CategorySerializer(many=True)
    risks = serializers.ListField(child=serializers.CharField())


class FactsInSerializer(serializers.Serializer[Any]):
    """Facts to put on record together. Shares as ratios, amounts in yuan, codes by blanks."""

    values = serializers.DictField(child=serializers.JSONField(allow_null=True))
    as_of = serializers.DateField()
    said_by = serializers.CharField(max_length=60, allow_blank=True, default="")
    proof = serializers.CharField(max_length=200, allow_blank=True, default="")
    source = serializers.ChoiceField(choices=Source.choices, default=Source.VISIT)
    quality = serializers.ChoiceField(choices=Quality.choices, default=Quality.DECLARED)
    marks = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)

    def validate_values(self, values: dict[str, Any]) -> dict[str, Any]:
        """Numbers exactly, days as days; what does not fit is told with its key."""
        faults: dict[str, list[str]] = {}
        found: dict[str, Any] = {}
        for key, value in values.items():
            try:
                found[key] = _typed(key, value)
            except (ValueError, InvalidOperation, TypeError):
                faults[key] = [_("This value does not fit the fact.")]
        if faults:
            raise serializers.ValidationError(faults)
        return found


def _typed(key: str, value: Any) -> Any:
    fact = FACTS.get(key)
    if fact is None or value is None:
        return value
    if fact.type == FactType.NUMBER:
        if isinstance(value, bool):
            raise ValueError
        return Decimal(str(value))
    if not isinstance(value, str):
        raise ValueError
    return date.fromisoformat(value) if fact.type == FactType.DAY else value


class WithdrawSerializer(serializers.Serializer[Any]):
    """Facts to take back, each with its ``mark`` as it was read."""

    facts = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), allow_empty=False
    )


class SavedSerializer(serializers.Serializer[Any]):
    """Which facts were written."""

    facts = serializers.ListField(child=serializers.CharField())


class LedgerViewSet(CanView, viewsets.ViewSet):
    """The ledger of a customer in the caller's reach."""

    can = Can.VIEW_CUSTOMERS
    can_write = Can.EDIT_CUSTOMERS

    @extend_schema(
        operation_id="customers_ledger",
        responses=forced_singular_serializer(LedgerSerializer),
        filters=False,
    )
    def list(self, request: Request, customer_id: str) -> Response:
        """Seven categories with facts, figures, notes and open questions."""
        customer, today = _customer(request, customer_id), timezone.localdate()
        record_read(request.user, "customers.viewed", customer, surface="api")
        portrait = current_portrait(user=request.user, customer=customer)
        ledger = ledger_of(
            customer=customer, portrait=portrait, as_of=today, limits=parameters(today)
        )
        is_masked = reads_bands(request.user)
        body = {
            "customer": customer.pk,
            "as_of": today,
            "share": ledger.share,
            "categories": [_category(one, is_masked) for one in ledger.sections.values()],
            "risks": risks_for(ledger.pattern.risks, is_masked=is_masked),
        }
        return Response(LedgerSerializer(body).data)

    @extend_schema(
        operation_id="customers_ledger_say", request=FactsInSerializer, responses=SavedSerializer
    )
    def create(self, request: Request, customer_id: str) -> Response:
        """Facts are on record; 409 when ``marks`` say that one has moved since."""
        form = FactsInSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        written = say_facts(
            customer_id=_customer(request, customer_id).pk,
            values=data["values"],
            word=Word(**{name: data[name] for name in WORD_FIELDS}),
            by=request.user,
            marks=data.get("marks"),
        )
        body = {"facts": sorted(row.key for row in written)}
        return Response(SavedSerializer(body).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="customers_ledger_withdraw", request=WithdrawSerializer, responses={204: None}
    )
    @action(detail=False, methods=["post"])
    def withdraw(self, request: Request, customer_id: str) -> Response:
        """Facts count no more from today on; 409 when a mark says that one has moved since."""
        customer = _customer(request, customer_id)
        form = WithdrawSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        marks = form.validated_data["facts"]
        say_facts(
            customer_id=customer.pk,
            values={},
            word=Word(timezone.localdate()),
            by=request.user,
            marks=marks,
            withdrawn=tuple(marks),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _customer(request: Request, customer_id: str) -> Customer:
    return customer_header(user=request.user, customer_id=int(customer_id))


def _category(section: Section, is_masked: bool) -> dict[str, Any]:
    cover = section.cover
    is_covered = is_masked and section.category.key == "soft"
    return {
        "no": cover.no,
        "label": str(cover.label),
        "share": cover.share,
        "is_asked": cover.is_asked,
        "checked_on": cover.checked_on,
        "facts": [_said(one, is_masked) for one in section.said],
        "figures": [_figure(one, is_masked) for one in section.figures],
        "notes": [] if is_covered else sentences(section.notes),
        "questions": [str(ask.question) for ask in section.open_asks],
    }


def _said(said: Said, is_masked: bool) -> dict[str, Any]:
    fact, row, value = said.fact, said.row, said.value
    if value is not None and fact.is_sealed:
        value = HIDDEN
    elif value is not None and is_masked and fact.data_class == "C2":
        value = _band(value) if fact.unit == "yuan" else HIDDEN
    elif isinstance(value, Decimal):
        value = float(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return {
        "key": fact.key,
        "label": str(fact.label),
        "value": value,
        "unit": fact.unit or str(fact.type),
        "as_of": row.as_of if row else None,
        "said_by": row.said_by if row else "",
        "proof": row.evidence if row else "",
        "source": row.source if row else "",
        "quality": row.quality if row else "",
        "mark": "" if is_masked else mark_of(said),
    }


def _figure(figure: Figure, is_masked: bool) -> dict[str, Any]:
    value = figure.value
    if value is not None and is_masked and (figure.unit == "yuan" or figure.key in PRIVATE):
        value = _band(value) if figure.unit == "yuan" else HIDDEN
    elif isinstance(value, Decimal):
        value = float(value)
    elif value is not None and not isinstance(value, int | float):
        value = str(value)
    usual = figure.usual
    return {
        "key": figure.key,
        "label": str(figure.label),
        "value": value,
        "unit": figure.unit,
        "usual": [usual.low, usual.high] if usual else None,
    }


def _band(value: Any) -> str:
    return mask("amount", max(value, 0), in_list=True)


def _row_serializer(kind: str) -> type[serializers.ModelSerializer[Any]]:
    spec = KINDS[kind]

    def to_representation(self: Any, row: Any) -> dict[str, Any]:
        body: dict[str, Any] = serializers.ModelSerializer.to_representation(self, row)
        if reads_bands(self.context["request"].user):
            for name in ("yearly_amount", "batch_amount"):
                if body.get(name) is not None:
                    body[name] = _band(Decimal(body[name]))
        return body

    meta = type(
        "Meta",
        (),
        {
            "model": spec.model,
            "fields": ("id", *spec.fields, *WORD_FIELDS, "version"),
            "read_only_fields": ("id", "version"),
            "validators": (),
            "extra_kwargs": {"as_of": {"required": False}},
        },
    )
    body = {"Meta": meta, "__doc__": spec.model.__doc__, "to_representation": to_representation}
    return type(f"Ledger{spec.model.__name__}Serializer", (serializers.ModelSerializer,), body)


class LedgerRows(
    CanView, mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[Any]
):
    """Rows of one kind of one customer, those that stand today."""

    can = Can.VIEW_CUSTOMERS
    can_write = Can.EDIT_CUSTOMERS
    pagination_class = None
    filter_backends = ()
    kind = ""

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of a customer in reach that have not ended."""
        customer = _customer(self.request, self.kwargs["customer_id"])
        return entity_rows(customer=customer, model=KINDS[self.kind].model)

    def create(self, request: Request, customer_id: str) -> Response:
        """One more row."""
        return self._saved(request, customer_id, None, status.HTTP_201_CREATED)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, customer_id: str, pk: str) -> Response:
        """Changed values; 409 when somebody saved since the version in If-Match."""
        return self._saved(request, customer_id, self.get_object(), status.HTTP_200_OK)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, customer_id: str, pk: str) -> Response:
        """The row holds no more from today."""
        row = self.get_object()
        end_entity(
            customer_id=row.customer_id,
            kind=self.kind,
            pk=row.pk,
            version=_version(request),
            by=request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _saved(self, request: Request, customer_id: str, row: Any, code: int) -> Response:
        form = self.get_serializer(row, data=request.data, partial=row is not None)
        form.is_valid(raise_exception=True)
        given, spec = form.validated_data, KINDS[self.kind]
        blank = {"as_of": timezone.localdate(), "source": Source.VISIT, "quality": "declared"}
        words = {
            name: given.get(name, getattr(row, name) if row else blank.get(name, ""))
            for name in WORD_FIELDS
        }
        saved = save_entity(
            customer_id=_customer(request, customer_id).pk,
            kind=self.kind,
            values={name: given[name] for name in spec.fields if name in given},
            word=Word(**words),
            by=request.user,
            pk=row.pk if row else None,
            version=_version(request) if row else None,
        )
        body = self.get_serializer(saved).data
        return Response(body, status=code, headers={"ETag": f'"{body["version"]}"'})


def _version(request: Request) -> int:
    """The version in If-Match; without it nobody can tell what was overwritten."""
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not tag.isdecimal() or len(tag) > 9:
        text = _("Send the ETag of the version you read in If-Match.")
        raise exceptions.ValidationError({"If-Match": [text]})
    return int(tag)


def _rows_view(kind: str) -> type[LedgerRows]:
    model = KINDS[kind].model
    body = {
        "__doc__": model.__doc__,
        "kind": kind,
        "queryset": model._default_manager.none(),
        "serializer_class": _row_serializer(kind),
        "lookup_value_regex": "[0-9]{1,18}",
    }
    return type(f"Ledger{model.__name__}View", (LedgerRows,), body)


ROW_VIEWS = {
    "chain-links": _rows_view("links"),
    "procure-modes": _rows_view("procure"),
    "settle-modes": _rows_view("settle"),
}
