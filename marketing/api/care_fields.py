"""Fields of care tasks, complaints, relief and satisfaction in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from marketing.care.kinds import COMPLAINT_KINDS, PROPOSALS
from marketing.models import Relief


class CareTaskSerializer(serializers.Serializer[Any]):
    """One care task with its reasons as a sentence."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    kind = serializers.CharField()
    sentence = serializers.CharField()
    due_on = serializers.DateField()
    owner = serializers.CharField()
    state = serializers.CharField()
    outcome = serializers.CharField()


class CarePageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are values of ``at``."""

    results = CareTaskSerializer(many=True)
    next = serializers.CharField(allow_blank=True)
    previous = serializers.CharField(allow_blank=True)


class CareCloseSerializer(serializers.Serializer[Any]):
    """What was done; ``drop`` where it was not needed."""

    outcome = serializers.CharField(max_length=200)
    drop = serializers.BooleanField(required=False, default=False)


class ComplaintSerializer(serializers.Serializer[Any]):
    """One complaint."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    received_on = serializers.DateField()
    due_on = serializers.DateField()
    owner = serializers.CharField()
    state = serializers.CharField()
    cause = serializers.CharField()
    fix = serializers.CharField()
    handed_by = serializers.CharField()
    handed_note = serializers.CharField()


class HandlerSerializer(serializers.Serializer[Any]):
    """Somebody who may handle a complaint."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()


class HandComplaintSerializer(serializers.Serializer[Any]):
    """Who works on it from now on (``handlers`` names them), and what is asked for."""

    to = serializers.IntegerField(min_value=1)
    note = serializers.CharField(max_length=200)


class ComplaintPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are values of ``at``."""

    results = ComplaintSerializer(many=True)
    next = serializers.CharField(allow_blank=True)
    previous = serializers.CharField(allow_blank=True)


class NewComplaintSerializer(serializers.Serializer[Any]):
    """A complaint as it came in."""

    customer = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=list(COMPLAINT_KINDS))
    text = serializers.CharField(max_length=2000)
    received_on = serializers.DateField(required=False, allow_null=True, default=None)


class CloseComplaintSerializer(serializers.Serializer[Any]):
    """Cause and cure."""

    cause = serializers.CharField(max_length=200)
    fix = serializers.CharField(max_length=200)


class ReliefSerializer(serializers.Serializer[Any]):
    """A customer short of cash; amounts in words, as bands for readers who see bands."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    months = serializers.CharField()
    cash = serializers.CharField()
    cost = serializers.CharField()
    five_class = serializers.CharField()
    state = serializers.CharField()
    proposals = serializers.ListField(child=serializers.CharField())
    outcome_due_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class ReliefPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are values of ``at``."""

    results = ReliefSerializer(many=True)
    next = serializers.CharField(allow_blank=True)
    previous = serializers.CharField(allow_blank=True)


class ProposalSerializer(serializers.Serializer[Any]):
    """What is proposed, on the version that was read."""

    proposals = serializers.ListField(child=serializers.ChoiceField(choices=list(PROPOSALS)))
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    version = serializers.IntegerField()


class ReliefOutcomeSerializer(serializers.Serializer[Any]):
    """What came of it, on the version that was read."""

    outcome = serializers.ChoiceField(choices=Relief.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    version = serializers.IntegerField()


class MarkLineSerializer(serializers.Serializer[Any]):
    """Marks of one manager, product or occasion; ``rate`` is drawn / submitted."""

    key = serializers.CharField()
    label = serializers.CharField()
    marks = serializers.IntegerField()
    average = serializers.FloatField(allow_null=True)
    low = serializers.IntegerField()
    submitted = serializers.IntegerField()
    drawn = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)


class MarkTableSerializer(serializers.Serializer[Any]):
    """Marks split one way."""

    key = serializers.CharField()
    lines = MarkLineSerializer(many=True)


class SatisfactionSerializer(serializers.Serializer[Any]):
    """All splits of a period."""

    days = serializers.IntegerField()
    tables = MarkTableSerializer(many=True)


class NewMarkSerializer(serializers.Serializer[Any]):
    """A mark from 1 to 5; ``subject`` names what it was asked about, once each."""

    customer = serializers.IntegerField(min_value=1)
    after = serializers.CharField(max_length=10)
    mark = serializers.IntegerField()
    family = serializers.CharField(required=False, allow_blank=True, max_length=24, default="")
    subject = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
