"""Customers that may be the same one: equal credit code, or name and address alike (DAT-7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import reduce
from operator import or_

from django.db.models import Q

from crm.core.identifiers import tidy
from crm.core.models import User
from customers.models import Customer
from customers.naming import clean_name, squeezed

ALIKE = 85  # score from which two customers are called alike
NAME_SHARE = 0.75  # how much of the score the name makes when both addresses are known
MOST_CANDIDATES = 200
MOST_SHOWN = 5
_GENERAL = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|个体工商户|专业合作社|合作社|公司|集团|分公司|[（()）\s])"
)


@dataclass(frozen=True)
class LookAlike:
    """One customer that may be the same. Beyond the user's reach it has no name, only a manager."""

    customer: Customer
    score: int
    is_same_code: bool
    is_visible: bool


def look_alikes(
    *, user: User, name: str = "", address: str = "", uscc: str = "", but: int | None = None
) -> list[LookAlike]:
    """Customers of the whole bank that look like this one, the most alike first."""
    found: dict[int, tuple[Customer, int, bool]] = {}
    for customer in _same_code(uscc, but):
        found[customer.pk] = (customer, 100, True)
    for customer in _candidates(name, but):
        score = likeness(name, address, customer.name, customer.address)
        if score >= ALIKE and customer.pk not in found:
            found[customer.pk] = (customer, score, False)
    best = sorted(found.values(), key=lambda row: (-row[1], row[0].pk))[:MOST_SHOWN]
    reach = user.reach()
    return [
        LookAlike(customer, score, is_same, any(lo <= customer.scope_no <= hi for lo, hi in reach))
        for customer, score, is_same in best
    ]


def likeness(name: str, address: str, other_name: str, other_address: str) -> int:
    """0 to 100: how alike two names are, weighed with the addresses when both are known."""
    names = _alike(_core(name), _core(other_name))
    if not address.strip() or not other_address.strip():
        return round(100 * names)
    places = _alike(squeezed(address), squeezed(other_address))
    return round(100 * (NAME_SHARE * names + (1 - NAME_SHARE) * places))


def _same_code(uscc: str, but: int | None) -> list[Customer]:
    code = tidy(uscc)
    if len(code) != 18:
        return []
    return list(_rows(but).filter(uscc=code)[:1])


def _candidates(name: str, but: int | None) -> list[Customer]:
    """Customers that share at least three neighbouring characters of the name proper."""
    core = _core(name)
    if len(core) < 2:
        return []
    if len(core) == 2:
        shares = Q(name_pieces__contains=[core])
    else:
        runs = {core[place : place + 3] for place in range(len(core) - 2)}
        shares = reduce(or_, (Q(name_pieces__contains=[r[:2], r[1:]]) for r in sorted(runs)))
    return list(_rows(but).filter(shares)[:MOST_CANDIDATES])


def _rows(but: int | None):  # type: ignore[no-untyped-def]
    rows = Customer.objects.select_related("manager", "branch").defer("name_pieces")
    return rows.exclude(pk=but) if but else rows


def _core(name: str) -> str:
    """The name without the words that most names have."""
    return squeezed(_GENERAL.sub("", clean_name(name)))


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
