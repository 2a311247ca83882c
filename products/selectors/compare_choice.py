"""What can stand in a comparison: our versions in effect and the records that count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from products.selectors.book import industry_stances
from products.selectors.calculator import credit_versions, our_terms, readable_versions
from products.selectors.competitors import current_records, records_by_id
from products.selectors.offered import Offered, our_offer, their_offer
from products.selectors.terms import lpr_on


@dataclass(frozen=True)
class Choice:
    """One product to choose, under the name of its bank."""

    key: str
    label: str
    owner: str
    family: str
    is_valid: bool = True


def choices_on(as_of: date) -> list[Choice]:
    """Ours first, then theirs by competitor; three queries."""
    ours = [
        Choice(f"v{row.pk}", str(row.product), _("Ours"), row.product.family)
        for row in credit_versions()
    ]
    return ours + [
        Choice(
            f"p{record.product.pk}",
            record.product.name,
            record.product.competitor.name,
            record.product.family,
            record.age.is_valid,
        )
        for record in current_records(as_of)
    ]


def usual_choice(choices: Sequence[Choice], first: str, most: int) -> list[str]:
    """``first`` (else ours with the most to meet), and the others of its family that hold."""
    by_key = {choice.key: choice for choice in choices}
    met = Counter(it.family for it in choices if it.key.startswith("p") and it.is_valid)
    ours = [choice for choice in choices if choice.key.startswith("v")] or list(choices)
    lead = by_key.get(first) or max(ours, key=lambda choice: met[choice.family], default=None)
    if lead is None:
        return [first] if first else []
    is_ours = lead.key.startswith("v")
    others = [
        choice.key
        for choice in choices
        if choice.family == lead.family
        and choice.is_valid
        and choice.key.startswith("p" if is_ours else "v")
    ]
    return [lead.key, *others][:most]


def offers_of(keys: Sequence[str], as_of: date) -> list[Offered]:
    """The offers behind these keys in their order; keys that lead nowhere are left out."""
    quote, exits = lpr_on(as_of), industry_stances(as_of)[0]
    wanted = list(dict.fromkeys(key for key in keys if key[1:].isdecimal() and len(key) < 19))
    versions = {
        f"v{row.pk}": row
        for row in readable_versions()
        .prefetch_related("rules")
        .filter(pk__in=[int(key[1:]) for key in wanted if key[0] == "v"])
    }
    theirs = records_by_id((int(key[1:]) for key in wanted if key[0] == "p"), as_of)
    records = {f"p{record.product.pk}": record for record in theirs}
    found = []
    for key in wanted:
        if key in versions:
            found.append(our_offer(our_terms(versions[key], quote), exits))
        elif key in records:
            found.append(their_offer(records[key]))
    return found
