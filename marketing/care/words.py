"""Why somebody needs care: stored as codes with what they met, spoken here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from customers.models import Certificate
from customers.selectors.portrait_words import change, number

Write = Callable[[Any], str]

SENTENCES: Mapping[str, Text] = {
    "cycle": gettext_lazy("Tier %(tier)s: in touch every %(every)s days, last on %(last)s."),
    "cycle_plain": gettext_lazy("Tier %(tier)s: it is time to be in touch."),
    "maturity": gettext_lazy("A loan of %(balance)s matures on %(matures_on)s."),
    "certificate": gettext_lazy("New title since %(on)s: %(title)s."),
    "lease": gettext_lazy("The lease of the premises ends on %(on)s, in %(days)s days."),
    "complaint": gettext_lazy("A complaint is open since %(on)s: %(kind)s."),
    "inflow_half": gettext_lazy("Receipts of three months are %(change)s on a year ago."),
    "balance_half": gettext_lazy("Deposits fell by %(drop)s within 60 days, to %(balance)s."),
    "acquiring_stopped": gettext_lazy("No merchant receipts for %(days)s days."),
    "repaid_and_courted": gettext_lazy(
        "Paid off a loan of %(amount)s early on %(on)s; another bank is at hand: %(lender)s."
    ),
    "asked_after_visit": gettext_lazy(
        "Ask how content they were with the visit of %(on)s: 1 to 5."
    ),
    "runway": gettext_lazy("Cash lasts %(months)s months: %(cash)s against %(cost)s a month."),
}


def care_sentence(reason: Mapping[str, Any], write: Write) -> str:
    """One stored reason in the reader's language; amounts as this reader sees them."""
    inputs, code = reason.get("inputs", {}), reason["code"]
    if code == "cycle" and not inputs.get("last"):
        code = "cycle_plain"
    text = SENTENCES.get(code)
    if text is None:
        return ""
    told = {key: _value(key, value, write) for key, value in inputs.items()}
    return str(text) % defaultdict(lambda: _("not known"), told)


def _value(key: str, value: Any, write: Write) -> Any:
    if value is None:
        return _("not known")
    if key in ("on", "last", "matures_on"):
        return f"{date.fromisoformat(value):%Y-%m-%d}"
    if key in ("balance", "amount", "cash", "cost"):
        return write(value)
    if key == "change":
        return change(value)
    if key == "drop":
        return f"{number(round(float(value) * 100), 0)}%"
    if key == "months":
        return number(round(float(value), 1), 1)
    if key == "title":
        return dict(Certificate.Kind.choices).get(value, value)
    if key == "kind":
        from marketing.care.kinds import COMPLAINT_KINDS

        return COMPLAINT_KINDS.get(value, value)
    return value
