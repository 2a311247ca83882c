"""Products and their versions over the API: the same rows, four eyes and refusals as the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.roles import Can
from products.models import EligibilityRule, FeeItem, Product, ProductVersion, VersionDecision
from products.selectors import catalogue as selectors
from products.services import catalogue as services
from products.services import review
from products.services.competitors import fingerprint

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description="The ETag of what was read.",
)  # fmt: skip


class ProductFilter(django_filters.FilterSet):
    """``q`` searches code, names and tags as the list page does."""

    q = django_filters.CharFilter(method="search", label="code, name or tag")

    class Meta:
        model = Product
        fields = ("code", "family", "owner_line", "status")

    def search(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Products the words may mean."""
        return selectors.search_products(rows, value)


class VersionFilter(django_filters.FilterSet):
    """``product`` is a code; ``group`` a customer group it is meant for."""

    product = django_filters.CharFilter(field_name="product__code")
    family = django_filters.CharFilter(field_name="product__family")
    group = django_filters.CharFilter(method="meant_for", label="a customer group")

    class Meta:
        model = ProductVersion
        fields = ("no", "state")

    def meant_for(
        self, rows: QuerySet[ProductVersion], name: str, value: str
    ) -> QuerySet[ProductVersion]:
        """Versions that aim at the group."""
        return rows.filter(target_groups__contains=[value])


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product; what it offers exactly stands in its versions."""

    tags = serializers.ListField(child=serializers.CharField(max_length=24), default=list)

    class Meta:
        model = Product
        fields = ("id", "code", "name_zh", "name_en", "family", "owner_line", "tags", "status")
        read_only_fields = ("id", "status")
        extra_kwargs: dict[str, Any] = {"code": {"validators": []}}  # the service refuses it


class FeeItemSerializer(serializers.ModelSerializer[FeeItem]):
    """A fee: a sum in yuan, or a share of the amount."""

    class Meta:
        model = FeeItem
        fields = ("name_zh", "name_en", "timing", "sum_amount", "share")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A fee is whole also where the version is sent in part."""
        lacking = {"name_zh", "timing"} - attrs.keys()
        if lacking:
            texts = {name: [self.fields[name].error_messages["required"]] for name in lacking}
            raise serializers.ValidationError(texts)
        return attrs


class RuleSerializer(serializers.ModelSerializer[EligibilityRule]):
    """A hard rule with its condition as data."""

    class Meta:
        model = EligibilityRule
        fields = ("code", "text_zh", "text_en", "remedy_zh", "remedy_en", "condition")


class DecisionSerializer(serializers.ModelSerializer[VersionDecision]):
    """A checker's word."""

    by = serializers.StringRelatedField[Any]()

    class Meta:
        model = VersionDecision
        fields = ("round", "by", "role", "is_approved", "note", "at")


class ProductVersionSerializer(serializers.ModelSerializer[ProductVersion]):
    """A version with its five elements. Amounts in yuan, rates and shares as numbers below one."""

    product = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    made_by = serializers.StringRelatedField[Any]()
    fees = FeeItemSerializer(many=True, required=False)
    rules = RuleSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)

    class Meta:
        model = ProductVersion
        fields = (
            "id", "product", "no", "state", "effective_from", "effective_to", "made_by", "made_at",
            "submitted_at", "revision", *services.CONTENT, "fees", "rules", "decisions",
        )  # fmt: skip
        read_only_fields = (
            "id", "no", "state", "effective_to", "made_at", "submitted_at", "revision",
        )  # fmt: skip


class DecideSerializer(serializers.Serializer[Any]):
    """What a checker sends."""

    is_approved = serializers.BooleanField()
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class DecisionNoteSerializer(serializers.Serializer[Any]):
    """Why a version is withdrawn."""

    note = serializers.CharField(max_length=200)


class ProductNameSerializer(ProductSerializer):
    """What may change of a product without a new version."""

    class Meta(ProductSerializer.Meta):
        fields: tuple[str, ...] = services.NAMES
        read_only_fields: tuple[str, ...] = ()


class ProductStatusSerializer(serializers.Serializer[Any]):
    """Whether a product is offered."""

    status = serializers.ChoiceField(choices=Product.Status.choices)


class ProductViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Product],
):
    """Products of which the caller may see a version."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_PRODUCTS
    queryset = Product.objects.none()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    lookup_field = "code"
    http_method_names = ("get", "post", "patch", "head", "options")

    def get_queryset(self) -> QuerySet[Product]:
        """The rows of the caller."""
        return selectors.products_of(self.request.user)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A product with an empty first draft."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        version = services.new_product(by=request.user, **form.validated_data)
        return self._answer(version.product, status.HTTP_201_CREATED)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One product; its ETag is needed to change how it is called."""
        return self._answer(self.get_object())

    @extend_schema(request=ProductNameSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How a product is called and which line answers for it; 409 when somebody was faster."""
        product = self.get_object()
        form = ProductNameSerializer(product, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = services.change_product(
            by=request.user, code=product.code, seen=_tag(request), values=form.validated_data
        )
        return self._answer(changed)

    @extend_schema(request=ProductStatusSerializer)
    @action(detail=True, methods=["post"], url_path="status")
    def set_status(self, request: Request, code: str) -> Response:
        """The product is on sale, paused or closed; only those on sale are offered."""
        form = ProductStatusSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        product = self.get_object()
        return self._answer(
            services.set_product_status(by=request.user, code=product.code, **form.validated_data)
        )

    def _answer(self, product: Product, code: int = status.HTTP_200_OK) -> Response:
        body = self.get_serializer(product).data
        return Response(body, status=code, headers={"ETag": f'"{fingerprint(product)}"'})


class VersionViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[ProductVersion],
):
    """Versions: read by everybody once in force, written as drafts, decided by four eyes."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_PRODUCTS
    abilities = {"decide": Can.VIEW_PRODUCTS}
    queryset = ProductVersion.objects.none()
    serializer_class = ProductVersionSerializer
    filterset_class = VersionFilter
    http_method_names = ("get", "post", "patch", "head", "options")

    def get_queryset(self) -> QuerySet[ProductVersion]:
        """The rows of the caller."""
        return selectors.version_list(user=self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One version; the ETag of a draft is needed to change it."""
        return self._answer(self.get_object().pk)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A changed draft; 409 when it was saved since it was read, or is frozen."""
        version = self.get_object()
        form = self.get_serializer(version, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        fees = values.pop("fees", None)
        services.edit_draft(
            by=request.user,
            version_id=version.pk,
            revision=sent_revision(request),
            values=values,
            fees=None if fees is None else [services.FeeInput(**fee) for fee in fees],
        )
        return self._answer(version.pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """A draft with the content of this version; one that is there is answered."""
        made = services.draft_from(by=request.user, version_id=self.get_object().pk)
        return self._answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """The draft is frozen and waits for its checkers; 422 says what is missing."""
        version = services.submit_version(by=request.user, version_id=self.get_object().pk)
        return self._answer(version.pk)

    @extend_schema(request=DecideSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """A checker approves or sends back; never who wrote on the version."""
        form = DecideSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        version = self.get_object()
        review.decide_version(by=request.user, version_id=version.pk, **form.validated_data)
        return self._answer(version.pk)

    @extend_schema(request=DecisionNoteSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """The version is no longer offered; it stays readable."""
        form = DecisionNoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        version = self.get_object()
        review.withdraw_version(by=request.user, version_id=version.pk, **form.validated_data)
        return self._answer(version.pk)

    def _answer(self, key: int, code: int = status.HTTP_200_OK) -> Response:
        version = self.get_queryset().get(pk=key)
        body = self.get_serializer(version).data
        return Response(body, status=code, headers={"ETag": f'"{version.revision}"'})


def sent_revision(request: Request) -> int:
    """The revision in If-Match; without it nobody can tell what was overwritten."""
    tag = _tag(request)
    if not (tag.isdecimal() and len(tag) < 10):
        raise _unread()
    return int(tag)


def _tag(request: Request) -> str:
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not tag:
        raise _unread()
    return tag


def _unread() -> exceptions.ValidationError:
    return exceptions.ValidationError(
        {"If-Match": [_("Send the ETag of the version you read in If-Match.")]}
    )


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("products", ProductViewSet, basename="product")
    router.register("product-versions", VersionViewSet, basename="product-version")
