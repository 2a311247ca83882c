"""Need fit (d.4 step 2): is it wanted, for as much, for as long, and for this use."""

from __future__ import annotations

from collections.abc import Mapping

from customers.features.declared import PURPOSES
from customers.features.demand import NEEDS, STAGE_NEEDS
from customers.models import ProductFamily
from products.matching.book import Offer, Tuning
from products.matching.sheet import Sheet, number

_NEED_OF_FAMILY: dict[str, tuple[str, ...]] = {}
for _need in NEEDS:
    for _family in _need.families:
        _NEED_OF_FAMILY[_family] = (*_NEED_OF_FAMILY.get(_family, ()), _need.key)
_CAPITAL = _NEED_OF_FAMILY["working_capital_loan"]

# Families that no need names are wanted as those that serve the same purpose.
FAMILY_NEEDS: Mapping[str, tuple[str, ...]] = _NEED_OF_FAMILY | {
    ProductFamily.FARM.value: _CAPITAL,
    ProductFamily.BILL_DISCOUNT.value: ("working_capital", "chain_finance"),
    ProductFamily.INSTALMENT.value: ("equipment_loan", "credit_card"),
    ProductFamily.ONLINE_PAYMENT.value: ("qr_receipts", "cash_management"),
    ProductFamily.GUARANTEE_LETTER.value: ("working_capital",),
}
RENEWAL_NEEDS = ("renewal", "renewal_plan", "restructuring")
PURPOSE_MONTHS: Mapping[str, int] = {  # how long money for this use is usually bound
    "stock": 6,
    "wages": 3,
    "equipment": 36,
    "fit_out": 24,
    "expansion": 24,
    "debt_swap": 12,
    "farm_season": 9,
}
KNOWN_USES = frozenset(key for key, _label in PURPOSES) - {"other"}
WITHOUT_AMOUNT = frozenset({ProductFamily.CREDIT_CARD.value})  # a limit, not a sum that is lent


def needs_of(offer: Offer) -> tuple[str, ...]:
    """The forecasts that speak for the offer."""
    return RENEWAL_NEEDS if offer.is_renewal else FAMILY_NEEDS.get(offer.family, ())


def need_share(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """Chance, amount and term together; only the chance where there is no amount and no term."""
    chance = _chance(sheet, offer, tuning)
    others = []
    if offer.is_credit and offer.family not in WITHOUT_AMOUNT:
        if offer.amount_max is not None:
            others.append(_amount(sheet, offer, tuning))
        if offer.term_max is not None:
            others.append(_term(sheet, offer, tuning))
    if not others:
        return chance
    rest = number((1 - tuning.chance_share) / len(others))
    return f"({chance} * {number(tuning.chance_share)} + ({' + '.join(others)}) * {rest})"


def _chance(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """The forecast against a full one; asked for by the customer is certain.

    A stage that is not known stands for the base chance, a need that the stage does not name for
    half of it; a need that the stage names but holdings rule out for none.
    """
    needs = needs_of(offer)
    stage = f"coalesce({sheet.fact('stage')}, 'unknown')"
    named = tuple(
        key for key, known in sorted(STAGE_NEEDS.items()) if not set(known).isdisjoint(needs)
    )
    base, half = number(tuning.base_chance), number(tuning.base_chance / 2)
    chance = base
    if needs:
        told = ", ".join(sheet.fact(f"p_{key}") for key in needs)
        ruled_out = f"WHEN {stage} = ANY({sheet.codes(named)}) THEN {number(0)}" if named else ""
        otherwise = f"CASE WHEN {stage} = 'unknown' THEN {base} {ruled_out} ELSE {half} END"
        chance = f"coalesce(greatest({told}), {otherwise})"
    asked = f"{sheet.fact('noncredit_needs')} && {sheet.codes((offer.family,))}"
    full = number(tuning.full_chance)
    return sheet.base(f"CASE WHEN {asked} THEN 1.0::float8 ELSE least({chance} / {full}, 1) END")


def wanted_range(sheet: Sheet, family: str) -> tuple[str, str]:
    """The lower and upper end of what is wanted; equal for a sum that was named; NULL: not known.

    Equipment is financed by its price; other credit by the sum wanted, else by the need forecast.
    """
    told = sheet.fact("wanted_amount")
    if family == ProductFamily.FIXED_ASSET.value:
        price = sheet.base(f"coalesce({sheet.fact('equipment_sum')}, {told})")
        return price, price
    low, high = sheet.fact("need_low"), sheet.fact("need_high")
    first = f"CASE WHEN {told} IS NOT NULL OR {high} IS NULL THEN {told} ELSE "
    return (
        sheet.base(f"{first}coalesce({low}, 0) END"),
        sheet.base(f"coalesce({told}, {high})"),
    )


def _amount(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """How much of what is wanted lies within the bounds of the offer."""
    low, high = wanted_range(sheet, offer.family)
    least, most = number(offer.amount_min or 0), number(offer.amount_max or 0)
    inside = f"greatest(least({high}, {most}) - greatest({low}, {least}), 0) / ({high} - {low})"
    below = f"WHEN {high} < {least} THEN {high} / {least}" if offer.amount_min else ""
    return sheet.share(
        f"CASE WHEN {high} IS NULL THEN {number(tuning.neutral)} WHEN {high} <= 0 THEN 0 "
        f"WHEN {high} > {low} THEN {inside} WHEN {high} > {most} THEN {most} / {high} "
        f"{below} ELSE 1 END"
    )


def _term(sheet: Sheet, offer: Offer, tuning: Tuning) -> str:
    """How much of the time wanted the term covers; nothing where the use is not allowed."""
    purpose = sheet.fact("wanted_purpose")
    arms = " ".join(f"WHEN '{key}' THEN {months}" for key, months in PURPOSE_MONTHS.items())
    months = sheet.base(
        f"coalesce({sheet.fact('wanted_months')}, CASE {purpose} {arms} END)::float8"
    )
    most, least = number(offer.term_max or 0), offer.term_min or 0
    below = f"WHEN {months} < {number(least)} THEN {months} / {number(least)}" if least else ""
    uses = tuple(sorted(KNOWN_USES.intersection(offer.uses)))
    barred = ""
    if uses:
        known = sheet.codes(tuple(sorted(KNOWN_USES - set(uses))))
        barred = f"WHEN {sheet.base(f'{purpose} = ANY({known})')} THEN 0"
    return sheet.share(
        f"CASE {barred} WHEN {months} IS NULL THEN {number(tuning.neutral)} "
        f"WHEN {months} > {most} THEN {most} / {months} {below} ELSE 1 END"
    )
