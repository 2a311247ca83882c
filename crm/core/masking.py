"""Sensitive fields: their class, their masked form, who reads them unmasked (rules.md 12).

A masked field is one row of MASKS. Lists show ``in_lists``, forms and details ``on_page``; the
full value comes only from the reveal dialog: a POST with a reason, recorded, with a daily quota.
An app says how a value is found with ``revealable`` (see ``crm.core.services.reveal``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.roles import ROLES, Can
from crm.core.words import Text

if TYPE_CHECKING:
    from crm.core.models import User


class DataClass(StrEnum):
    """C0 public, C1 internal, C2 personal or sensitive, C3 never held."""

    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


# A column with such a part in its name is C2 unless its model says otherwise by its full name.
SENSITIVE_PARTS = (
    "mobile", "phone", "email", "citizen", "id_card", "account_no", "card_no", "plate",
    "cipher", "digest", "last4", "address", "birth", "wage", "salary", "income", "password",
)  # fmt: skip
FORBIDDEN_PARTS = ("cvv", "pin_code", "sms_code", "fingerprint", "face_template", "track_data")


def data_class(model: type[models.Model], field: models.Field[Any, Any]) -> DataClass | None:
    """The class a model gives its column; None when it says nothing.

    ``data_classes = {"phone": "C2", "*": "C1"}`` on the model (its bases add theirs). Keys, links,
    flags and time stamps are C1 by themselves; "*" covers a name that
    looks sensitive only when it is C2.
    """
    given: dict[str, str] = {}
    for base in reversed(model.__mro__):
        given |= base.__dict__.get("data_classes", {})
    if field.name in given:
        return DataClass(given[field.name])
    if is_plain(field):
        return DataClass.C1
    rest = given.get("*")
    if looks_sensitive(field.name) and rest != DataClass.C2:
        return None
    return DataClass(rest) if rest else None


def looks_sensitive(name: str) -> bool:
    """Whether the name of a column speaks of something personal."""
    return any(part in name for part in SENSITIVE_PARTS)


def is_plain(field: models.Field[Any, Any]) -> bool:
    """Keys, links, flags and time stamps say nothing about a person by themselves."""
    plain = (models.ForeignKey, models.AutoField, models.BooleanField)
    is_stamp = isinstance(field, models.DateTimeField) and field.name.endswith("_at")
    return field.primary_key or isinstance(field, plain) or is_stamp


@dataclass(frozen=True)
class Mask:
    """One kind of sensitive value: its two masked forms, and the roles that may reveal it."""

    key: str
    label: Text
    on_page: Callable[[str], str]
    in_lists: Callable[[str], str]
    reveal: frozenset[str]


def mask_mobile(value: str) -> str:
    """138****5678."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "****"


def mask_citizen_number(value: str) -> str:
    """110105********002X."""
    return f"{value[:6]}********{value[-4:]}" if len(value) >= 15 else "****"


def mask_citizen_number_short(value: str) -> str:
    """1****************X."""
    return f"{value[:1]}****************{value[-1:]}" if len(value) >= 15 else "****"


def mask_account(value: str) -> str:
    """First six and last four."""
    return f"{value[:6]}******{value[-4:]}" if len(value) >= 12 else mask_tail(value)


def mask_tail(value: str) -> str:
    """The last four."""
    return f"****{value[-4:]}" if len(value) > 4 else "****"


def mask_person(value: str) -> str:
    """Surname and a star."""
    return f"{value[:1]}*" if value else ""


def mask_email(value: str) -> str:
    """First character and the domain."""
    name, at, domain = value.partition("@")
    return f"{name[:1]}***@{domain}" if at else "****"


def mask_address(value: str) -> str:
    """To county level."""
    for mark in ("区", "县", "旗", "市"):
        end = value.find(mark, 2)
        if end > 0:
            return f"{value[: end + 1]}****"
    return "****"


_BANDS = (1, 5, 10, 50, 100, 500, 1000, 5000, 10_000)  # 万元


def mask_amount(value: str) -> str:
    """A band such as 50-100万."""
    wan = Decimal(value) / 10_000
    if wan < _BANDS[0]:
        return "<1万"
    for low, high in pairwise(_BANDS):
        if wan < high:
            return f"{low}-{high}万"
    return ">1亿"


def _who(*roles: str) -> frozenset[str]:
    unknown = set(roles) - set(ROLES)
    assert not unknown, unknown  # noqa: S101
    return frozenset(roles)


BAND_ROLES = _who("auditor")
_OWNER = _who("rm")
_OWNER_AND_RISK = _who("rm", "risk_officer")

MASKS: Catalogue[Mask] = Catalogue(
    "masks",
    (
        Mask("mobile", _("mobile"), mask_mobile, mask_mobile, _OWNER),
        Mask(
            "citizen_no",
            _("citizen number"),
            mask_citizen_number,
            mask_citizen_number_short,
            _OWNER_AND_RISK,
        ),
        Mask("account_no", _("account number"), mask_account, mask_tail, _OWNER),
        Mask("card_no", _("card number"), mask_account, mask_tail, _OWNER),
        Mask("other_no", _("other number"), mask_tail, mask_tail, _OWNER),
        Mask("person", _("person's name"), mask_person, mask_person, _who()),
        Mask("address", _("home address"), mask_address, mask_address, _OWNER_AND_RISK),
        Mask("email", _("e-mail"), mask_email, mask_email, _OWNER),
        Mask("amount", _("amount"), mask_amount, mask_amount, _who()),
        Mask("soft_flag", _("sensitive answer"), mask_tail, mask_tail, _OWNER_AND_RISK),
    ),
)


def reads_bands(user: User) -> bool:
    """Whether this user sees amounts of customers as bands: they are for the owner's chain and
    risk (rules.md 12).
    """
    return user.role in BAND_ROLES


def mask(key: str, value: object, *, in_list: bool = False) -> str:
    """The masked form of a value; an empty one stays empty."""
    row = MASKS[key]
    text = "" if value is None else str(value)
    return (row.in_lists if in_list else row.on_page)(text) if text else ""


def may_reveal(user: User, key: str) -> bool:
    """Whether the role may see such a value in full, by click and with a reason."""
    return user.can(Can.REVEAL_FIELDS) and user.role in MASKS[key].reveal
