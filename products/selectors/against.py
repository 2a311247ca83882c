"""Who can beat us with one customer: who would take it, at what cost, how we answer (COM-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.core.conditions import Answer
from crm.core.masking import reads_bands
from crm.core.models import User
from crm.core.money import grouped
from customers.models import Customer
from products.finance import Case, yearly_saving
from products.finance.terms import due_date
from products.models import ProductVersion
from products.selectors.admission import Admission, facts_of
from products.selectors.book import industry_stances
from products.selectors.calculator import our_terms, readable_versions
from products.selectors.compare import Comparison, comparison
from products.selectors.competitors import current_records
from products.selectors.gap import usual_case
from products.selectors.offered import (
    Offered,
    Priced,
    our_offer,
    priced,
    their_offer,
    with_bounds,
    with_terms,
)
from products.selectors.terms import joined, lpr_on, percent_text

SHOWN = 3  # of theirs, beside ours
ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True)
class Rival:
    """One offer of theirs for this customer."""

    priced: Priced
    admission: Admission
    break_even: Decimal | None  # the rate at which ours costs the same all in
    saving: Decimal | None  # yuan a year the customer saves with us; below zero with them

    @property
    def name(self) -> str:
        """Bank and product."""
        return f"{self.priced.offer.owner} {self.priced.offer.name}"

    @property
    def is_out(self) -> bool:
        """Whether the customer does not get in there."""
        return self.admission.answer == Answer.NO

    @property
    def saving_size(self) -> Decimal:
        """Whole yuan a year, without their sign."""
        return abs(self.saving or Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP)

    @property
    def is_cheaper(self) -> bool:
        """Whether it costs the customer less than ours."""
        return self.saving is not None and self.saving < 0

    @property
    def beats_us(self) -> bool:
        """Cheaper, and the customer would get it."""
        return self.is_cheaper and self.admission.answer == Answer.YES


@dataclass(frozen=True)
class Against:
    """Ours beside theirs for one customer and case; ``sentence`` says what follows."""

    customer: Customer
    version: ProductVersion
    case: Case
    ours: Priced
    rivals: tuple[Rival, ...]  # the dangerous ones first; expired records are not among them
    expired: int
    table: Comparison
    sentence: str


def against(*, user: User, customer_id: int, version_id: int, as_of: date) -> Against | None:
    """The comparison for a customer in reach; None for others, and for what is no credit."""
    customer = Customer.objects.visible_to(user).filter(pk=customer_id).first()
    version = readable_versions().prefetch_related("rules").filter(pk=version_id).first()
    if customer is None or version is None or not version.repayment_modes:
        return None
    facts = facts_of(user=user, customer_id=customer_id)
    asked = {} if reads_bands(user) else facts  # the sum wanted is not for everybody
    case = wanted_case(version, asked, as_of)
    terms, exits = our_terms(version, lpr_on(as_of)), industry_stances(as_of)[0]
    ours = priced(our_offer(terms, exits), case)
    records = current_records(as_of, families=[version.product.family])
    offers = [their_offer(record) for record in records if record.age.is_valid]
    rivals = sorted((_rival(ours, offer, case, facts) for offer in offers), key=_danger)
    columns = [ours.offer, *(rival.priced.offer for rival in rivals[:SHOWN])]
    return Against(
        customer=customer,
        version=version,
        case=case,
        ours=ours,
        rivals=tuple(rivals),
        expired=len(records) - len(offers),
        table=comparison(columns, case, mode=ours.side.mode if ours.side else "", facts=facts),
        sentence=closing_sentence(ours, rivals),
    )


def wanted_case(version: ProductVersion, facts: Mapping[str, Any], as_of: date) -> Case:
    """What the customer wants or needs, within what the version lends; else the usual case."""
    usual = usual_case(version, as_of)
    wanted = facts.get("wanted_amount") or facts.get("need_high")
    amount = usual.amount
    if wanted:
        amount = Decimal(int(wanted))
        amount = max(amount, version.amount_min or amount)
        amount = min(amount, version.amount_max or amount)
    months = int(facts.get("wanted_months") or usual.months)
    longest = version.draw_max_months or version.term_max_months or months
    months = max(min(months, longest), version.term_min_months or 1)
    return Case(amount, months, due_date(as_of, 2))


def _rival(ours: Priced, offer: Offered, case: Case, facts: Mapping[str, Any]) -> Rival:
    theirs = priced(offer, case, ours.side.mode if ours.side else "")
    admission = with_bounds(offer, case, facts)
    if ours.all_in is None or theirs.all_in is None or ours.side is None or not ours.side.cost:
        return Rival(theirs, admission, None, None)
    own = with_terms(Case(case.amount, case.months, case.first_due), ours.offer)
    rate = own.break_even(theirs.all_in, ours.side.mode, ours.offer.fees)
    balance = ours.side.cost.mean_balance
    return Rival(theirs, admission, rate, yearly_saving(ours.all_in, theirs.all_in, balance))


def _danger(rival: Rival) -> tuple[Any, ...]:
    """Those that beat us first, then those that might, then the cheapest."""
    is_threat = rival.is_cheaper and rival.admission.answer != Answer.NO
    return (
        not rival.beats_us,
        not is_threat,
        rival.saving is None,
        ORDER[rival.admission.answer],
        rival.saving or 0,
    )


def closing_sentence(ours: Priced, rivals: Sequence[Rival]) -> str:
    """What a manager may say: who is cheaper and why that does not (or does) matter."""
    if ours.all_in is None:
        return _("Our own cost cannot be calculated for this case.")
    if not rivals:
        return _("No valid record of a competitor in this family: ask whom the customer compares.")
    told = [_cheaper(rival) for rival in rivals if rival.is_cheaper][:2]
    dearer = [rival for rival in rivals if rival.saving is not None and rival.saving >= 0]
    reachable = [rival for rival in dearer if rival.admission.answer != Answer.NO] or dearer
    if reachable:
        nearest = min(reachable, key=lambda rival: rival.saving or 0)
        told.append(
            _("Against %(name)s the customer saves %(saving)s yuan a year with us.")
            % {"name": nearest.name, "saving": grouped(nearest.saving or Decimal(0), 0)}
        )
    return _after_another(told) or _("What the others cost is not known.")


def _cheaper(rival: Rival) -> str:
    """One cheaper offer: that it is out of reach, uncertain, or what it would take."""
    admission = rival.admission
    values = {
        "name": rival.name,
        "saving": grouped(-(rival.saving or Decimal(0)), 0),
        "rate": percent_text(rival.break_even) if rival.break_even is not None else "",
        "missing": joined((admission.missing or admission.unclear)[:2]),
        "why": joined(admission.failed[:2]),
    }
    if admission.answer == Answer.NO:
        text = _("%(name)s is cheaper, but the customer does not get in: %(why)s.")
    elif admission.answer == Answer.UNKNOWN:
        text = _("%(name)s is cheaper; whether the customer gets in hangs on: %(missing)s.")
    elif rival.break_even is None:
        text = _("%(name)s is cheaper by %(saving)s yuan a year; our fees alone cost more.")
    else:
        text = _("%(name)s is cheaper by %(saving)s yuan a year; at %(rate)s we are even.")
    return text % values


def _after_another(sentences: Sequence[str]) -> str:
    """Sentences one after another: Chinese needs no blank between them."""
    return (" " if (get_language() or "").startswith("en") else "").join(sentences)
