"""Eligibility rules of a version over the API: with counts, written into drafts, replayed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.conditions import BadCondition, from_data
from crm.core.roles import Can
from products.api.catalogue import IF_MATCH, sent_revision
from products.models import ProductVersion
from products.selectors.catalogue import version_list
from products.selectors.replay import Change, replay
from products.selectors.rule_counts import Count, bank_limits, rule_counts
from products.selectors.rules import checked_condition
from products.services import rules as services


class RuleInputSerializer(serializers.Serializer[Any]):
    """One rule as written; ``replaces`` is the code of the rule whose place it takes."""

    code = serializers.CharField(max_length=32)
    text_zh = serializers.CharField(max_length=160)
    text_en = serializers.CharField(max_length=200, default="", allow_blank=True)
    remedy_zh = serializers.CharField(max_length=160, default="", allow_blank=True)
    remedy_en = serializers.CharField(max_length=200, default="", allow_blank=True)
    condition = serializers.JSONField()
    replaces = serializers.CharField(max_length=32, default="", allow_blank=True)


class ConditionSerializer(serializers.Serializer[Any]):
    """A condition that may become a rule."""

    condition = serializers.JSONField()


class CodeSerializer(serializers.Serializer[Any]):
    """The code of a rule."""

    code = serializers.CharField(max_length=32)


class VersionRulesViewSet(CanView, viewsets.ViewSet):
    """Rules by the id of their version; counts are of the bank, or of the caller's reach."""

    can = Can.VIEW_PRODUCTS
    can_write = Can.EDIT_PRODUCTS
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses=dict[str, Any])
    def retrieve(self, request: Request, pk: str) -> Response:
        """Every rule with how many pass, fail and cannot be told, and all of them together."""
        return Response(self._told(request, self._version(request, pk)))

    @extend_schema(request=RuleInputSerializer, responses=dict[str, Any], parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def save(self, request: Request, pk: str) -> Response:
        """The draft has this rule; 422 names the field, 409 says that somebody else was faster."""
        given = _valid(RuleInputSerializer, request)
        replaces = given.pop("replaces")
        services.save_rule(
            by=request.user,
            version_id=self._version(request, pk).pk,
            revision=sent_revision(request),
            rule=services.RuleInput(**given),
            replaces=replaces,
        )
        return Response(self._told(request, self._version(request, pk)))

    @extend_schema(request=CodeSerializer, responses=dict[str, Any], parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """The draft has no rule of this code."""
        services.remove_rule(
            by=request.user,
            version_id=self._version(request, pk).pk,
            revision=sent_revision(request),
            code=_valid(CodeSerializer, request)["code"],
        )
        return Response(self._told(request, self._version(request, pk)))

    @extend_schema(request=ConditionSerializer, responses=dict[str, Any])
    @action(detail=True, methods=["post"])
    def count(self, request: Request, pk: str) -> Response:
        """How many would pass a condition alone; nothing is stored."""
        self._version(request, pk)
        try:
            condition = checked_condition(_valid(ConditionSerializer, request)["condition"])
        except BadCondition as error:
            raise exceptions.ValidationError({"condition": [str(error)]}) from error
        return Response(_count(rule_counts([condition], user=request.user).each[0]))

    @extend_schema(responses=dict[str, Any])
    @action(detail=True, methods=["get"])
    def replay(self, request: Request, pk: str) -> Response:
        """Who enters and leaves against the version in force, in all, by branch and industry."""
        found = replay(self._version(request, pk), user=request.user, as_of=timezone.localdate())
        return Response(
            {
                "base": found.base.no if found.base else None,
                "whole": _change(found.whole),
                "branches": [{"name": one.label, **_change(one)} for one in found.branches],
                "industries": [{"name": one.label, **_change(one)} for one in found.industries],
                "reasons": [{"rule": text, "leaving": number} for text, number in found.reasons],
            }
        )

    def _version(self, request: Request, pk: str) -> ProductVersion:
        return version_list(user=request.user).get(pk=pk)

    def _told(self, request: Request, version: ProductVersion) -> dict[str, Any]:
        rules = list(version.rules.all())
        limits = bank_limits(version, as_of=timezone.localdate())
        trees = [from_data(rule.condition) for rule in rules]
        counts = rule_counts([*trees, *limits], user=request.user)
        names = ("code", "text_zh", "text_en", "remedy_zh", "remedy_en", "condition")
        return {
            "revision": version.revision,
            "rules": [
                {name: getattr(rule, name) for name in names} | _count(count)
                for rule, count in zip(rules, counts.each, strict=False)
            ],
            "together": _count(counts.together),
        }


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _count(count: Count) -> dict[str, int]:
    return {"passed": count.passed, "failed": count.failed, "unknown": count.unknown}


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": _count(change.before),
        "after": _count(change.after),
        "entering": change.entering,
        "leaving": change.leaving,
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("product-version-rules", VersionRulesViewSet, basename="version-rules")
