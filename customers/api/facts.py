"""Facts over the API: one read-only list a kind, each row within the caller's reach."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from rest_framework import mixins, serializers, viewsets
from rest_framework.pagination import CursorPagination

from crm.core.api import CanView, CursorPages
from crm.core.months import month_label
from crm.core.roles import Can
from customers import models as tables
from customers.features.declared import FACTS

SEALED = [key for key, fact in FACTS.items() if fact.is_sealed]  # seen by reveal only
HIDDEN = {"pk", "batch", "batch_row", "ciphertext", "digest"}
# kind in the address -> model, newest-first order (unique, so that pages never overlap)
KINDS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "account-flows": (tables.AccountFlow, ("-ym", "-customer_id")),
    "deposits": (tables.DepositMonth, ("-ym", "-customer_id")),
    "line-use": (tables.LineUse, ("-ym", "-customer_id")),
    "acquiring": (tables.AcquiringMonth, ("-ym", "-customer_id")),
    "payroll": (tables.PayrollMonth, ("-ym", "-customer_id")),
    "social-security": (tables.SocialSecurityMonth, ("-ym", "-customer_id")),
    "electricity": (tables.ElectricityMonth, ("-ym", "-customer_id")),
    "channel-use": (tables.ChannelMonth, ("-ym", "-customer_id")),
    "invoices": (tables.Invoice, ("-issued_on", "-number", "-side", "-code")),
    "tax-years": (tables.TaxYear, ("-year", "-customer_id")),
    "bureau-summaries": (tables.BureauSummary, ("-queried_on", "-id")),
    "public-records": (tables.PublicRecord, ("-opened_on", "-id")),
    "certificates": (tables.Certificate, ("-valid_from", "-id")),
    "declared": (tables.DeclaredFact, ("-as_of", "-id")),
    "holdings": (tables.Holding, ("-opened_on", "-id")),
    "applications": (tables.LoanApplication, ("-applied_on", "-id")),
    "lines": (tables.CreditLine, ("-granted_on", "-id")),
    "loans": (tables.Loan, ("-drawn_on", "-id")),
    "instalments": (tables.Instalment, ("-due_on", "-loan_id", "-seq")),
    "repayments": (tables.Repayment, ("-paid_on", "-id")),
    "collateral": (tables.Collateral, ("-valued_on", "-id")),
    "chain-links": (tables.ChainLink, ("-as_of", "-id")),
    "procure-modes": (tables.ProcureMode, ("-as_of", "-id")),
    "settle-modes": (tables.SettleMode, ("-as_of", "-id")),
    "relations": (tables.Relation, ("-id",)),
    "consents": (tables.Consent, ("-from_on", "-id")),
}


def _has(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _serializer(model: type[models.Model]) -> type[serializers.ModelSerializer[Any]]:
    """Every column but lineage and sealed ones; a month number also as 2026-11."""
    names = [
        field.name
        for field in model._meta.concrete_fields
        if field.name not in HIDDEN and not isinstance(field, models.BinaryField)
    ]
    meta = type("Meta", (), {"model": model, "fields": names})
    body: dict[str, Any] = {"Meta": meta, "__doc__": model.__doc__}
    if "ym" in names:
        meta.fields = [*names, "month"]  # type: ignore[attr-defined]
        body["month"] = serializers.SerializerMethodField()
        body["get_month"] = _month
    return type(f"{model.__name__}FactSerializer", (serializers.ModelSerializer,), body)


def _month(self: object, row: Any) -> str:
    """The month as 2026-11."""
    return month_label(row.ym)


def _filters(model: type[models.Model], order: tuple[str, ...]) -> type[django_filters.FilterSet]:
    """By customer, by what kind of row it is, and by the date that orders the list."""
    dated = order[0].removeprefix("-")
    fields: dict[str, list[str]] = {"customer": ["exact"]}
    if dated != "id":
        fields[dated] = ["exact", "gte", "lte"]
    for name in ("side", "kind", "family", "key", "loan"):
        if _has(model, name):
            fields[name] = ["exact"]
    meta = type("Meta", (), {"model": model, "fields": fields})
    return type(f"{model.__name__}Filter", (django_filters.FilterSet,), {"Meta": meta})


class FactView(CanView, mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """One kind of fact, newest first."""

    can = Can.VIEW_FACTS
    model: type[models.Model]

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of the caller's customers."""
        rows = self.model._default_manager.all()
        if self.model is tables.DeclaredFact:
            rows = rows.exclude(key__in=SEALED)
        return rows.visible_to(self.request.user)  # type: ignore[attr-defined]


def _view(name: str) -> type[FactView]:
    model, order = KINDS[name]
    pages: type[CursorPagination] = type(
        f"{model.__name__}Pages", (CursorPages,), {"ordering": order}
    )
    body = {
        "__doc__": model.__doc__,
        "model": model,
        "queryset": model._default_manager.none(),
        "serializer_class": _serializer(model),
        "filterset_class": _filters(model, order),
        "pagination_class": pages,
    }
    return type(f"{model.__name__}View", (FactView,), body)


FACT_VIEWS: dict[str, type[FactView]] = {name: _view(name) for name in KINDS}
