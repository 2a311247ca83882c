"""Visits are checked for signs of fakes when they are logged, and drawn for review each week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from crm.core.parameters import parameters
from marketing.models import Visit
from marketing.planning.flags import Limits, limits_of
from marketing.planning.sample import drawn
from marketing.selectors.plan_due import monday_of
from marketing.selectors.quality import flags_of, keys_of_week, touched_by, visits_of_week


def check_visits(*, visit_ids: Iterable[int]) -> int:
    """These visits and those they bear on carry the flags that the facts give; returns how many.

    Safe to repeat: the same facts, limits and order of visits give the same flags.
    """
    limits = limits_of(parameters(timezone.localdate()))
    asked = list(Visit.objects.filter(pk__in=list(visit_ids)).order_by("started_at", "pk"))
    keys = dict.fromkeys(key for visit in asked for key in (visit.pk, *touched_by(visit)))
    return sum(_check(key, limits) for key in keys)


@transaction.atomic
def _check(visit_id: int, limits: Limits) -> bool:
    """The flags of one visit are what the facts give; whether it is there."""
    visit = Visit.objects.select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None:
        return False
    flags = flags_of(visit, limits)
    if visit.flags != flags:
        visit.flags = flags
        visit.save(update_fields=["flags"])
    return True


@transaction.atomic
def draw_sample(*, week_on: date) -> int:
    """Of each manager's visits of the week a share is drawn, one at least; returns how many.

    Drawn once: who has a drawn visit in the week already is left as it is.
    """
    week_on = monday_of(week_on)
    share = parameters(week_on).share("quality.review_share")
    managers = visits_of_week(week_on).order_by().values_list("manager_id", flat=True).distinct()
    count = 0
    for manager_id in managers:
        rows = list(keys_of_week(manager_id, week_on))
        if any(sampled_on for _pk, _key, sampled_on in rows):
            continue
        chosen = set(drawn((key for _pk, key, _on in rows), week_on=week_on, share=share))
        chosen_ids = [pk for pk, key, _on in rows if key in chosen]
        count += Visit.objects.filter(pk__in=chosen_ids).update(sampled_on=week_on)
    return count
