"""A product of ours or theirs as a comparison reads it, and what it costs for one case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.core.conditions import Answer, Facts
from crm.core.words import Text
from products.finance import Case, Fee, Side, one_side
from products.models import CompetitorProduct, ProductVersion
from products.selectors.admission import Admission, Line, judged, judged_by_us
from products.selectors.calculator import OurTerms
from products.selectors.competitors import Age, Record
from products.selectors.terms import money_words

USUAL_MODE = "interest_first"


@dataclass(frozen=True)
class Offered:
    """One product as a comparison reads it; ``record`` is None for ours."""

    key: str  # v12 for a version of ours, p3 for a record of theirs
    name: str
    owner: Text
    href: str
    version: ProductVersion  # theirs is put into this shape, unsaved
    rate_low: Decimal | None
    rate_high: Decimal | None
    fees: tuple[Fee, ...]
    record: Record | None = None
    exits: tuple[str, ...] = ()  # industries that we lend to no more

    @property
    def is_ours(self) -> bool:
        """Whether it is a product of this bank."""
        return self.record is None

    @property
    def age(self) -> Age | None:
        """How old the record is; None for ours."""
        return self.record.age if self.record else None

    @property
    def counts(self) -> bool:
        """Whether it may be the best of a row: an expired record may not."""
        return self.age is None or self.age.is_valid

    def admission(self, facts: Facts) -> Admission:
        """Whether a customer of these facts would get it."""
        if self.record is not None:
            return judged(self.record.product, facts)
        return judged_by_us(self.version, facts, exits=self.exits)


@dataclass(frozen=True)
class Priced:
    """An offer with its cost for the case; ``mode`` is the one calculated."""

    offer: Offered
    side: Side | None
    dearest: Decimal | None  # all-in at its highest rate
    is_assumed: bool = False  # the mode of repayment is not known; the usual one was taken

    @property
    def all_in(self) -> Decimal | None:
        """All-in yearly cost at its lowest rate."""
        return self.side.all_in if self.side else None


def our_offer(terms: OurTerms, exits: tuple[str, ...] = ()) -> Offered:
    """A version of ours as one column; whether a customer gets it depends on ``exits`` too."""
    version = terms.version
    return Offered(
        key=f"v{version.pk}",
        name=str(version.product),
        owner=_("Ours"),
        href=version.get_absolute_url(),
        version=version,
        rate_low=terms.rate_low,
        rate_high=terms.rate_high,
        fees=terms.fees,
        exits=exits,
    )


def their_offer(record: Record) -> Offered:
    """A record of theirs as one column."""
    product = record.product
    low, high = product.rate_min, product.rate_max
    return Offered(
        key=f"p{product.pk}",
        name=product.name,
        owner=product.competitor.name,
        href=product.get_absolute_url(),
        version=_in_our_shape(product),
        rate_low=high if low is None else low,
        rate_high=low if high is None else high,
        fees=fees_of(product),
        record=record,
    )


def fees_of(product: CompetitorProduct) -> tuple[Fee, ...]:
    """What they charge beside interest."""
    found = []
    if product.upfront_fee_share:
        found.append(Fee("upfront", share=product.upfront_fee_share))
    if product.yearly_fee_amount:
        found.append(Fee("yearly", product.yearly_fee_amount))
    return tuple(found)


def _in_our_shape(product: CompetitorProduct) -> ProductVersion:
    """Their terms as an unsaved version, so that both are told in the same words."""
    names = (
        "amount_min", "amount_max", "term_min_months", "term_max_months", "is_revolving",
        "guarantee_modes", "repayment_modes", "processing_hours", "channels",
    )  # fmt: skip
    return ProductVersion(**{name: getattr(product, name) for name in names})


def amount_broken(offer: Offered, case: Case) -> str:
    """Why they do not lend this amount; empty where they do or it is not known."""
    least, most = offer.version.amount_min, offer.version.amount_max
    if most is not None and case.amount > most:
        return _("%(amount)s short") % {"amount": money_words(case.amount - most)}
    if least is not None and case.amount < least:
        return _("only from %(amount)s") % {"amount": money_words(least)}
    return ""


def term_broken(offer: Offered, case: Case) -> str:
    """Why they do not lend for this long in one draw; empty where they do or it is not known."""
    version = offer.version
    least, most = version.term_min_months, version.draw_max_months or version.term_max_months
    if most is not None and case.months > most:
        return _("at most %(months)s months") % {"months": most}
    if least is not None and case.months < least:
        return _("only from %(months)s months") % {"months": least}
    return ""


def with_bounds(offer: Offered, case: Case, facts: Facts) -> Admission:
    """Whether a customer of these facts would get this case there."""
    told = (amount_broken(offer, case), term_broken(offer, case))
    broken = [Line(text, Answer.NO) for text in told if text]
    return Admission((*broken, *offer.admission(facts).lines))


def with_terms(case: Case, offer: Offered) -> Case:
    """The case with the due months and the yearly repayment of the offer; theirs name neither."""
    version = offer.version
    return replace(
        case,
        season_months=version.season_months or case.season_months,
        yearly_principal_share=version.yearly_principal_share or case.yearly_principal_share,
    )


def priced(offer: Offered, case: Case, wanted: str = "") -> Priced:
    """The offer's cost by ``wanted`` mode where it has it, else the first that can be had."""
    modes = list(offer.version.repayment_modes)
    is_assumed = not modes
    order = [wanted] if wanted in modes else modes or [wanted or USUAL_MODE]
    if offer.rate_low is None:
        return Priced(offer, None, None, is_assumed)
    own = with_terms(case, offer)
    sides = (one_side(own, mode, offer.rate_low, offer.fees) for mode in [*order, *modes])
    side = next((found for found in sides if found.all_in is not None), None)
    dearest = None
    if side is not None and offer.rate_high not in (None, offer.rate_low):
        dearest = one_side(own, side.mode, offer.rate_high or Decimal(0), offer.fees).all_in
    return Priced(offer, side, dearest, is_assumed)
