"""The terms of a version in words: the five elements as a card, a sheet or a table tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from crm.core.models import LprQuote
from crm.core.money import grouped, money_figure
from crm.core.words import Text
from products.models import ProductVersion
from products.models.terms import AmountFormula, GuaranteeMode, RateBase, RateKind

REPAYMENT = dict(ProductVersion._meta.get_field("repayment_modes").base_field.choices or ())
COLLATERAL: dict[str, Text] = {
    "home": gettext_lazy("Home"),
    "shop": gettext_lazy("Shop"),
    "factory": gettext_lazy("Factory"),
    "land": gettext_lazy("Land"),
    "equipment": pgettext_lazy("security", "Equipment"),
    "vehicle": gettext_lazy("Vehicle"),
    "receivables": gettext_lazy("Receivables"),
    "stock": pgettext_lazy("security", "Stock"),
    "patents": gettext_lazy("Patents"),
    "deposit": gettext_lazy("Deposit"),
    "other": gettext_lazy("Other"),
}


@dataclass(frozen=True)
class Element:
    """One of the five elements: what it is called, in words, and a small note below."""

    key: str
    label: Text
    text: str
    note: str = ""


@dataclass(frozen=True)
class Lpr:
    """The newest quote on a day, as shares."""

    quoted_on: date
    lpr_1y: Decimal
    lpr_5y: Decimal

    def base(self, key: str) -> Decimal | None:
        """The rate a spread is added to; None for a tariff."""
        return {"lpr_1y": self.lpr_1y, "lpr_5y": self.lpr_5y}.get(key)


def lpr_on(day: date) -> Lpr | None:
    """The quote in force on ``day``; None before the first one."""
    row = LprQuote.objects.filter(quoted_on__lte=day).first()
    return Lpr(row.quoted_on, row.lpr_1y, row.lpr_5y) if row else None


def five_elements(version: ProductVersion, lpr: Lpr | None = None) -> list[Element]:
    """Amount, term, rate, guarantee, repayment; "" where the version says nothing."""
    return [
        Element("amount", _("Amount"), amount_text(version), _step_note(version)),
        Element("term", _("Term"), term_text(version)),
        Element("rate", _("Rate"), rate_text(version), rate_range(version, lpr)),
        Element("guarantee", _("Guarantee"), guarantee_text(version), loan_to_value_text(version)),
        Element("repayment", _("Repayment"), repayment_text(version)),
    ]


def elements_line(version: ProductVersion) -> str:
    """The elements that are there, in one line, as match lists show them."""
    texts = [element.text for element in five_elements(version)]
    return " · ".join(text for text in texts if text) or version.tariff.split("\n")[0]


def amount_text(version: ProductVersion) -> str:
    """1–30 万元, and the rule that finds the amount."""
    parts = [_bounds(version.amount_min, version.amount_max), _formula(version)]
    return clauses(parts)


def term_text(version: ProductVersion) -> str:
    """3–36 months, revolving, each draw up to 12 months."""
    low, high, draw = version.term_min_months, version.term_max_months, version.draw_max_months
    parts = []
    if low and high and low < high:
        parts.append(_("%(low)s–%(high)s months") % {"low": low, "high": high})
    elif high and low == high:
        parts.append(_("%(months)s months") % {"months": high})
    elif high:
        parts.append(_("up to %(months)s months") % {"months": high})
    elif low:
        parts.append(_("from %(months)s months") % {"months": low})
    if version.is_revolving:
        parts.append(_("revolving"))
    if draw:
        parts.append(_("each draw up to %(months)s months") % {"months": draw})
    return clauses(parts)


def rate_text(version: ProductVersion) -> str:
    """LPR 1 year +60 to +150 bp; or the yearly rate; or that a tariff applies."""
    kind = str(RateKind(version.rate_kind).label) if version.rate_kind else ""
    low, high = version.spread_min_bp, version.spread_max_bp
    if version.rate_base != RateBase.NONE:
        base = str(RateBase(version.rate_base).label)
        spread = _spread(low, high)
        return clauses([f"{base} {spread}".strip(), kind])
    if version.fixed_rate is not None:
        rate = _("%(rate)s a year") % {"rate": percent_text(version.fixed_rate)}
        return clauses([rate, kind])
    return _("By tariff") if version.tariff else ""


def rate_range(version: ProductVersion, lpr: Lpr | None) -> str:
    """What the spread comes to at the quote given: 3.60%–4.50%."""
    base = lpr.base(version.rate_base) if lpr else None
    if base is None or version.spread_min_bp is None:
        return ""
    low = percent_text(base + Decimal(version.spread_min_bp) / 10_000)
    if version.spread_max_bp in (None, version.spread_min_bp):
        return _("now %(rate)s") % {"rate": low}
    high = percent_text(base + Decimal(version.spread_max_bp or 0) / 10_000)
    return _("now %(low)s–%(high)s") % {"low": low, "high": high}


def guarantee_text(version: ProductVersion) -> str:
    """The allowed modes."""
    return joined(GuaranteeMode(mode).label for mode in version.guarantee_modes)


def loan_to_value_text(version: ProductVersion) -> str:
    """Home 70%, shop 60%."""
    shares = sorted(version.loan_to_value.items())
    return joined(f"{COLLATERAL.get(kind, kind)} {share_text(part)}" for kind, part in shares)


def repayment_text(version: ProductVersion) -> str:
    """The allowed modes, and the due months of a seasonal one."""
    modes = joined(REPAYMENT.get(mode, mode) for mode in version.repayment_modes)
    found = [modes]
    if version.yearly_principal_share:
        share = share_text(version.yearly_principal_share)
        found.append(_("%(share)s of the principal each year") % {"share": share})
    if version.season_months:
        months = joined(str(month) for month in sorted(version.season_months))
        found.append(_("due in months %(months)s") % {"months": months})
    return clauses(found)


def percent_text(rate: Decimal) -> str:
    """0.036 as 3.60%."""
    return f"{grouped(Decimal(rate) * 100, 2)}%"


def share_text(part: Decimal | str | float) -> str:
    """0.7 as 70%."""
    return f"{grouped(Decimal(str(part)) * 100, 2, trim=True)}%"


def money_words(value: Decimal | None) -> str:
    """Yuan in the unit that reads best, in the language at hand."""
    if value is None:
        return ""
    return str(money_figure(Decimal(value), chinese=_is_chinese()))


def joined(parts: Iterable[Text]) -> str:
    """A list as the language writes it."""
    return ("、" if _is_chinese() else ", ").join(str(part) for part in parts)


def statements(parts: Iterable[Text]) -> str:
    """Whole statements one after the other, as the language parts them."""
    return ("；" if _is_chinese() else "; ").join(str(part) for part in parts)


def clauses(parts: Iterable[Text]) -> str:
    """Half sentences one after the other; empty ones are left out."""
    texts = [str(part) for part in parts if part]
    if _is_chinese():
        return "，".join(texts)
    inner = (it[0].lower() + it[1:] if it[1:2].islower() else it for it in texts[1:])
    return ", ".join([*texts[:1], *inner])


def bp_text(spread: int) -> str:
    """+60, -20 or 0 with its sign."""
    return f"+{spread}" if spread > 0 else f"\N{MINUS SIGN}{-spread}" if spread < 0 else "+0"


def _is_chinese() -> bool:
    return not (get_language() or "").startswith("en")


def _spread(low: int | None, high: int | None) -> str:
    """+60 to +150 bp."""
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return _("%(spread)s bp") % {"spread": bp_text(low if low is not None else high or 0)}
    return _("%(low)s to %(high)s bp") % {"low": bp_text(low), "high": bp_text(high)}


def _bounds(low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return ""
    if low is None or low == high:
        return _("up to %(amount)s") % {"amount": money_words(high)}
    if high is None:
        return _("from %(amount)s") % {"amount": money_words(low)}
    first, last = (money_figure(Decimal(it), chinese=_is_chinese()) for it in (low, high))
    if first.unit == last.unit and first.unit and not first.prefix:
        return f"{first.digits}–{last}"
    return f"{first}–{last}"


def _formula(version: ProductVersion) -> str:
    factor = version.amount_factor
    match version.amount_formula:
        case AmountFormula.REVENUE if factor is not None:
            return _("at most %(factor)s of verified revenue") % {"factor": share_text(factor)}
        case AmountFormula.COLLATERAL if factor is not None:
            return _("at most %(factor)s of the collateral") % {"factor": share_text(factor)}
        case AmountFormula.ORDER if factor is not None:
            return _("at most %(factor)s of the order or receivable") % {
                "factor": share_text(factor)
            }
        case AmountFormula.RANGE:
            return ""
    return str(AmountFormula(version.amount_formula).label)


def _step_note(version: ProductVersion) -> str:
    if not version.amount_step:
        return ""
    return _("in steps of %(amount)s") % {"amount": money_words(version.amount_step)}
