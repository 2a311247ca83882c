"""Where our products lag behind the market: the gap score of every product of ours (COM-3).

score = rate gap in basis points / 10 + amount gap + time gap + admission gap, each at least 0.
Amount, time and admission have ``competitor.gap_points`` (10) points each at most:
amount 10 x (1 - ours / theirs), time 10 x (1 - theirs / ours), admission one point for each
condition we have more than they. What is not known has no points and is shown as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.core.parameters import parameters
from products.finance import Case
from products.finance.terms import due_date
from products.models import ProductVersion
from products.selectors.admission import conditions_of
from products.selectors.calculator import credit_versions, our_terms
from products.selectors.competitors import current_records
from products.selectors.offered import Offered, Priced, our_offer, priced, their_offer
from products.selectors.terms import lpr_on

USUAL_AMOUNT = Decimal(300_000)
USUAL_MONTHS = 12
BASIS_POINTS = Decimal(10_000)
PLACES = Decimal("0.1")


@dataclass(frozen=True)
class Gap:
    """One product of ours against one of theirs; points of None are unknown."""

    ours: Priced
    theirs: Priced | None
    case: Case
    rate_bp: Decimal | None = None  # above zero we are dearer
    rate: Decimal | None = None
    amount: Decimal | None = None
    time: Decimal | None = None
    admission: Decimal | None = None

    @property
    def parts(self) -> tuple[Decimal | None, ...]:
        """The four summands in the order of the formula."""
        return (self.rate, self.amount, self.time, self.admission)

    @property
    def score(self) -> Decimal | None:
        """The sum of what is known; None without a competitor."""
        if self.theirs is None:
            return None
        return sum((part for part in self.parts if part is not None), Decimal(0))


def gaps(as_of: date) -> list[Gap]:
    """Every credit product of ours against its strongest competitor, the widest gap first.

    Only records that hold on ``as_of`` count; a product without one has no score and stands last.
    """
    versions = list(credit_versions().prefetch_related("rules"))
    if not versions:
        return []
    most = parameters(as_of).decimal("competitor.gap_points")
    theirs = [their_offer(record) for record in current_records(as_of) if record.age.is_valid]
    quote = lpr_on(as_of)
    found = []
    for version in versions:
        rivals = [
            offer
            for offer in theirs
            if offer.record and offer.record.product.family == version.product.family
        ]
        found.append(widest(our_offer(our_terms(version, quote)), rivals, as_of, most))
    return sorted(found, key=lambda gap: (gap.score is None, -(gap.score or 0)))


def widest(ours: Offered, rivals: Sequence[Offered], as_of: date, most: Decimal) -> Gap:
    """Against the competitor that leaves the widest gap."""
    case = usual_case(ours.version, as_of)
    mine = priced(ours, case)
    found = [gap_between(mine, priced(rival, case), case, most) for rival in rivals]
    return max(found, key=lambda gap: gap.score or Decimal(0), default=Gap(mine, None, case))


def usual_case(version: ProductVersion, as_of: date) -> Case:
    """300,000 yuan for 12 months, or the nearest that the version lends."""
    amount = max(USUAL_AMOUNT, version.amount_min or USUAL_AMOUNT)
    amount = min(amount, version.amount_max or amount)
    longest = version.draw_max_months or version.term_max_months or USUAL_MONTHS
    months = max(min(USUAL_MONTHS, longest), version.term_min_months or 1)
    return Case(amount, months, due_date(as_of, 2))


def gap_between(ours: Priced, theirs: Priced, case: Case, most: Decimal) -> Gap:
    """The four summands for one competitor."""
    basis = None
    if ours.all_in is not None and theirs.all_in is not None:
        basis = (ours.all_in - theirs.all_in) * BASIS_POINTS
    mine, other = ours.offer.version, theirs.offer.version
    return Gap(
        ours=ours,
        theirs=theirs,
        case=case,
        rate_bp=basis.quantize(PLACES) if basis is not None else None,
        rate=_points(basis / 10) if basis is not None else None,
        amount=_shortfall(mine.amount_max, other.amount_max, most),
        time=_shortfall(_number(other.processing_hours), _number(mine.processing_hours), most),
        admission=_more_conditions(ours.offer, theirs.offer, most),
    )


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _shortfall(less: Decimal | None, more: Decimal | None, most: Decimal) -> Decimal | None:
    """``most`` x (1 - less / more) where ``less`` is the smaller one, else nothing."""
    if less is None or more is None:
        return None
    return _points(most * (1 - less / more)) if 0 <= less < more else Decimal(0)


def _more_conditions(ours: Offered, theirs: Offered, most: Decimal) -> Decimal | None:
    """One point for each condition that we have more; unknown where theirs are not known."""
    if theirs.record is None:
        return None
    count = len(conditions_of(theirs.record.product))
    if not count:
        return None
    return min(max(Decimal(len(ours.version.rules.all()) - count), Decimal(0)), most)


def _points(value: Decimal) -> Decimal:
    return max(value, Decimal(0)).quantize(PLACES)
