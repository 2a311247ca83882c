"""Every field of a version in words, by section: for its page, its sheet and the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.models import IndustryCode, RegionCode
from crm.core.words import Text
from customers.features.declared import PURPOSES
from customers.features.groups import LABELS as GROUPS
from products.matching.vocabulary import RULE_COLUMNS
from products.models import FeeItem, ProductVersion
from products.models.terms import Channel, GuaranteeMode
from products.selectors.terms import (
    COLLATERAL,
    REPAYMENT,
    bp_text,
    joined,
    money_words,
    percent_text,
    share_text,
)

SECTIONS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    (
        "amount",
        gettext_lazy("Amount"),
        ("amount_min", "amount_max", "amount_step", "amount_formula", "amount_factor"),
    ),
    (
        "term",
        gettext_lazy("Term"),
        ("term_min_months", "term_max_months", "draw_max_months", "is_revolving"),
    ),
    (
        "rate",
        gettext_lazy("Rate"),
        (
            "rate_base", "spread_min_bp", "spread_max_bp", "rate_kind", "fixed_rate",
            "discount_rules", "tariff", "subsidy",
        ),
    ),
    ("guarantee", gettext_lazy("Guarantee"), ("guarantee_modes", "loan_to_value")),
    (
        "repayment",
        gettext_lazy("Repayment"),
        ("repayment_modes", "season_months", "yearly_principal_share"),
    ),
    (
        "whom",
        gettext_lazy("For whom"),
        (
            "target_groups", "target_stages", "target_sizes", "target_party_types",
            "target_asset_styles", "target_chain_positions", "target_industries",
            "avoided_industries", "target_regions",
        ),
    ),
    (
        "sale",
        gettext_lazy("How it is sold and done"),
        (
            "channels", "processing_hours", "decision_lane", "uses", "materials", "renewal_rule",
            "risk_weight", "risk_level", "benefits",
        ),
    ),
    (
        "words",
        gettext_lazy("What to say"),
        ("script", "risk_warning", "competitor_note"),
    ),
)  # fmt: skip
MOST_CODES = 8
_MONEY = frozenset({"amount_min", "amount_max", "amount_step"})
_MONTHS = frozenset({"term_min_months", "term_max_months", "draw_max_months"})
_SPREADS = frozenset({"spread_min_bp", "spread_max_bp"})
_SHARES = frozenset({"amount_factor", "risk_weight"})


def _choices(column: str) -> dict[str, Text]:
    return dict(RULE_COLUMNS[column].choices)


LISTS: dict[str, Mapping[str, Text]] = {
    "guarantee_modes": dict(GuaranteeMode.choices),
    "repayment_modes": REPAYMENT,
    "channels": dict(Channel.choices),
    "uses": dict(PURPOSES),
    "target_groups": GROUPS,
    "target_stages": _choices("stage"),
    "target_sizes": _choices("size_class"),
    "target_party_types": _choices("party_type"),
    "target_asset_styles": _choices("asset_style"),
    "target_chain_positions": _choices("chain_position"),
}
CODED: dict[str, type[IndustryCode] | type[RegionCode]] = {
    "target_industries": IndustryCode,
    "avoided_industries": IndustryCode,
    "target_regions": RegionCode,
}


@dataclass(frozen=True)
class Words:
    """Labels of the codes that some versions name; made once for all of them."""

    codes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *versions: ProductVersion | None) -> Words:
        """The names of every industry and region in these versions, in two queries at most."""
        found: dict[str, str] = {}
        for model in (IndustryCode, RegionCode):
            wanted = {
                code
                for version in versions
                if version is not None
                for name, kind in CODED.items()
                if kind is model
                for code in getattr(version, name)
            }
            if wanted:
                rows = model.objects.filter(pk__in=wanted)
                found |= {str(row.pk): row.name_zh for row in rows}
        return cls(found)

    def items(self, name: str, values: Iterable[Any]) -> list[str]:
        """The entries of a list field in words."""
        if name in CODED:
            return [f"{code} {self.codes[code]}" if code in self.codes else code for code in values]
        labels = LISTS.get(name, {})
        return [str(labels.get(str(value), value)) for value in values]

    def value(self, version: ProductVersion, name: str) -> str:
        """The field in words, "" where the version says nothing."""
        value = getattr(version, name)
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, list):
            return (
                _few(self.items(name, value)) if name in CODED else joined(self.items(name, value))
            )
        if name == "loan_to_value":
            return joined(loan_to_value_items(value))
        return _plain(version, name, value)


def _few(items: list[str]) -> str:
    """The first of a long list, and how many more there are."""
    if len(items) <= MOST_CODES:
        return joined(items)
    names, more = joined(items[:MOST_CODES]), len(items) - MOST_CODES
    return _("%(names)s and %(more)s more") % {"names": names, "more": more}


def label_of(name: str) -> str:
    """The field's name, as forms and differences call it."""
    if name == "processing_hours":  # shown with its unit
        return _("Decided within")
    field_ = ProductVersion._meta.get_field(name)
    return capfirst(str(getattr(field_, "verbose_name", name)))


def loan_to_value_items(shares: Mapping[str, Any]) -> list[str]:
    """Home 70%, shop 60%: one text each."""
    return [f"{COLLATERAL.get(kind, kind)} {share_text(part)}" for kind, part in shares.items()]


def fee_text(fee: FeeItem) -> str:
    """0.5% of the amount, once at the start; or 200 yuan every year."""
    if fee.sum_amount is not None:
        size = money_words(fee.sum_amount)
    else:
        size = _("%(share)s of the amount") % {"share": share_text(fee.share or 0)}
    return _("%(size)s, %(when)s") % {"size": size, "when": fee.get_timing_display().lower()}


def section_lines(
    version: ProductVersion, words: Words, keys: Iterable[str]
) -> list[tuple[str, str, str]]:
    """(field, label, words) of what the version says in these sections."""
    wanted = set(keys)
    found = []
    for key, _label, names in SECTIONS:
        if key in wanted:
            for name in names:
                text = words.value(version, name)
                if text:
                    found.append((name, label_of(name), text))
    return found


def hours_text(hours: int) -> str:
    """24 hours, or 5 days."""
    if hours > 24 and hours % 24 == 0:
        return _("%(days)s days") % {"days": hours // 24}
    return _("%(hours)s hours") % {"hours": hours}


def _plain(version: ProductVersion, name: str, value: Any) -> str:
    """A single value by what its field holds."""
    kinds: tuple[tuple[frozenset[str], Callable[[Any], str]], ...] = (
        (_MONEY, money_words),
        (_MONTHS, lambda months: _("%(months)s months") % {"months": months}),
        (_SPREADS, lambda spread: _("%(spread)s bp") % {"spread": bp_text(spread)}),
        (_SHARES, share_text),
        (frozenset({"fixed_rate"}), percent_text),
        (frozenset({"processing_hours"}), hours_text),
    )
    for names, shown in kinds:
        if name in names:
            return shown(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Decimal):
        return str(value)
    display = getattr(version, f"get_{name}_display", None)
    return str(display() if display else value)
