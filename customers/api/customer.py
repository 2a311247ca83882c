"""Customers over the API: the same rows, masks and services as the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.roles import Can
from customers.models import Contact, Customer
from customers.selectors.customer import customer_rows
from customers.selectors.search import searched
from customers.services.customer import add_customer, change_customer

READ_ONLY = (
    "id",
    "customer_no",
    "relation_state",
    "size_class",
    "size_reasons",
    "is_uscc_odd",
    "customer_since",
    "manager",
    "branch",
    "version",
    "created_at",
    "updated_at",
)
WRITABLE = (
    "party_type",
    "name",
    "uscc",
    "legal_rep_name",
    "registry_status",
    "registry_kind",
    "industry",
    "trade",
    "region",
    "address",
    "latitude",
    "longitude",
    "registered_on",
    "founded_on",
    "registered_capital_amount",
    "is_do_not_contact",
)


class CustomerFilter(django_filters.FilterSet):
    """``q`` searches as the list page does; the rest narrows by a column or the portrait."""

    q = django_filters.CharFilter(method="search", label="name, pinyin, code, number or phone")
    industry = django_filters.CharFilter(field_name="industry_id", lookup_expr="startswith")
    stage = django_filters.CharFilter(field_name="portrait__stage")
    tier = django_filters.CharFilter(field_name="portrait__tier")
    tag = django_filters.CharFilter(method="tagged", label="a tag of the portrait")

    class Meta:
        model = Customer
        fields = (
            "party_type",
            "size_class",
            "relation_state",
            "registry_status",
            "manager",
            "branch",
            "region",
            "trade",
            "uscc",
            "customer_no",
        )

    def search(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Customers the text may mean."""
        return searched(rows, user=self.request.user, text=value)

    def tagged(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Customers whose portrait bears the tag."""
        return rows.filter(portrait__tags__contains=[value])


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A contact with its number masked; reveals are a page of their own."""

    class Meta:
        model = Contact
        fields = ("id", "name", "role", "is_decision_maker", "mobile_masked")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer as lists show it. Amounts in yuan, dates ISO."""

    class Meta:
        model = Customer
        fields = (*READ_ONLY, *WRITABLE)
        read_only_fields = READ_ONLY


class CustomerDetailSerializer(CustomerSerializer):
    """A customer with its contacts."""

    contacts = ContactSerializer(many=True, read_only=True)

    class Meta(CustomerSerializer.Meta):
        fields = (*CustomerSerializer.Meta.fields, "contacts")


@extend_schema_view(
    partial_update=extend_schema(
        parameters=[
            OpenApiParameter(
                "If-Match",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="The ETag of the version that was read.",
            )
        ]
    )
)
class CustomerViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Customer],
):
    """Customers in the care of the caller."""

    can = Can.VIEW_CUSTOMERS
    can_write = Can.EDIT_CUSTOMERS
    queryset = Customer.objects.none()
    filterset_class = CustomerFilter
    http_method_names = ("get", "post", "patch", "head", "options")

    def get_queryset(self) -> QuerySet[Customer]:
        """The rows of the caller, without the columns that only searches read."""
        return customer_rows(user=self.request.user)

    def get_serializer_class(self) -> type[CustomerSerializer]:
        """One customer comes with contacts, a list without."""
        return CustomerSerializer if self.action == "list" else CustomerDetailSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One customer; the reading is recorded (ROL-4)."""
        customer = self.get_object()
        record_read(request.user, "customers.viewed", customer, surface="api")
        return self._answer(customer)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new prospect in the caller's care."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        customer = add_customer(values=form.validated_data, by=request.user)
        return self._answer(customer, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changed values; 409 when somebody else saved since the version that was read."""
        customer = self.get_object()
        form = self.get_serializer(customer, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = change_customer(
            customer_id=customer.pk,
            version=_version(request),
            values=form.validated_data,
            by=request.user,
        )
        return self._answer(changed)

    def _answer(self, customer: Customer, code: int = status.HTTP_200_OK) -> Response:
        body = self.get_serializer(customer).data
        return Response(body, status=code, headers={"ETag": f'"{customer.version}"'})


def _version(request: Request) -> int:
    """The version in If-Match; without it nobody can tell what was overwritten."""
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not tag.isdigit():
        text = _("Send the ETag of the version you read in If-Match.")
        raise exceptions.ValidationError({"If-Match": [text]})
    return int(tag)
