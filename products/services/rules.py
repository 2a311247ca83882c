"""Eligibility rules of a draft, written by its admins: kept, removed, put in another order."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.conditions import BadCondition
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.words import Text
from products.models import EligibilityRule, ProductVersion
from products.selectors.rules import checked_condition, strange_codes
from products.services.catalogue import lock_draft, touch_draft

CODE = re.compile(r"[a-z][a-z0-9_]{1,31}")
RESERVED = frozenset({"new"})
MOST_RULES = 30
LONGEST = {"text_zh": 160, "text_en": 200, "remedy_zh": 160, "remedy_en": 200}
_OUT_OF_THE_WAY = 1000  # seq numbers are unique, so rows move through a free range


@dataclass(frozen=True)
class RuleInput:
    """A rule as written; ``condition`` is the data of a condition."""

    code: str
    text_zh: str
    condition: dict[str, Any]
    text_en: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""


@transaction.atomic
def save_rule(
    *, by: User, version_id: int, revision: int, rule: RuleInput, replaces: str = ""
) -> EligibilityRule:
    """The draft has this rule, in the place of the rule with the code ``replaces``, or at the end.

    The same rule saved twice counts once. DomainError names the field; DraftClash when somebody
    else saved the draft since ``revision``.
    """
    draft = lock_draft(by=by, version_id=version_id, revision=revision)
    given = _checked(rule)
    row = draft.rules.filter(code=replaces).first() if replaces else None
    if replaces and row is None:
        raise DomainError(_("This rule was removed meanwhile."))
    if draft.rules.filter(code=given["code"]).exclude(code=replaces).exists():
        raise _wrong("code", _("Another rule of this version has the code %(code)s.") % given)
    if row is None:
        if draft.rules.count() >= MOST_RULES:
            raise DomainError(_("A version has %(most)s rules at most.") % {"most": MOST_RULES})
        row = EligibilityRule(version=draft, seq=_last(draft) + 1)
    elif all(getattr(row, name) == value for name, value in given.items()):
        return row
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    touch_draft(draft, by=by)
    record(by, "products.rule_saved", draft, code=row.code, product=draft.product.code)
    return row


@transaction.atomic
def remove_rule(*, by: User, version_id: int, revision: int, code: str) -> None:
    """The draft has no rule of this code; a second call changes nothing."""
    draft = lock_draft(by=by, version_id=version_id, revision=revision)
    removed, _tables = draft.rules.filter(code=code).delete()
    if removed:
        touch_draft(draft, by=by)
        record(by, "products.rule_removed", draft, code=code, product=draft.product.code)


@transaction.atomic
def move_rule(*, by: User, version_id: int, revision: int, code: str, is_up: bool) -> None:
    """The rule stands one place higher or lower; at the end of the list nothing changes."""
    draft = lock_draft(by=by, version_id=version_id, revision=revision)
    codes = list(draft.rules.order_by("seq").values_list("code", flat=True))
    if code not in codes:
        raise DomainError(_("This rule was removed meanwhile."))
    place = codes.index(code)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(codes):
        return
    codes[place], codes[other] = codes[other], codes[place]
    draft.rules.update(seq=F("seq") + _OUT_OF_THE_WAY)
    for seq, name in enumerate(codes, start=1):
        draft.rules.filter(code=name).update(seq=seq)
    touch_draft(draft, by=by)
    record(by, "products.rule_moved", draft, code=code, product=draft.product.code)


def _last(draft: ProductVersion) -> int:
    return draft.rules.aggregate(last=Max("seq"))["last"] or 0


def _checked(rule: RuleInput) -> dict[str, Any]:
    """The columns of the row, or the first thing that is wrong with its field."""
    given = asdict(rule)
    if not CODE.fullmatch(rule.code) or rule.code in RESERVED:
        text = _("A code has small letters, digits and underscores and begins with a letter.")
        raise _wrong("code", text)
    if not rule.text_zh.strip():
        raise _wrong("text_zh", _("The Chinese sentence is missing."))
    for name in LONGEST:
        if len(given[name]) > LONGEST[name]:
            raise _wrong(name, _("At most %(most)s characters.") % {"most": LONGEST[name]})
    try:
        condition = checked_condition(rule.condition)
    except BadCondition as error:
        raise _wrong("condition", str(error)) from error
    if strange := strange_codes(condition):
        raise _wrong(
            "condition", _("Not known in the reference data: %(codes)s.") % {"codes": strange}
        )
    return given | {"condition": condition.to_data()}


def _wrong(field: str, text: Text) -> DomainError:
    return DomainError(text, status=422, fields={field: text})
