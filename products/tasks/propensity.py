"""The propensity model in the background: trained anew each month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


def _day(params: dict[str, Any]) -> date:
    """The day of the work: as it was asked for, else today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind(
    "propensity.train",
    label=_("Train the propensity model"),
    can=Can.EDIT_MATCHING,
    is_atomic=False,
)
def train(work: Work) -> None:
    """A model of the day is kept, and active unless worse; the same data keep the same model."""
    from products.services import propensity_training

    model = propensity_training.train(as_of=_day(work.params))
    work.advance(model.metrics.get("customers", 0))
