"""Words and rows of the composer and of quotes: what a template shows of each item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.core.money import exact_money
from customers.features.catalogue import COLUMNS
from customers.features.declared import REPAYMENT_MODES
from customers.models import ProductFamily
from products.forms.compose import Composer, ItemForm
from products.models import FeeItem, Quote
from products.selectors.compose import FREELY_FROM, Item
from products.selectors.quote_figures import LineFigures, counting
from products.services.quotes import Draft

MODES = dict(REPAYMENT_MODES)
FAMILIES = dict(ProductFamily.choices)


@dataclass(frozen=True)
class ItemRow:
    """One item of the composer: its form, what is missing, and its figures where worked out."""

    item: Item
    form: ItemForm
    missing: tuple[str, ...]
    figures: LineFigures | None
    is_needed: bool  # whether refusing it ends the price effect


def compose_words(composer: Composer, draft: Draft | None) -> list[ItemRow]:
    """The rows of the composer, in their order."""
    worked = {one.line.seq: one for one in draft.figures.lines} if draft else {}
    has_effect = bool(
        composer.bundle and (composer.bundle.rate_discount_bp or composer.bundle.fee_discount)
    )
    needed = {line.seq for line in counting(draft.case.lines)} if draft and has_effect else set()
    return [
        ItemRow(
            form.item,
            form,
            tuple(str(COLUMNS[key].label) for key in form.item.missing if key in COLUMNS),
            worked.get(form.item.seq),
            form.item.seq in needed,
        )
        for form in composer.forms
    ]


def quote_rows(quote: Quote) -> list[dict[str, Any]]:
    """The lines of a kept quote with names in the language at hand."""
    is_english = (get_language() or "").startswith("en")
    rows = []
    for line in quote.lines:
        name = (line["name_en"] or line["name_zh"]) if is_english else line["name_zh"]
        rows.append(
            line
            | {
                "figures": _dated(line["figures"]),
                "amount_text": _exact(line["amount"]),
                "name": name,
                "family_label": FAMILIES.get(line["family"], _("Service")),
                "mode_label": MODES.get(line["mode"], ""),
                "is_loan": bool(line["mode"]),
                "is_offered": line["outcome"] != "n" and line["seq"] < FREELY_FROM,
                "is_insurance": line["family"] == ProductFamily.INSURANCE,
                "is_as_used": _is_as_used(line),
                "missing_labels": [
                    str(COLUMNS[key].label) for key in line["missing"] if key in COLUMNS
                ],
            }
        )
    return rows


def _is_as_used(line: dict[str, Any]) -> bool:
    """Whether all it costs hangs on how much it is used, so that no sum can be told."""
    charged = (fee for fee in line["fees"] if fee["timing"] == FeeItem.Timing.USE)
    is_charged = any(Decimal(fee["sum_amount"] or fee["share"] or 0) for fee in charged)
    return is_charged and not Decimal(line["figures"]["cost"]["total"])


def _dated(figures: dict[str, Any]) -> dict[str, Any]:
    """The same figures with days as days, and payments to the fen in words."""
    found = dict(figures)
    for side in ("cost", "without"):
        cost = dict(figures[side])
        for name in ("first", "peak"):
            if cost[name]:
                told = {"text": _exact(cost[name]["amount"])}
                cost[name] = cost[name] | told | {"on": date.fromisoformat(cost[name]["on"])}
        cost["last_on"] = date.fromisoformat(cost["last_on"]) if cost["last_on"] else None
        found[side] = cost
    return found


def _exact(amount: str) -> str:
    """Every digit, as a customer's paper needs it."""
    return exact_money(Decimal(amount), chinese=not (get_language() or "").startswith("en"))


def quote_number(quote: Quote) -> str:
    """The number on paper: the day and the row."""
    return f"BJ{quote.as_of:%Y%m%d}-{quote.pk:06d}"
