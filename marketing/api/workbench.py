"""The API of the today queue."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.errors import DomainError
from crm.core.roles import Can
from marketing.selectors.queue import colleagues_of, queue_page, read_queue_query
from marketing.selectors.queue_words import Told, told_items
from marketing.services.queue import Said, do_item, pass_on, put_off, take_back


class QueueItemSerializer(serializers.Serializer[Any]):
    """One item: ``value`` is yuan of a year, ``points`` its place (docs/workbench.md)."""

    source = serializers.CharField()
    ref = serializers.IntegerField()
    customer = serializers.IntegerField(allow_null=True)
    customer_name = serializers.CharField()
    sentence = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField())
    due_on = serializers.DateField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    km = serializers.FloatField(allow_null=True)
    points = serializers.FloatField()
    action = serializers.CharField()
    note = serializers.CharField()


class QueueSourceSerializer(serializers.Serializer[Any]):
    """How many items of a source wait, and how many of them are due."""

    source = serializers.CharField()
    label = serializers.CharField()
    total = serializers.IntegerField()
    due = serializers.IntegerField()


class QueueSerializer(serializers.Serializer[Any]):
    """The list in its order; ``waiting`` more than shown."""

    items = QueueItemSerializer(many=True)
    sources = QueueSourceSerializer(many=True)
    total = serializers.IntegerField()
    due = serializers.IntegerField()
    waiting = serializers.IntegerField()


class ActSerializer(serializers.Serializer[Any]):
    """Which item, and what comes with the act."""

    source = serializers.CharField(max_length=24)
    ref = serializers.IntegerField(min_value=1)
    act = serializers.ChoiceField(choices=("do", "put_off", "pass_on"))
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    next_on = serializers.DateField(required=False, allow_null=True, default=None)
    until = serializers.DateField(required=False, allow_null=True, default=None)
    to = serializers.IntegerField(required=False, allow_null=True, default=None)


class QueueMarkSerializer(serializers.Serializer[Any]):
    """What can be taken back with DELETE; ``mark`` null: the item is done for good."""

    mark = serializers.IntegerField(allow_null=True)
    until_on = serializers.DateField(allow_null=True)


class QueueViewSet(CanView, viewsets.ViewSet):
    """What to do next, best first; one action each, put off, passed on, taken back."""

    can = Can.USE_WORKBENCH
    can_write = Can.USE_WORKBENCH
    lookup_value_regex = "[0-9]{1,9}"

    @extend_schema(
        parameters=[
            OpenApiParameter("order", str, description="points, value, due or near"),
            OpenApiParameter("source", str),
            OpenApiParameter("shelf", str, description="put_off or passed_on"),
            OpenApiParameter("shown", int),
            OpenApiParameter("lat", float),
            OpenApiParameter("lon", float),
        ],
        responses=forced_singular_serializer(QueueSerializer),
    )
    def list(self, request: Request) -> Response:
        """The list."""
        query, today = read_queue_query(request.query_params), timezone.localdate()
        page = queue_page(user=request.user, query=query, today=today)
        told = told_items(page.items, user=request.user, today=today)
        body = {
            "items": [_item(one) for one in told],
            "sources": [
                {
                    "source": one.source.key,
                    "label": str(one.source.label),
                    "total": one.total,
                    "due": one.due,
                }
                for one in page.counts
            ],
            "total": page.total,
            "due": page.due,
            "waiting": page.waiting,
        }
        return Response(QueueSerializer(body).data)

    @extend_schema(request=ActSerializer, responses=QueueMarkSerializer)
    def create(self, request: Request) -> Response:
        """An item is done, put off or passed on."""
        asked = ActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mark = _acted(request, asked.validated_data)
        told = {"mark": mark.pk if mark else None, "until_on": mark.until_on if mark else None}
        return Response(QueueMarkSerializer(told).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """What was put off, passed on or ticked off stands in the list again."""
        take_back(mark_id=int(pk), by=request.user)
        return Response(status=204)


def _acted(request: Request, given: dict[str, Any]) -> Any:
    which = {"source": given["source"], "ref": given["ref"], "by": request.user}
    if given["act"] == "do":
        return do_item(**which, said=Said(given["note"], given["next_on"]))
    if given["act"] == "put_off":
        if given["until"] is None:
            raise DomainError(_("Say until when."), status=422)
        return put_off(**which, until=given["until"], note=given["note"])
    to = next((one for one in colleagues_of(user=request.user) if one.pk == given["to"]), None)
    if to is None:
        raise DomainError(_("Pass it on to somebody of your unit."), status=422)
    return pass_on(**which, to=to, note=given["note"])


def _item(told: Told) -> dict[str, Any]:
    item = told.item
    return {
        "source": item.source.key,
        "ref": item.ref,
        "customer": item.customer_id if item.is_in_reach else None,
        "customer_name": item.customer_name,
        "sentence": told.sentence,
        "why": list(told.why),
        "due_on": item.due_on,
        "value": item.value,
        "km": item.km,
        "points": item.points,
        "action": told.label,
        "note": told.note,
    }


def register(router: BaseRouter) -> None:
    """The routes of this part under /api/v1/."""
    router.register("queue", QueueViewSet, basename="queue")
