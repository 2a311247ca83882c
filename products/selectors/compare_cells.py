"""The cells of a comparison: what stands in them, what is wrong with them, how they rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core.conditions import Answer, Facts
from crm.core.models import IndustryCode
from products.finance import Case
from products.models import CompetitorProduct
from products.selectors.offered import Offered, Priced, amount_broken, term_broken
from products.selectors.terms import (
    REPAYMENT,
    amount_text,
    guarantee_text,
    joined,
    money_words,
    percent_text,
    rate_text,
    repayment_text,
    statements,
    term_text,
)
from products.selectors.version_words import fee_text, hours_text

NAMED = 3  # industries named in a cell; the others are counted


@dataclass(frozen=True)
class Cell:
    """One figure of one product; ``rank`` orders the row, the lowest is best, None has no part."""

    text: str
    note: str = ""
    tone: str = ""
    rank: Decimal | None = None
    is_best: bool = False
    is_old: bool = False  # of an expired record


def _unknown() -> Cell:
    return Cell(_("not on record"), tone="unknown")


def _bounded(text: str, broken: str, rank: Decimal | None) -> Cell:
    """A bound that the case breaks is red, and is not the best."""
    return Cell(text, broken, "bad") if broken else Cell(text, rank=rank)


def amount_cell(one: Priced, case: Case) -> Cell:
    """The bounds, the largest is best; out of it where the case does not fit."""
    version, text = one.offer.version, amount_text(one.offer.version)
    if not text:
        return _unknown()
    most = version.amount_max
    return _bounded(text, amount_broken(one.offer, case), -most if most is not None else None)


def term_cell(one: Priced, case: Case) -> Cell:
    """The bounds, the longest is best; out of it where the case does not fit."""
    version, text = one.offer.version, term_text(one.offer.version)
    if not text:
        return _unknown()
    longest = version.term_max_months
    return _bounded(text, term_broken(one.offer, case), Decimal(-longest) if longest else None)


def rate_cell(one: Priced) -> Cell:
    low, high = one.offer.rate_low, one.offer.rate_high
    if low is None:
        return _unknown()
    text = percent_text(low)
    if high is not None and high != low:
        text = f"{text}–{percent_text(high)}"
    note = rate_text(one.offer.version) if one.offer.is_ours else ""
    return Cell(text, note, rank=low)


def fees_cell(one: Priced) -> Cell:
    if not one.offer.fees:
        return (
            Cell(_("none known"), rank=Decimal(0))
            if one.offer.record
            else Cell(_("none"), rank=Decimal(0))
        )
    if one.side is None or one.side.cost is None:
        return _unknown()
    total = one.side.cost.fee
    return Cell(money_words(total), _fee_words(one.offer), rank=total)


def _fee_words(offer: Offered) -> str:
    """How the fees are charged."""
    if offer.is_ours:
        return statements(f"{fee.name} {fee_text(fee)}" for fee in offer.version.fees.all())
    parts = []
    for fee in offer.fees:
        size = percent_text(fee.share) if fee.share is not None else money_words(fee.sum_amount)
        words = {"upfront": _("%(size)s at the start"), "yearly": _("%(size)s a year")}
        parts.append(words[fee.timing] % {"size": size})
    return statements(parts)


def all_in_cell(one: Priced) -> Cell:
    if one.all_in is None:
        return Cell(_("not on record"), one.side.problem if one.side else "", "unknown")
    notes = []
    if one.dearest is not None:
        notes.append(_("up to %(rate)s") % {"rate": percent_text(one.dearest)})
    if one.side:
        by = _("by %(mode)s (assumed)") if one.is_assumed else _("by %(mode)s")
        notes.append(by % {"mode": str(REPAYMENT.get(one.side.mode, one.side.mode)).lower()})
    return Cell(percent_text(one.all_in), " · ".join(notes), rank=one.all_in)


def guarantee_cell(one: Priced) -> Cell:
    modes = one.offer.version.guarantee_modes
    if not modes:
        return _unknown()
    return Cell(guarantee_text(one.offer.version), rank=Decimal("credit" not in modes))


def repayment_cell(one: Priced) -> Cell:
    modes = one.offer.version.repayment_modes
    if not modes:
        return _unknown()
    return Cell(repayment_text(one.offer.version), rank=Decimal(-len(modes)))


def admission_cell(one: Priced, facts: Facts | None) -> Cell:
    """What they ask for; for one customer, whether it gets in."""
    admission = one.offer.admission(facts or {})
    told = statements(line.text for line in admission.lines)
    if facts is None:
        return Cell(told) if told else _unknown()
    match admission.answer:
        case Answer.YES:
            return Cell(_("passes"), told, "good", Decimal(0))
        case Answer.NO:
            return Cell(_("does not pass"), statements(admission.failed), "fail", Decimal(2))
    missing = joined(admission.missing) or statements(admission.unclear)
    return Cell(_("cannot tell yet"), missing, "unknown", Decimal(1))


def appetite_cell(one: Priced, names: Mapping[str, str]) -> Cell:
    """Whom they want and whom they do not."""
    if one.offer.record is not None:
        return Cell(appetite_text(one.offer.record.product, names) or _("not on record"))
    version = one.offer.version
    parts = (
        (_("wants %(codes)s"), version.target_industries),
        (_("avoids %(codes)s"), version.avoided_industries),
    )
    return Cell(_told(parts, names) or _("any industry"))


def appetite_text(product: CompetitorProduct, names: Mapping[str, str]) -> str:
    """Industries wanted, limited and avoided, and the regions it is sold in."""
    parts = (
        (_("wants %(codes)s"), product.wanted_industries),
        (_("limits %(codes)s"), product.limited_industries),
        (_("avoids %(codes)s"), product.avoided_industries),
        (_("in regions %(codes)s"), product.regions),
    )
    return _told(parts, names)


def industry_names(offers: Iterable[Offered]) -> Mapping[str, str]:
    """The names of every industry these offers speak of, in one query."""
    codes: set[str] = set()
    for offer in offers:
        shape = offer.version
        codes.update(shape.target_industries, shape.avoided_industries)
        if offer.record is not None:
            theirs = offer.record.product
            for part in (
                theirs.wanted_industries, theirs.limited_industries, theirs.avoided_industries
            ):  # fmt: skip
                codes.update(part)
    rows = IndustryCode.objects.filter(pk__in=codes) if codes else IndustryCode.objects.none()
    return {row.pk: row.name_zh for row in rows}


def _told(parts: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str]) -> str:
    return statements(text % {"codes": _few(codes, names)} for text, codes in parts if codes)


def _few(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """The first names, and how many there are where they are more."""
    shown = joined(names.get(code, code) for code in codes[:NAMED])
    if len(codes) <= NAMED:
        return shown
    more = len(codes) - NAMED
    return ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more) % {
        "names": shown,
        "more": more,
    }


def time_cell(one: Priced) -> Cell:
    hours = one.offer.version.processing_hours
    if hours is None:
        return _unknown()
    return Cell(hours_text(hours), rank=Decimal(hours))
