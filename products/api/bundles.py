"""Bundles and their versions over the API: the same drafts, four eyes and refusals as the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView, CursorPages
from crm.core.errors import DomainError
from crm.core.roles import Can
from products.api.catalogue import IF_MATCH, DecideSerializer, sent_revision
from products.models import Bundle, BundleItem, BundleVersion
from products.selectors.bundles import (
    bundle_version,
    effective_bundle_rows,
    products_on_sale,
    readable_versions,
)
from products.selectors.terms import joined
from products.services import bundles as services


class BundleItemSerializer(serializers.ModelSerializer[BundleItem]):
    """A place of a bundle: products by code, or a service outside the catalogue."""

    products: Any = serializers.SlugRelatedField(
        source="choices", slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = BundleItem
        fields = (
            "seq", "role", "products", "service_zh", "service_en", "condition_zh", "condition_en",
        )  # fmt: skip


class BundleSerializer(serializers.ModelSerializer[BundleVersion]):
    """A version of a bundle. ``fee_discount`` is a share; the rate discount in basis points."""

    code = serializers.CharField(source="bundle.code")
    name_zh = serializers.CharField(source="bundle.name_zh")
    name_en = serializers.CharField(source="bundle.name_en")
    items = BundleItemSerializer(many=True)

    class Meta:
        model = BundleVersion
        fields = (
            "code", "name_zh", "name_en", "no", "state", "effective_from", "benefit_zh",
            "benefit_en", "target_groups", "target_stages", "target_party_types",
            "rate_discount_bp", "fee_discount", "items",
        )  # fmt: skip


class BundleVersionSerializer(BundleSerializer):
    """A version with who made it and who decided; ``revision`` counts the saves of a draft."""

    made_by = serializers.StringRelatedField[Any]()
    decided_by = serializers.StringRelatedField[Any]()

    class Meta(BundleSerializer.Meta):
        fields: tuple[str, ...] = (
            "id", *BundleSerializer.Meta.fields, "revision", "made_by", "decided_by",
            "decided_at", "decision_note",
        )  # fmt: skip


class NewBundleSerializer(serializers.ModelSerializer[Bundle]):
    """A bundle by its code; what it holds stands in its draft."""

    class Meta:
        model = Bundle
        fields = ("code", "name_zh", "name_en")
        extra_kwargs: dict[str, Any] = {"code": {"validators": []}}  # the service refuses it


class WrittenItemSerializer(serializers.ModelSerializer[BundleItem]):
    """A place as written: codes of products, the first that fits is taken, or a service."""

    products = serializers.ListField(child=serializers.CharField(max_length=16), default=list)

    class Meta:
        model = BundleItem
        fields = (
            "role", "products", "service_zh", "service_en", "condition_zh", "condition_en",
        )  # fmt: skip


class BundleDraftSerializer(serializers.ModelSerializer[BundleVersion]):
    """What a draft may say; ``items`` stand in for those it had. What is left out is kept."""

    items = WrittenItemSerializer(many=True, required=False)

    class Meta:
        model = BundleVersion
        fields = (*(name for name in services.CONTENT if name != "effective_from"), "items")


class BundleVersionFilter(django_filters.FilterSet):
    """``bundle`` is a code."""

    bundle = django_filters.CharFilter(field_name="bundle__code")

    class Meta:
        model = BundleVersion
        fields = ("no", "state")


class BundlePages(CursorPages):
    """Bundles by code."""

    ordering = ("bundle__code",)


class BundleViewSet(CanView, mixins.ListModelMixin, viewsets.GenericViewSet[BundleVersion]):
    """Bundles in effect; one by its code is the version in effect, or the newest before it."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_PRODUCTS
    queryset = BundleVersion.objects.none()
    serializer_class = BundleSerializer
    pagination_class: type[CursorPagination] = BundlePages
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9]{1,16}"

    def get_queryset(self) -> QuerySet[BundleVersion]:
        """Versions in effect."""
        return effective_bundle_rows()

    def retrieve(self, request: Request, code: str) -> Response:
        """One bundle."""
        try:
            version = bundle_version(user=request.user, code=code)
        except Bundle.DoesNotExist:
            raise exceptions.NotFound from None
        return Response(self.get_serializer(version).data)

    @extend_schema(request=NewBundleSerializer, responses={201: BundleVersionSerializer})
    def create(self, request: Request) -> Response:
        """A bundle with an empty draft; a code that exists is refused."""
        form = NewBundleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = {"name_en": "", **form.validated_data}
        return answered(services.add_bundle(by=request.user, **values), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: BundleVersionSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, code: str) -> Response:
        """A draft of the next version; one that is being made is answered."""
        made = services.start_draft(code=code, by=request.user)
        return answered(made, status.HTTP_201_CREATED)


class BundleVersionViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[BundleVersion],
):
    """Versions of bundles: drafts are written by one person and decided by another."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_PRODUCTS
    abilities = {"decide": Can.APPROVE_PRODUCTS}
    queryset = BundleVersion.objects.none()
    serializer_class = BundleVersionSerializer
    filterset_class = BundleVersionFilter
    http_method_names = ("get", "post", "patch", "head", "options")

    def get_queryset(self) -> QuerySet[BundleVersion]:
        """Versions that the caller may read."""
        return readable_versions(user=self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One version; the ETag of a draft is needed to change it."""
        return answered(self.get_object())

    @extend_schema(request=BundleDraftSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A changed draft; 409 when it was saved since it was read, or is frozen."""
        draft = self.get_object()
        form = BundleDraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = dict(form.validated_data)
        items = sent.pop("items", None)
        kept = {name: getattr(draft, name) for name in services.CONTENT}
        saved = services.save_draft(
            version_id=draft.pk,
            revision=sent_revision(request),
            values=kept | sent,
            items=services.stored_items(draft) if items is None else written_items(items),
            by=request.user,
        )
        return answered(self.get_queryset().get(pk=saved.pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """The draft is frozen and waits for its checker; 422 says what is missing."""
        version = services.submit_draft(version_id=self.get_object().pk, by=request.user)
        return answered(self.get_queryset().get(pk=version.pk))

    @extend_schema(request=DecideSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """In effect, or a draft again with a word why; never by who made it."""
        form = DecideSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        version = services.decide_version(
            version_id=self.get_object().pk, by=request.user, **form.validated_data
        )
        return answered(self.get_queryset().get(pk=version.pk))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str | None = None) -> Response:
        """The draft is gone; what was submitted or in effect stays."""
        services.drop_draft(version_id=self.get_object().pk, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def answered(version: BundleVersion, code: int = status.HTTP_200_OK) -> Response:
    """The version with the ETag that a change of it needs."""
    body = BundleVersionSerializer(version).data
    return Response(body, status=code, headers={"ETag": f'"{version.revision}"'})


def written_items(items: list[dict[str, Any]]) -> list[services.ItemInput]:
    """Items for the service; DomainError 422 for a code that is not on sale."""
    keys = {product.code: product.pk for product in products_on_sale()}
    if strange := sorted({code for item in items for code in item["products"]} - keys.keys()):
        text = _("There is no product on sale with this code: %(codes)s.")
        text %= {"codes": joined(strange)}
        raise DomainError(text, status=422, fields={"items": text})
    return [
        services.ItemInput(**item | {"products": tuple(keys[code] for code in item["products"])})
        for item in items
    ]


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("bundles", BundleViewSet, basename="bundle")
    router.register("bundle-versions", BundleVersionViewSet, basename="bundle-version")
