"""Suggestions as templates show them: sentences, figures and what may be done."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.roles import Can
from products.models import Suggestion
from products.selectors.suggestion_words import Said, feature_label, said, writer

SOON_DAYS = 7
SPOKEN = 2  # sentences in a row
GAP = re.compile("。 ")  # no blank between Chinese sentences


def shown(user: User, suggestion: Suggestion, *, today: date) -> dict[str, Any]:
    """One suggestion for its template, in words this user may read."""
    write = writer(user)
    told = said(suggestion.reasons, money=write)
    return {
        "row": suggestion,
        "product": suggestion.version.product,
        "amount": _amount(suggestion, write),
        "sentence": GAP.sub("。", " ".join(_spoken(told))),
        "value": write(suggestion.expected_amount),
        "is_soon": suggestion.expires_on <= today + timedelta(days=SOON_DAYS),
        "can_answer": suggestion.is_open and user.can(Can.ANSWER_SUGGESTIONS),
        "reasons": Suggestion.Decline.choices,
        "tone": _tone(suggestion),
        "link": reverse("customers:detail", args=[suggestion.customer_id]),
    }


def _spoken(told: list[Said]) -> list[str]:
    """The first two sentences, one of the model at most: more of them sound alike."""
    rest = [one for one in told if one.code not in ("fits", "contacted")] or told
    ours = [one for one in rest if one.code == "model"][1:]
    apart = [one for one in rest if one not in ours]
    return [one.text for one in (apart + ours)[:SPOKEN]]


def _amount(suggestion: Suggestion, write: Any) -> str:
    """The amount to speak of, for credit only."""
    income = suggestion.receipt.get("income", {})
    is_loan = suggestion.version.product.is_credit
    return write(income["amount"]) if is_loan and income.get("amount") else ""


def _tone(suggestion: Suggestion) -> str:
    if suggestion.state == Suggestion.State.NEW:
        return "accent"
    return {"accepted": "good", "declined": "warn"}.get(suggestion.state, "plain")


def receipt_rows(user: User, suggestion: Suggestion) -> dict[str, Any]:
    """What a suggestion was made of: sentences, the year's value in parts, versions."""
    write, receipt = writer(user), suggestion.receipt
    income, inputs = receipt.get("income", {}), receipt.get("inputs", {})
    parts = (
        (_("Spread"), income.get("spread"), 1),
        (_("Fees"), income.get("fees"), 1),
        (_("Value of deposits"), income.get("deposit"), 1),
        (_("Expected loss"), income.get("loss"), -1),
        (_("Servicing cost"), income.get("serve"), -1),
    )
    return {
        "told": _points(said(suggestion.reasons, money=write)),
        "parts": [
            {"label": label, "text": f"{'−' if sign < 0 else '+'} {write(value)}"}
            for label, value, sign in parts
            if value
        ],
        "total": write(income["total"]) if "total" in income else "",
        "factors": _factors(receipt.get("factors", {}), inputs),
        "facts": _facts(suggestion),
    }


def _points(told: list[Said]) -> list[dict[str, Any]]:
    """Sentences with the points of chance they add; none where they add nothing."""
    return [
        {"text": one.text, "points": round(one.weight * 100, 1) if one.weight else None}
        for one in told
    ]


def _factors(factors: dict[str, Any], inputs: dict[str, Any]) -> list[str]:
    """What lowered or raised the rank."""
    found = []
    if float(factors.get("missing", 1)) != 1:
        found.append(
            _("× %(factor)s: not known yet: %(fact)s")
            % {"factor": factors["missing"], "fact": feature_label(inputs.get("missing") or "")}
        )
    if float(factors.get("contact", 1)) != 1:
        found.append(_("× %(factor)s: contacted lately") % {"factor": factors["contact"]})
    if float(factors.get("open", 1)) != 1:
        found.append(_("× %(factor)s: already open") % {"factor": factors["open"]})
    return found


def _facts(suggestion: Suggestion) -> list[tuple[str, str]]:
    """Versions and days."""
    receipt = suggestion.receipt
    model = receipt.get("model")
    chance = _("propensity model v%(number)s") % {"number": model}
    return [
        (_("Chance from"), chance if model else _("the portrait's forecast (no model yet)")),
        (_("Rule book"), f"v{receipt.get('book', '')}"),
        (_("Product version"), f"{suggestion.version.product.code} v{suggestion.version.no}"),
        (_("Portrait"), f"v{receipt.get('portrait', '')}"),
        (_("Parameters"), str(receipt.get("parameters", ""))),
        (_("As of"), str(receipt.get("as_of", ""))),
    ]
