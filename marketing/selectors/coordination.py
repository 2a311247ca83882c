"""The coordination list: items in reach, clocks, rates, totals by town and unit (e.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Avg,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncDate

from crm.core.models import User
from marketing.models import CoordinationItem

Rows = QuerySet[CoordinationItem]
DECIDED = Q(decided_at__isnull=False)
CONTACTED = Q(contacted_on__isnull=False)
APPROVED = Q(state=CoordinationItem.State.APPROVED)


def items_in_reach(*, user: User) -> Rows:
    """Every item of a customer the user sees."""
    rows: Rows = CoordinationItem.objects.visible_to(user)
    return rows


def items_of(*, user: User | None = None, scopes: Iterable[tuple[int, int]] | None = None) -> Rows:
    """Items in the user's reach, else those of customers inside these intervals of the tree."""
    if user is not None:
        return items_in_reach(user=user)
    wanted = Q(pk__in=[])
    for pair in scopes or ():
        wanted |= Q(customer__scope_no__range=pair)
    return CoordinationItem.objects.filter(wanted)


@dataclass(frozen=True)
class Rates:
    """How far the lists of a period have come. Rates are shares of ``total``, approval of
    ``decided``; None without a denominator. Days run from receipt to the first decision."""

    total: int
    contacted: int
    decided: int
    approved: int
    approved_amount: float
    days: float | None

    @property
    def contact_rate(self) -> float | None:
        """Contacted of all."""
        return self.contacted / self.total if self.total else None

    @property
    def decision_rate(self) -> float | None:
        """Decided of all."""
        return self.decided / self.total if self.total else None

    @property
    def approval_rate(self) -> float | None:
        """Approved of the decided."""
        return self.approved / self.decided if self.decided else None


FIGURES = {
    "total": Count("pk"),
    "contacted": Count("pk", filter=CONTACTED),
    "decided": Count("pk", filter=DECIDED),
    "approved": Count("pk", filter=APPROVED),
    "approved_amount": Sum("approved_amount", filter=APPROVED),
    "days": Avg(
        ExpressionWrapper(
            TruncDate("decided_at", output_field=DateField()) - F("received_on"),
            output_field=DurationField(),
        ),
        filter=DECIDED,
    ),
}


def rates(
    *,
    first: date,
    last: date,
    user: User | None = None,
    scopes: Iterable[tuple[int, int]] | None = None,
) -> Rates:
    """The rates of items received from ``first`` to ``last``, both included."""
    rows = items_of(user=user, scopes=scopes).filter(received_on__range=(first, last))
    return rates_from(rows.aggregate(**FIGURES))


def rates_from(row: dict[str, object]) -> Rates:
    """The rates of one aggregated row of FIGURES."""
    days = row["days"]
    return Rates(
        total=int(str(row["total"])),
        contacted=int(str(row["contacted"])),
        decided=int(str(row["decided"])),
        approved=int(str(row["approved"])),
        approved_amount=float(str(row["approved_amount"] or 0)),
        days=days.total_seconds() / 86_400 if days is not None else None,  # type: ignore[attr-defined]
    )
