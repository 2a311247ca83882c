"""Suppliers and buyers, purchases and settlements as the form of a visit asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.models import ProcureMode, SettleMode

WAN = _("10,000 yuan")
YES_NO = (("true", _("Yes")), ("false", _("No")))
STEPS = tuple((str(no), str(no)) for no in range(1, 6))


@dataclass(frozen=True)
class AskedField:
    """One control of a row; ``scale``: what one typed unit is in base units."""

    name: str
    label: Text
    kind: str = "text"  # text, number, whole, list
    unit: Text = ""
    scale: str = "1"
    choices: Sequence[tuple[str, Text]] = ()
    is_needed: bool = False
    is_wide: bool = False


@dataclass(frozen=True)
class AskedRow:
    """A button that adds a row; ``preset`` is said by pressing it."""

    label: Text
    preset: str = ""  # side=supplier


@dataclass(frozen=True)
class AskedRows:
    """One kind of row in its category."""

    kind: str
    category: int
    adds: Sequence[AskedRow]
    fields: Sequence[AskedField]


ASKED_ROWS = (
    AskedRows(
        "links",
        2,
        (AskedRow(_("Supplier"), "side=supplier"), AskedRow(_("Buyer"), "side=buyer")),
        (
            AskedField("counterparty_name", _("Name"), is_needed=True, is_wide=True),
            AskedField("share", _("Share of this side"), "number", "%", "0.01"),
            AskedField("yearly_amount", _("Amount a year"), "number", WAN, "10000"),
            AskedField("term_days", _("Days of credit"), "whole", _("days")),
            AskedField("goods", _("Goods")),
            AskedField("has_contract", _("Written contract"), "list", choices=YES_NO),
            AskedField("years", _("Years of trade"), "whole", _("years")),
            AskedField("replaceable", _("Replaceable 1-5"), "list", choices=STEPS),
            AskedField("is_core", _("Core enterprise"), "list", choices=YES_NO),
        ),
    ),
    AskedRows(
        "procure",
        3,
        (AskedRow(_("Manner of purchase")),),
        (
            AskedField("item", _("What is bought"), is_needed=True),
            AskedField(
                "mode", _("Bought how"), "list", choices=ProcureMode.Mode.choices, is_needed=True
            ),
            AskedField("batch_amount", _("Amount of one purchase"), "number", WAN, "10000"),
            AskedField("every_days", _("Days between purchases"), "whole", _("days")),
            AskedField(
                "price_term", _("Price term"), "list", choices=ProcureMode.PriceTerm.choices
            ),
        ),
    ),
    AskedRows(
        "settle",
        3,
        (
            AskedRow(SettleMode.Direction.IN.label, "direction=in"),
            AskedRow(SettleMode.Direction.OUT.label, "direction=out"),
        ),
        (
            AskedField(
                "mode", _("Manner of payment"), "list", choices=SettleMode.Mode.choices,
                is_needed=True,
            ),
            AskedField(
                "share", _("Share of this direction"), "number", "%", "0.01", is_needed=True
            ),
            AskedField(
                "bank", _("Bank used"), "list", choices=SettleMode.Bank.choices, is_needed=True
            ),
            AskedField("term_days", _("Days of credit"), "whole", _("days")),
        ),
    ),
)  # fmt: skip


def asked_rows(no: int) -> list[AskedRows]:
    """The kinds of row that a category asks for."""
    return [one for one in ASKED_ROWS if one.category == no]
