"""The API of the calculator: a schedule and its cost for any terms, in yuan and shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.roles import Can
from customers.features.declared import REPAYMENT_MODES
from products.finance import BadTerms, Case, Fee, NoRate, OfferCost
from products.finance.terms import MAX_MONTHS, due_date
from products.models import FeeItem
from products.selectors.calculator import OurTerms, our_terms, readable_versions
from products.selectors.terms import lpr_on


def money(**options: Any) -> serializers.DecimalField:
    """Yuan to the fen."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, **options)


def share(**options: Any) -> serializers.DecimalField:
    """A share: 0.0435 is 4.35 %."""
    return serializers.DecimalField(
        max_digits=12, decimal_places=10, min_value=0, max_value=1, **options
    )


class CalculatorFeeSerializer(serializers.Serializer[Any]):
    """A fee: a sum or a share of the amount; per-use fees are not calculated."""

    timing = serializers.ChoiceField(choices=FeeItem.Timing.choices)
    sum_amount = money(required=False)
    share = share(required=False)
    name = serializers.CharField(required=False, default="", max_length=60)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of sum and share."""
        if ("sum_amount" in attrs) == ("share" in attrs):
            raise serializers.ValidationError("sum_amount | share")
        return attrs


class CaseSerializer(serializers.Serializer[Any]):
    """What is asked. Without ``yearly_rate`` the lowest rate of ``version`` today is taken."""

    amount = money()
    months = serializers.IntegerField(min_value=1, max_value=MAX_MONTHS)
    mode = serializers.ChoiceField(choices=REPAYMENT_MODES)
    yearly_rate = share(required=False)
    first_due = serializers.DateField(required=False)
    fees = CalculatorFeeSerializer(many=True, required=False, default=list)
    season_months = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=12), required=False, default=list
    )
    use_share = share(required=False, default=Decimal(1))
    yearly_principal_share = share(required=False)
    monthly_interest = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        """Versions that were ever on sale may be named."""
        found = super().get_fields()
        found["version"] = serializers.PrimaryKeyRelatedField(
            queryset=readable_versions(), required=False
        )
        return found


class RowSerializer(serializers.Serializer[Any]):
    """One payment."""

    no = serializers.IntegerField()
    due_on = serializers.DateField()
    principal = money()
    interest = money()
    payment = money()
    balance = money()


class CostSerializer(serializers.Serializer[Any]):
    """The schedule and its cost; ``fees`` by month, the first on the first day."""

    amount = money()
    yearly_rate = share()
    all_in = serializers.DecimalField(max_digits=20, decimal_places=10, allow_null=True)
    interest = money()
    fee = money()
    cost = money()
    peak_payment = money(source="peak.payment")
    rows = RowSerializer(many=True)
    fees = serializers.ListField(child=money())


class CalculatorViewSet(CanView, viewsets.ViewSet):
    """POST the terms of a credit, get its schedule and all-in yearly cost (12 x IRR)."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.VIEW_PRODUCTS

    @extend_schema(request=CaseSerializer, responses={200: CostSerializer})
    def create(self, request: Request) -> Response:
        """Nothing is stored."""
        form = CaseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            cost = calculated(dict(form.validated_data))
        except (BadTerms, NoRate) as error:
            raise serializers.ValidationError({"non_field_errors": [str(error)]}) from error
        return Response(CostSerializer(cost).data)


def calculated(data: dict[str, Any]) -> OfferCost:
    """The cost of what was asked; BadTerms or NoRate where there is none."""
    today = timezone.localdate()
    terms = our_terms(data["version"], lpr_on(today)) if "version" in data else None
    case = Case(
        amount=data["amount"],
        months=data["months"],
        first_due=data.get("first_due") or due_date(today, 2),
        season_months=_season(data, terms),
        yearly_principal_share=_yearly(data, terms),
        use_share=data["use_share"],
        monthly_interest=data["monthly_interest"],
    )
    rate = data.get("yearly_rate", terms.rate_low if terms else None)
    if rate is None:
        raise serializers.ValidationError({"yearly_rate": ["required"]})
    fees = [Fee(**fee) for fee in data["fees"]]
    cost = case.cost(data["mode"], rate, [*(terms.fees if terms else ()), *fees])
    cost.all_in  # noqa: B018  (refused here rather than while it is written)
    return cost


def _season(data: dict[str, Any], terms: OurTerms | None) -> tuple[int, ...]:
    return tuple(data["season_months"] or (terms.version.season_months if terms else ()))


def _yearly(data: dict[str, Any], terms: OurTerms | None) -> Decimal:
    """The share repaid at each year end: as asked, else that of the version."""
    own = terms.version.yearly_principal_share if terms else None
    found: Decimal = data.get("yearly_principal_share", own or Decimal(0))
    return found


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("calculator", CalculatorViewSet, basename="calculator")
