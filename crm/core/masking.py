"""Sensitive fields: their class, their masked form, who reads them unmasked (rules.md 12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from crm.core.words import Text

if TYPE_CHECKING:
    pass


class DataClass(StrEnum):
    """C0 public, C1 internal, C2 personal or sensitive, C3 never held."""

    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


@dataclass(frozen=True)
class Mask:
    """One sensitive field: its masked form, and the roles that may reveal it by click."""

    key: str
    label: Text
    form: Callable[[str], str]
    reveal: frozenset[str]


def mask_mobile(value: str) -> str:
    """138****5678."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "****"


def mask_citizen_number(value: str) -> str:
    """110105********002X."""
    return f"{value[:6]}********{value[-4:]}" if len(value) >= 15 else "****"


def mask_account(value: str) -> str:
    """First six and last four."""
    return f"{value[:6]}******{value[-4:]}" if len(value) >= 12 else f"****{value[-4:]}"


def mask_person(value: str) -> str:
    """Surname and a star."""
    return f"{value[:1]}*" if value else ""


def mask_email(value: str) -> str:
    """First character and the domain."""
    name, at, domain = value.partition("@")
    return f"{name[:1]}***@{domain}" if at else "****"


def mask_tail(value: str) -> str:
    """The last four."""
    return f"****{value[-4:]}" if len(value) > 4 else "****"
