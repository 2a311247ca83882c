"""Quotes over the API: made once a key, and read within reach."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView, CursorPages
from crm.core.audit import record_read
from crm.core.roles import Can
from customers.features.declared import REPAYMENT_MODES
from products.models import Quote
from products.selectors.quotes import (
    customer_line,
    customer_side,
    quotes_in_reach,
    sees_bank_side,
)
from products.services.quotes import MOST_LINES, LineInput, make_quote_of


class QuoteLineSerializer(serializers.Serializer[Any]):
    """One product: what is left out starts at the version's own value for this customer."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    is_taken = serializers.BooleanField(default=True)
    amount = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    months = serializers.IntegerField(min_value=1, max_value=600, required=False, allow_null=True)
    rate = serializers.DecimalField(  # a share, without the bundle: 0.0435 is 4.35 %
        max_digits=9, decimal_places=6, min_value=0, required=False, allow_null=True
    )
    mode = serializers.ChoiceField(choices=REPAYMENT_MODES, required=False, allow_blank=True)


class NewQuoteSerializer(serializers.Serializer[Any]):
    """A quote to be made. The same ``key`` again gives the quote that was made with it."""

    customer = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    bundle = serializers.CharField(required=False, allow_blank=True, max_length=16)
    key = serializers.CharField(max_length=36)
    # The stubs know the bounds of one serializer only, not those of the list that many=True makes.
    lines = QuoteLineSerializer(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    """A quote as it was frozen: lines and both sides' figures, amounts in yuan as text."""

    bundle = serializers.CharField(
        source="bundle_version.bundle.code", default=None, allow_null=True, read_only=True
    )
    bundle_no = serializers.IntegerField(
        source="bundle_version.no", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Quote
        fields = (
            "id", "customer", "bundle", "bundle_no", "as_of", "valid_until", "lines", "figures",
            "made_by", "made_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Quote) -> dict[str, Any]:
        """Without the bank's side for who may not read it."""
        data: dict[str, Any] = super().to_representation(instance)
        if not sees_bank_side(self.context["request"].user):
            data["figures"] = customer_side(data["figures"])
            data["lines"] = [customer_line(line) for line in data["lines"]]
        return data


class QuotePages(CursorPages):
    """Quotes, newest first."""

    ordering = ("-made_at", "-id")


class QuoteViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Quote],
):
    """Quotes for the customers in reach."""

    can = Can.VIEW_MATCHES
    can_write = Can.MAKE_QUOTES
    queryset = Quote.objects.none()
    serializer_class = QuoteSerializer
    pagination_class: type[CursorPagination] = QuotePages
    filterset_fields = ("customer",)

    def get_queryset(self) -> QuerySet[Quote]:
        """The rows of the caller's customers."""
        return quotes_in_reach(user=self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One quote; the reading is recorded."""
        found = self.get_object()
        record_read(request.user, "products.quote_viewed", found.customer, quote=found.pk)
        return Response(self.get_serializer(found).data)

    @extend_schema(request=NewQuoteSerializer, responses={201: QuoteSerializer})
    def create(self, request: Request) -> Response:
        """A quote is worked out and frozen; 422 with a sentence for what cannot be quoted."""
        form = NewQuoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        known = form.validated_data
        if not known["lines"]:
            raise exceptions.ValidationError({"lines": [_("Name a version at least.")]})
        quote = make_quote_of(
            customer_id=known["customer"],
            bundle_code=known.get("bundle", ""),
            lines=[LineInput(**line) for line in known["lines"]],
            key=known["key"],
            by=request.user,
        )
        return Response(self.get_serializer(quote).data, status=status.HTTP_201_CREATED)


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("quotes", QuoteViewSet, basename="quote")
