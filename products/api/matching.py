"""The API of matching: one customer explained, who a product fits, the grid, and answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.audit import record_read
from crm.core.roles import Can
from customers.selectors.customer import customer_header
from products.models import MatchFeedback, OfferFit
from products.selectors.explain import explained
from products.selectors.feedback import REASONS
from products.selectors.fit_groups import DIMENSIONS
from products.selectors.fits import fit_page, matched_version, product_of, read_fit_query
from products.selectors.matrix import MatchGrid, match_grid
from products.services.feedback import say_of_offer

MOST = 9  # digits of a key


class ScorePartSerializer(serializers.Serializer[Any]):
    """A part of the score with its points."""

    key = serializers.CharField()
    label = serializers.CharField()
    got = serializers.FloatField()
    max = serializers.FloatField()
    sentence = serializers.CharField()


class MetRuleSerializer(serializers.Serializer[Any]):
    """A rule with the figure it met; ``answer`` yes, no or unknown."""

    code = serializers.CharField()
    text = serializers.CharField()
    answer = serializers.CharField()
    actual = serializers.CharField()
    remedy = serializers.CharField()


class MissingFactSerializer(serializers.Serializer[Any]):
    """A fact that a rule waits for; ``effort`` 1 is the cheapest to learn."""

    feature = serializers.CharField()
    label = serializers.CharField()
    effort = serializers.IntegerField()


class MatchedOfferSerializer(serializers.Serializer[Any]):
    """An offer against the customer; ``outcome`` y passes, n fails, ? cannot tell."""

    version_id = serializers.IntegerField()
    code = serializers.CharField()
    no = serializers.IntegerField()
    name = serializers.CharField()
    family = serializers.CharField()
    outcome = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    in_top = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    rules = MetRuleSerializer(many=True)
    missing = MissingFactSerializer(many=True)
    parts = ScorePartSerializer(many=True)


class MatchSerializer(serializers.Serializer[Any]):
    """The newest match of a customer, explained from its stored inputs and book."""

    book_number = serializers.IntegerField()
    as_of = serializers.DateField()
    computed_at = serializers.DateTimeField()
    portrait_version = serializers.IntegerField()
    offers = MatchedOfferSerializer(many=True)


class MatchAnswerSerializer(serializers.Serializer[Any]):
    """What a manager says of one offer that fits."""

    version_id = serializers.IntegerField(min_value=1, max_value=2**62)
    answer = serializers.ChoiceField(choices=MatchFeedback.Answer.choices)
    reason = serializers.ChoiceField(
        choices=[("", ""), *REASONS.items()], required=False, default=""
    )
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class MatchSaidSerializer(serializers.ModelSerializer[MatchFeedback]):
    """An answer as it stands."""

    class Meta:
        model = MatchFeedback
        fields = ("id", "version_id", "answer", "reason", "note", "score", "book_number", "on")


class MatchViewSet(CanView, viewsets.ViewSet):
    """The match of a customer in the caller's reach; ``feedback/`` takes an answer on an offer."""

    can = Can.VIEW_MATCHES
    abilities = {"feedback": Can.ANSWER_SUGGESTIONS}

    @extend_schema(
        operation_id="matches_of_customer",
        parameters=[OpenApiParameter("customer", int, required=True)],
        responses=forced_singular_serializer(MatchSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Every offer in force with rules, score, what is missing; 404 before the first match."""
        customer = customer_header(user=request.user, customer_id=_key(request, "customer"))
        view = explained(user=request.user, customer_id=customer.pk)
        if view is None:
            raise Http404
        record_read(request.user, "customers.viewed", customer, surface="api", tab="match")
        return Response(MatchSerializer(view).data)

    @extend_schema(
        operation_id="matches_feedback",
        parameters=[OpenApiParameter("customer", int, required=True)],
        request=MatchAnswerSerializer,
        responses=MatchSaidSerializer,
    )
    @action(detail=False, methods=["post"])
    def feedback(self, request: Request) -> Response:
        """The caller's answer of today on one offer; a second one replaces it."""
        form = MatchAnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = say_of_offer(
            customer_id=_key(request, "customer"), by=request.user, **form.validated_data
        )
        return Response(MatchSaidSerializer(row).data, status=status.HTTP_200_OK)


class FitSerializer(serializers.Serializer[Any]):
    """A customer of the list; ``rule`` is the rule or the fact in the way."""

    customer = serializers.IntegerField(source="customer_id")
    name = serializers.CharField(source="customer__name")
    manager = serializers.CharField(source="customer__manager__full_name", allow_null=True)
    score = serializers.FloatField()
    rule = serializers.CharField(allow_blank=True)


class FitPageSerializer(serializers.Serializer[Any]):
    """A page of customers; ``next`` is the query string of the next one, empty at the end."""

    product = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    results = FitSerializer(many=True)
    previous = serializers.CharField()
    next = serializers.CharField()


class FitViewSet(CanView, viewsets.ViewSet):
    """Whom of the caller's customers a product fits, almost fits, or of whom a fact is missing."""

    can = Can.VIEW_MATCHES

    @extend_schema(
        operation_id="fits",
        parameters=[
            OpenApiParameter("product", str, required=True, description="code"),
            OpenApiParameter("kind", str, enum=OfferFit.Kind.values),
            OpenApiParameter("branch", int),
            OpenApiParameter("manager", int),
            OpenApiParameter("rule", str),
            *(OpenApiParameter(name, str) for name in DIMENSIONS),
            OpenApiParameter("at", str, description="from next or previous"),
        ],
        responses=forced_singular_serializer(FitPageSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Fifty customers, the best score first."""
        version = matched_version(product_of(code=request.query_params.get("product", ""))).version
        if version is None:
            raise Http404
        query = read_fit_query(request.query_params)
        page = fit_page(user=request.user, version=version, query=query)
        body = {
            "product": request.query_params["product"],
            "version": version.no,
            "kind": query.kind,
            "results": page.rows,
            "previous": page.previous.address(place=page.previous.place) if page.previous else "",
            "next": page.next.address(place=page.next.place) if page.next else "",
        }
        return Response(FitPageSerializer(body).data)


class GridCellSerializer(serializers.Serializer[Any]):
    """Customers under one value whom the product fits, their share, and their mean score."""

    value = serializers.CharField()
    fits = serializers.IntegerField()
    share = serializers.FloatField()
    mean_score = serializers.FloatField(allow_null=True)


class GridLineSerializer(serializers.Serializer[Any]):
    """One product over all values."""

    product = serializers.CharField(source="version.product.code")
    version = serializers.IntegerField(source="version.no")
    cells = GridCellSerializer(many=True)
    total = GridCellSerializer()


class GridColumnSerializer(serializers.Serializer[Any]):
    """One value with its matched customers."""

    value = serializers.CharField()
    label = serializers.CharField()
    customers = serializers.IntegerField()


class GridSerializer(serializers.Serializer[MatchGrid]):
    """The grid of one dimension as the last full run counted it."""

    dimension = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)
    customers = serializers.IntegerField()
    columns = GridColumnSerializer(many=True)
    lines = GridLineSerializer(many=True)


class MatchMatrixViewSet(CanView, viewsets.ViewSet):
    """How many of the caller's customers fit each product, by industry, stage or asset style."""

    can = Can.VIEW_PRODUCTS

    @extend_schema(
        operation_id="match_matrix",
        parameters=[OpenApiParameter("by", str, enum=list(DIMENSIONS))],
        responses=forced_singular_serializer(GridSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Numbers within reach; those of the bank for who maintains the matching."""
        dimension = request.query_params.get("by", "industry")
        if dimension not in DIMENSIONS:
            raise exceptions.ValidationError({"by": [f"{', '.join(DIMENSIONS)}"]})
        return Response(GridSerializer(match_grid(user=request.user, dimension=dimension)).data)


def _key(request: Request, name: str) -> int:
    """A customer's key in the address; 404 for what is none."""
    text = request.query_params.get(name, "")
    if not text.isdecimal() or len(text) > MOST:
        raise Http404
    return int(text)


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("matches", MatchViewSet, basename="match")
    router.register("fits", FitViewSet, basename="fit")
    router.register("match-matrix", MatchMatrixViewSet, basename="match-matrix")
