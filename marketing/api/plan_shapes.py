"""Shapes of the API of week plans, briefs and reviews."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class StopReasonSerializer(serializers.Serializer[Any]):
    """Why a customer is due, as a sentence."""

    code = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()


class StopSerializer(serializers.Serializer[Any]):
    """One stop; ``leg_m`` is the way from the stop before, null where the place is not known."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    number = serializers.IntegerField()
    purpose = serializers.CharField()
    state = serializers.CharField()
    is_locked = serializers.BooleanField()
    visit = serializers.IntegerField(allow_null=True)
    leg_m = serializers.FloatField(allow_null=True)
    reasons = StopReasonSerializer(many=True)


class PlanDaySerializer(serializers.Serializer[Any]):
    """One day with its stops in route order; ``length_m`` there and back."""

    on = serializers.DateField()
    is_working = serializers.BooleanField()
    capacity = serializers.IntegerField()
    length_m = serializers.FloatField()
    stops = StopSerializer(many=True)


class WeekSerializer(serializers.Serializer[Any]):
    """The week of a manager; ``version`` null: it was not planned yet."""

    manager = serializers.IntegerField()
    week = serializers.DateField()
    version = serializers.IntegerField(allow_null=True)
    days = PlanDaySerializer(many=True)


class PlanWeekSerializer(serializers.Serializer[Any]):
    """The week to plan."""

    week = serializers.DateField()


class PlanAddSerializer(serializers.Serializer[Any]):
    """Who is added, and for which day."""

    customer = serializers.IntegerField(min_value=1)
    on = serializers.DateField()


class PlanVersionSerializer(serializers.Serializer[Any]):
    """The plan as it was read."""

    version = serializers.IntegerField(min_value=1)


class PlanMoveSerializer(PlanVersionSerializer):
    """The other day."""

    on = serializers.DateField()


class PlanLockSerializer(PlanVersionSerializer):
    """Whether it stays on its day."""

    is_locked = serializers.BooleanField()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question; ``worth`` is the expected change of a year's value in yuan."""

    feature = serializers.CharField()
    text = serializers.CharField()
    worth = serializers.FloatField()
    is_old = serializers.BooleanField()
    changes = serializers.ListField(child=serializers.CharField())


class TalkSerializer(serializers.Serializer[Any]):
    """One offer that fits, and what to say of it."""

    code = serializers.CharField()
    name = serializers.CharField()
    score = serializers.FloatField()
    amount = serializers.CharField()
    talk = serializers.ListField(child=serializers.CharField())


class WeakSerializer(serializers.Serializer[Any]):
    """One of the seven categories and the share that is known of it."""

    no = serializers.IntegerField()
    label = serializers.CharField()
    share = serializers.FloatField()


class BriefChangeSerializer(serializers.Serializer[Any]):
    """One thing that differs from the last visit."""

    label = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()
    meaning = serializers.CharField()


class BriefSerializer(serializers.Serializer[Any]):
    """What to know before the door opens (VIS-7)."""

    customer = serializers.IntegerField()
    name = serializers.CharField()
    stage = serializers.CharField()
    tier = serializers.CharField()
    as_of = serializers.DateField()
    promise = serializers.CharField()
    promise_on = serializers.DateField(allow_null=True)
    held = serializers.ListField(child=serializers.CharField())
    rivals = serializers.ListField(child=serializers.CharField())
    changes = BriefChangeSerializer(many=True)
    weakest = WeakSerializer(many=True)
    questions = QuestionSerializer(many=True)
    matches = TalkSerializer(many=True)


class ReviewRowSerializer(serializers.Serializer[Any]):
    """A visit that was drawn or flagged; ``score`` null: nobody gave a mark yet."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_name = serializers.CharField()
    manager = serializers.IntegerField()
    manager_name = serializers.CharField()
    started_at = serializers.DateTimeField()
    flags = serializers.ListField(child=serializers.CharField())
    sampled_on = serializers.DateField(allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    version = serializers.IntegerField()


class ReviewPageSerializer(serializers.Serializer[Any]):
    """A page; ``next`` and ``previous`` are what follows the question mark."""

    results = ReviewRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ReviewMarkSerializer(serializers.Serializer[Any]):
    """A mark from 0 to 5 for the visit as it was read."""

    score = serializers.IntegerField(min_value=0, max_value=5)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    version = serializers.IntegerField(min_value=1)
