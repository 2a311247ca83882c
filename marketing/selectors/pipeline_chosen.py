"""Opportunities chosen on the list, and the people who may take them with the work they have."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from crm.core.models import User
from marketing.models import Opportunity


def chosen_opportunities(*, user: User, keys: Iterable[int]) -> list[Opportunity]:
    """Those of these keys in reach, by customer; whatever is outside is not there."""
    rows = Opportunity.objects.visible_to(user).filter(pk__in=list(keys))
    return list(rows.select_related("customer", "owner").order_by("customer__name", "pk"))


def open_counts(people: Iterable[User]) -> dict[int, int]:
    """How many open opportunities each of these people has; none is left out."""
    rows = Opportunity.objects.filter(owner__in=[one.pk for one in people], state="open")
    return dict(rows.values_list("owner").annotate(count=Count("pk")).order_by())
