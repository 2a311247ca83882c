"""The weights of the score: those in force, those that wait for a second person, those before."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core.models import Job, JobRange
from crm.core.words import Text
from products.models import MatchWeights, Product

PARTS: dict[str, Text] = {  # they sum to 100 (d.4 step 2)
    "need": _("Need"),
    "segment": _("Customer group"),
    "repayment": _("Repayment"),
    "guarantee": _("Guarantee"),
    "price": _("Price"),
    "speed": _("Speed"),
    "channel": _("Channel"),
    "strategy": _("Branch strategy"),
}
COMPARE = "matches.compare"
DEDUCTIONS: dict[str, Text] = {
    "limited_industry": _("Limited industry"),
    "amber_warning": _("Amber warning"),
}


def weights_history() -> QuerySet[MatchWeights]:
    """Every set, the newest first."""
    return MatchWeights.objects.select_related("proposed_by", "decided_by")


def active_weights() -> MatchWeights | None:
    """The set in force; None where none was ever put in force."""
    return weights_history().filter(state=MatchWeights.State.ACTIVE).first()


def weights_set(*, version: int) -> MatchWeights:
    """The set of this version number, or DoesNotExist."""
    return weights_history().get(version=version)


def newest_comparison(*, old: int, new: int) -> tuple[Job | None, dict[str, Any] | None]:
    """The newest job that compares these sets, and the newest result there is."""
    jobs = Job.objects.filter(kind=COMPARE, params__old=old, params__new=new)
    done = JobRange.objects.filter(job__in=jobs, state=JobRange.State.DONE).order_by("-job")
    result: dict[str, Any] | None = done.values_list("result", flat=True).first()
    return jobs.order_by("-pk").first(), result


def moved_products(result: dict[str, Any]) -> list[tuple[Product, int, int, int]]:
    """Products that the newer set shows more or less often: before, after, difference."""
    known = {
        row.code: row for row in Product.objects.filter(code__in=[m[0] for m in result["moved"]])
    }
    return [
        (known[code], before, after, after - before)
        for code, before, after in result["moved"]
        if code in known
    ]
