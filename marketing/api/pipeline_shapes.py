"""Shapes of the API of opportunities."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from customers.models import ProductFamily
from marketing.models import Mode, Opportunity
from marketing.pipeline import TRACKS
from marketing.services.opportunity_owner import MOST_AT_ONCE


class OpportunitySerializer(serializers.Serializer[Any]):
    """One opportunity; amounts are bands for readers who see bands on the pages."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    pipeline = serializers.CharField()
    family = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    version_chosen = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    months = serializers.IntegerField(allow_null=True)
    origin_mode = serializers.CharField()
    stage = serializers.CharField()
    stage_due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    probability = serializers.FloatField()
    expected_on = serializers.DateField(allow_null=True)
    owner = serializers.IntegerField()
    owner_name = serializers.CharField()
    next_action = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    last_action_on = serializers.DateField()
    age_days = serializers.IntegerField()
    is_overdue = serializers.BooleanField()
    is_stalled = serializers.BooleanField()
    lost_reason = serializers.CharField()
    lost_to = serializers.CharField()
    version = serializers.IntegerField()


class CheckSerializer(serializers.Serializer[Any]):
    """One check of a gate; ``answer`` is yes, no or unknown."""

    key = serializers.CharField()
    stage = serializers.CharField()
    label = serializers.CharField()
    answer = serializers.CharField()
    can_tick = serializers.BooleanField()
    note = serializers.CharField()


class OpportunityDetailSerializer(OpportunitySerializer):
    """One opportunity with every gate of its pipeline."""

    checks = CheckSerializer(many=True)


class OpportunityPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are what follows the question mark."""

    results = OpportunitySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class OpenSerializer(serializers.Serializer[Any]):
    """A new opportunity; ``amount`` in yuan."""

    customer = serializers.IntegerField(min_value=1)
    family = serializers.ChoiceField(choices=ProductFamily.choices)
    origin_mode = serializers.ChoiceField(choices=Mode.choices)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    amount = serializers.DecimalField(required=False, max_digits=18, decimal_places=2)
    months = serializers.IntegerField(required=False, min_value=1, max_value=360)
    expected_on = serializers.DateField(required=False)


class MoveSerializer(serializers.Serializer[Any]):
    """``version`` as it was read; ``reason`` where a stage is skipped or taken back."""

    to = serializers.ChoiceField(
        choices=sorted({stage.key for track in TRACKS.values() for stage in track.stages})
    )
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class TickSerializer(serializers.Serializer[Any]):
    """A check that holds, and what proves it."""

    key = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1)


class LoseSerializer(serializers.Serializer[Any]):
    """Why; to whom, where it was a competitor."""

    reason = serializers.ChoiceField(choices=Opportunity.Lost.choices)
    lost_to = serializers.CharField(required=False, allow_blank=True, max_length=60)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    version = serializers.IntegerField(min_value=1)


class DetailsSerializer(serializers.Serializer[Any]):
    """Details that change, the others stay; ``amount`` in yuan, ``version_chosen`` by its id."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    amount = serializers.DecimalField(
        required=False, allow_null=True, max_digits=18, decimal_places=2
    )
    months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=360)
    expected_on = serializers.DateField(required=False, allow_null=True)
    version_chosen = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    next_action = serializers.CharField(required=False, allow_blank=True, max_length=120)
    next_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1)


class ReopenSerializer(serializers.Serializer[Any]):
    """Why it is opened again."""

    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    version = serializers.IntegerField(min_value=1)


class MergeSerializer(serializers.Serializer[Any]):
    """What was refused as a duplicate; ``amount`` in yuan."""

    customer = serializers.IntegerField(min_value=1)
    family = serializers.ChoiceField(choices=ProductFamily.choices)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    amount = serializers.DecimalField(required=False, max_digits=18, decimal_places=2)
    months = serializers.IntegerField(required=False, min_value=1, max_value=360)
    expected_on = serializers.DateField(required=False)


class ChosenSerializer(serializers.Serializer[Any]):
    """An opportunity with the version it was read in."""

    id = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)


class ReassignSerializer(serializers.Serializer[Any]):
    """Which ones, to whom and why; ``with_customers``: their customers change hands as well."""

    opportunities = serializers.ListField(
        child=ChosenSerializer(), allow_empty=False, max_length=MOST_AT_ONCE
    )
    owner = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=120)
    with_customers = serializers.BooleanField(default=False)


class ReassignedSerializer(serializers.Serializer[Any]):
    """Those that changed hands; the others were there already."""

    reassigned = serializers.ListField(child=serializers.IntegerField())
