"""What facts say about one opportunity: the features that the checks of the gates read.

None is "not known", which a person's word with proof may replace where the check allows it.
Facts count from the day the opportunity was opened, so an old loan never wins a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from crm.core.months import last_closed, month_start, ym_of
from crm.core.parameters import Parameters
from customers.models import (
    AcquiringMonth,
    Customer,
    DepositMonth,
    Holding,
    Loan,
    LoanApplication,
    PayrollMonth,
    Portrait,
    ProductFamily,
)
from marketing.models import Opportunity, Visit
from marketing.planning.valid import valid_visits
from products.models import ProductVersion

PERSONS = frozenset(
    {
        Customer.PartyType.OWNER,
        Customer.PartyType.INDIVIDUAL,
        Customer.PartyType.FARM_HOUSEHOLD,
    }
)
GONE = frozenset({Customer.RegistryStatus.REVOKED, Customer.RegistryStatus.CANCELLED})
OPENED_AS_HOLDING = frozenset({ProductFamily.CREDIT_CARD, ProductFamily.INSTALMENT})
FROM_PORTRAIT = frozenset({"has_size", "has_industry", "list_hits", "completeness"})


def facts_of(
    opportunity: Opportunity, features: Iterable[str], *, known: Parameters
) -> dict[str, Any]:
    """The values of these features; on the day of ``known``."""
    wanted = {feature for feature in features if feature}
    found: dict[str, Any] = {}
    if wanted & FROM_PORTRAIT:
        found |= _from_portrait(opportunity.customer)
    for feature in wanted - FROM_PORTRAIT:
        found[feature] = READERS[feature](opportunity, known)
    return {feature: found[feature] for feature in wanted}


def _from_portrait(customer: Customer) -> dict[str, Any]:
    """Size, industry, lists and completeness; unknown while there is no portrait."""
    names = ("size_class", "is_dishonest", "is_abnormal", "open_enforcements", "completeness")
    row = Portrait.objects.filter(customer=customer).values(*names).first()
    known = row or dict.fromkeys(names)
    is_person = customer.party_type in PERSONS
    is_sized = known["size_class"] not in (None, "", Customer.SizeClass.UNKNOWN)
    return {
        "has_size": is_person or is_sized or None,
        "has_industry": is_person or customer.industry_id is not None or None,
        "list_hits": _list_hits(customer, known),
        "completeness": known["completeness"],
    }


def _list_hits(customer: Customer, known: dict[str, Any]) -> int | None:
    """How many lists name the customer; unknown while one was not looked at and none hits."""
    looked = (known["is_dishonest"], known["is_abnormal"], known["open_enforcements"])
    hits = sum(1 for value in looked if value) + (customer.registry_status in GONE)
    return hits if hits or None not in looked else None


def _has_need(row: Opportunity, known: Parameters) -> bool | None:
    """Written at the opening, or heard at the visit it came from."""
    return True if row.title or (row.visit is not None and row.visit.need) else None


def _visits(row: Opportunity, known: Parameters) -> int:
    """Valid visits since the day of the opening, the one it came from included."""
    score = known.number("quality.valid_score")
    visits = Visit.objects.filter(valid_visits(score), customer=row.customer_id)
    since = Q(started_at__date__gte=timezone.localdate(row.opened_at))
    found = visits.filter(since | Q(pk=row.visit_id or 0), started_at__date__lte=known.as_of)
    return int(found.count())


def _is_approved(row: Opportunity, known: Parameters) -> bool | None:
    """The newest decision on an application of this family since the opening."""
    since = timezone.localdate(row.opened_at)
    decided = (
        LoanApplication.objects.filter(
            customer=row.customer_id,
            family=row.family,
            decided_on__gte=since,
            decided_on__lte=known.as_of,
        )
        .order_by("-decided_on", "-pk")
        .values_list("decision", flat=True)
        .first()
    )
    answers = {
        LoanApplication.Decision.APPROVED: True,
        LoanApplication.Decision.REFUSED: False,
    }
    return answers.get(LoanApplication.Decision(decided)) if decided else None


def _has_drawn(row: Opportunity, known: Parameters) -> bool | None:
    """A loan of this family drawn since the opening; cards and instalments are holdings."""
    if row.family in OPENED_AS_HOLDING:
        return _has_holding(row, known)
    since = timezone.localdate(row.opened_at)
    drawn = Loan.objects.filter(
        customer=row.customer_id, family=row.family, drawn_on__gte=since, drawn_on__lte=known.as_of
    )
    return True if drawn.exists() else None


def _has_holding(row: Opportunity, known: Parameters) -> bool | None:
    since = timezone.localdate(row.opened_at)
    held = Holding.objects.filter(
        customer=row.customer_id,
        family=row.family,
        opened_on__gte=since,
        opened_on__lte=known.as_of,
    )
    return True if held.exists() else None


def _whole_months(row: Opportunity, known: Parameters) -> tuple[int, int]:
    """The first and the last month that lie wholly after the opening and are closed."""
    return ym_of(timezone.localdate(row.opened_at)) + 1, last_closed(known.as_of)


def _month_low(row: Opportunity, known: Parameters) -> Any:
    """The best of the lowest balances of whole months since the opening, in yuan."""
    months = DepositMonth.objects.filter(
        customer=row.customer_id,
        ym__range=_whole_months(row, known),
        minimum_amount__isnull=False,
    )
    return months.order_by("-minimum_amount").values_list("minimum_amount", flat=True).first()


def _receipts_a_day(row: Opportunity, known: Parameters) -> float | None:
    """The mean receipts a day of the best whole month since the opening."""
    months = AcquiringMonth.objects.filter(
        customer=row.customer_id, ym__range=_whole_months(row, known)
    ).values_list("ym", "receipts")
    means = [receipts / (month_start(ym + 1) - month_start(ym)).days for ym, receipts in months]
    return max(means, default=None)


def _wages_paid(row: Opportunity, known: Parameters) -> int | None:
    """Payrolls paid since the opening; None before the first."""
    since = timezone.localdate(row.opened_at)
    months = PayrollMonth.objects.filter(customer=row.customer_id, heads__gt=0)
    dated = months.filter(paid_on__gte=since, paid_on__lte=known.as_of)
    whole = months.filter(paid_on__isnull=True, ym__range=_whole_months(row, known))
    return (dated | whole).count() or None


def _is_on_offer(row: Opportunity, known: Parameters) -> bool | None:
    """A version was chosen, and it is the one on offer."""
    version = row.version_chosen
    if version is None:
        return None
    return bool(version.state == ProductVersion.State.EFFECTIVE)


READERS: dict[str, Callable[[Opportunity, Parameters], Any]] = {
    "has_need": _has_need,
    "has_version": _is_on_offer,
    "has_amount": lambda row, known: row.amount is not None or None,
    "has_time": lambda row, known: row.expected_on is not None or None,
    "visits": _visits,
    "is_approved": _is_approved,
    "has_drawn": _has_drawn,
    "has_holding": _has_holding,
    "month_low": _month_low,
    "receipts_a_day": _receipts_a_day,
    "wages_paid": _wages_paid,
}
