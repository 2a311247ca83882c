"""Families that must not be tied together, and what is wrong with a bundle that does."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from customers.models import CREDIT_FAMILIES, ProductFamily
from products.models import BundleVersion, ForbiddenPair
from products.selectors.quote_case import FOREVER_APART


def forbidden_pairs() -> dict[tuple[str, str], str]:
    """The reason in the language at hand, by both families in the order of the row."""
    is_english = (get_language() or "").startswith("en")
    rows = ForbiddenPair.objects.values_list("first", "second", "reason_zh", "reason_en")
    return {
        (first, second): (english or chinese) if is_english else chinese
        for first, second, chinese, english in rows
    }


def reason_apart(loans: Iterable[str], family: str, pairs: dict[tuple[str, str], str]) -> str:
    """Why this family cannot count for the price of these loans; empty where it can."""
    for loan in sorted(loans):
        for pair in ((loan, family), (family, loan)):
            if pair in pairs:
                return pairs[pair]
    if family in FOREVER_APART:
        return _("Insurance is never a condition of a loan.")
    return ""


def price_effect_problem(version: BundleVersion) -> str:
    """Why the price effect of a bundle cannot stand; empty where it can.

    A rate discount needs one item besides the loans that may count for it: never insurance, and
    no family that a forbidden pair keeps apart from a loan of the bundle.
    """
    if not version.rate_discount_bp:
        return ""
    places = list(version.items.prefetch_related("choices"))
    families = [{product.family for product in place.choices.all()} for place in places]
    loans = {one for place in families for one in place if one in CREDIT_FAMILIES}
    if not loans:
        return _("A rate discount needs a loan in the bundle.")
    pairs = forbidden_pairs()
    reasons = []
    for place in families:
        others = place - CREDIT_FAMILIES
        if not others or place & CREDIT_FAMILIES:
            continue
        told = [reason for one in sorted(others) if (reason := reason_apart(loans, one, pairs))]
        if not told:
            return ""
        reasons.append(f"{ProductFamily(min(others)).label}: {told[0]}")
    if not reasons:
        return _("A rate discount must depend on something besides the loan.")
    start = _("The rate discount would depend on what no loan may depend on.")
    return f"{start} {' '.join(reasons)}"
