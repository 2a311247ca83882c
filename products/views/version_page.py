"""What a version's page says around its terms: tones, the history, the steps that are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.core.models import User
from crm.core.roles import Can
from products.models import ProductVersion
from products.selectors.version_checks import Approvals, Role

State = ProductVersion.State
TONES: dict[str, str] = {
    State.DRAFT: "plain",
    State.SUBMITTED: "warn",
    State.APPROVED: "accent",
    State.EFFECTIVE: "good",
    State.SUPERSEDED: "plain",
    State.WITHDRAWN: "bad",
}


def history_lines(history: Sequence[ProductVersion]) -> list[dict[str, Any]]:
    """Every version with its state, people and dates, and the number before it to compare with."""
    older = [*(version.no for version in history[1:]), None]
    return [
        {
            "version": version,
            "tone": TONES[version.state],
            "before": before,
            "decisions": list(version.decisions.all()),
        }
        for version, before in zip(history, older, strict=False)
    ]


def steps_of(version: ProductVersion, user: User, needs: Approvals | None) -> dict[str, bool]:
    """What this user may do with the version now; the service has the last word."""
    writes = user.can(Can.EDIT_PRODUCTS)
    return {
        "edit": writes and version.state == State.DRAFT,
        "submit": writes and version.state == State.DRAFT,
        "withdraw": writes and version.state in (State.DRAFT, State.APPROVED, State.EFFECTIVE),
        "decide": needs is not None and may_decide(version, user, needs),
        "own": version.state == State.SUBMITTED and user.pk in version.makers,
    }


def may_decide(version: ProductVersion, user: User, needs: Approvals) -> bool:
    """Whether this user's word is still open: a needed role, not a maker, not said yet."""
    if user.pk in version.makers or user.pk == version.made_by_id:
        return False
    if any(decision.by_id == user.pk for decision in needs.given):
        return False
    if user.can(Can.APPROVE_PRODUCTS):
        return str(Role.CATALOGUE) in needs.open
    return user.can(Can.APPROVE_RISK_TERMS) and str(Role.RISK) in needs.open
