"""Versions of bundles: drafted and submitted by one person, put in effect by another (PRO-2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text
from products.models import Bundle, BundleItem, BundleVersion, Product
from products.selectors.bundles import TARGETS, target_choices
from products.selectors.compose import in_their_order
from products.selectors.forbidden import price_effect_problem
from products.selectors.terms import joined

State = BundleVersion.State
CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")  # stands in addresses
CONTENT = (
    "benefit_zh",
    "benefit_en",
    "target_groups",
    "target_stages",
    "target_party_types",
    "rate_discount_bp",
    "fee_discount",
    "effective_from",
)
MOST_ITEMS = 12
MOST_RATE_DISCOUNT = 200  # basis points


@dataclass(frozen=True)
class ItemInput:
    """One place of a bundle as written: products, or a service outside the catalogue."""

    role: str
    products: tuple[int, ...] = ()
    service_zh: str = ""
    service_en: str = ""
    condition_zh: str = ""
    condition_en: str = ""


@transaction.atomic
def start_draft(*, code: str, by: User) -> BundleVersion:
    """A draft with the content of the newest version; the one being made, where there is one."""
    _may(by, Can.EDIT_PRODUCTS)
    bundle = Bundle.objects.select_for_update().get(code=code)
    versions = list(bundle.versions.order_by("-no"))
    making = next((one for one in versions if one.state in (State.DRAFT, State.SUBMITTED)), None)
    if making is not None:
        return making
    newest = versions[0] if versions else None
    kept = {name: getattr(newest, name) for name in CONTENT} if newest else {}
    draft = BundleVersion.objects.create(
        bundle=bundle,
        no=(newest.no if newest else 0) + 1,
        state=State.DRAFT,
        made_by=by,
        **kept | {"effective_from": None},
    )
    if newest:
        _write_all(draft, stored_items(newest))
    record(by, "products.bundle_drafted", draft)
    return draft


@transaction.atomic
def add_bundle(*, code: str, name_zh: str, name_en: str, by: User) -> BundleVersion:
    """A new bundle with an empty draft; a code that exists is refused."""
    _may(by, Can.EDIT_PRODUCTS)
    if not CODE.fullmatch(code):
        text = _("Capital letters and digits, a letter first.")
        raise DomainError(text, status=422, fields={"code": text})
    _bundle, is_new = Bundle.objects.get_or_create(
        code=code, defaults={"name_zh": name_zh, "name_en": name_en}
    )
    if not is_new:
        text = _("There is a bundle with this code.")
        raise DomainError(text, status=422, fields={"code": text})
    return start_draft(code=code, by=by)


@transaction.atomic
def save_draft(
    *,
    version_id: int,
    revision: int,
    values: Mapping[str, Any],
    items: Sequence[ItemInput],
    by: User,
) -> BundleVersion:
    """The draft holds these values and items. DomainError 409 when somebody saved meanwhile."""
    draft = _making(version_id, by, Can.EDIT_PRODUCTS)
    _is_own(draft, by)
    if draft.state != State.DRAFT:
        raise DomainError(_("What is submitted is frozen. Ask the checker to return it."))
    if draft.revision != revision:
        raise DomainError(_("Somebody saved this draft meanwhile. Reload the page."))
    _check_content(values)
    _check_items(items)
    for name in CONTENT:
        setattr(draft, name, values[name])
    draft.revision += 1
    draft.save()
    draft.items.all().delete()
    _write_all(draft, items)
    record(by, "products.bundle_saved", draft, revision=draft.revision)
    return draft


@transaction.atomic
def submit_draft(*, version_id: int, by: User) -> BundleVersion:
    """The draft waits for its checker; its content is frozen. A second call changes nothing."""
    draft = _making(version_id, by, Can.EDIT_PRODUCTS)
    if draft.state == State.SUBMITTED:
        return draft
    _is_own(draft, by)
    if draft.state != State.DRAFT:
        raise DomainError(_("Only a draft can be submitted."))
    _complete(draft)
    draft.state, draft.decision_note = State.SUBMITTED, ""
    draft.save(update_fields=["state", "decision_note"])
    record(by, "products.bundle_submitted", draft)
    return draft


@transaction.atomic
def decide_version(
    *, version_id: int, is_approved: bool, note: str, by: User, today: date | None = None
) -> BundleVersion:
    """In effect, with the one before superseded; or a draft again, with a word why.

    Whoever made it cannot decide. A second call changes nothing.
    """
    version = _making(version_id, by, Can.APPROVE_PRODUCTS)
    if version.state != State.SUBMITTED:
        return version
    if version.made_by_id == by.pk:
        raise DomainError(_("Whoever made a version cannot approve it."), status=403)
    if not is_approved and not note.strip():
        raise DomainError(_("Say what has to change."), status=422)
    version.decided_by, version.decided_at = by, timezone.now()
    version.decision_note = note.strip()[:200]
    if is_approved:
        _complete(version)
        before = version.bundle.versions.filter(state=State.EFFECTIVE)
        before.update(state=State.SUPERSEDED)
        version.state = State.EFFECTIVE
        version.effective_from = today or timezone.localdate()
    else:
        version.state = State.DRAFT
        version.revision += 1
    version.save()
    record(by, "products.bundle_decided", version, state=version.state)
    return version


@transaction.atomic
def drop_draft(*, version_id: int, by: User) -> None:
    """A draft that nobody needs is gone; what was submitted or in effect stays."""
    draft = _making(version_id, by, Can.EDIT_PRODUCTS)
    if draft.state != State.DRAFT:
        raise DomainError(_("Only a draft can be dropped."))
    record(by, "products.bundle_dropped", draft)
    draft.items.all().delete()
    draft.delete()


def _may(by: User, can: Can) -> None:
    if not by.can(can):
        raise DomainError(_("Your role does not change bundles."), status=403)


def _making(version_id: int, by: User, can: Can) -> BundleVersion:
    """The version, locked together with its bundle."""
    _may(by, can)
    rows = BundleVersion.objects.select_related("bundle").select_for_update()
    version: BundleVersion = rows.get(pk=version_id)
    return version


def _is_own(draft: BundleVersion, by: User) -> None:
    if draft.made_by_id not in (None, by.pk):
        raise DomainError(_("A draft is written by one person; this one is a colleague's."))


def stored_items(version: BundleVersion) -> list[ItemInput]:
    """The items of a version as they would be written."""
    rows = BundleItem.objects.filter(version=version).order_by("seq")
    return [
        ItemInput(
            item.role,
            tuple(product.pk for product in item.choices.all()),
            item.service_zh,
            item.service_en,
            item.condition_zh,
            item.condition_en,
        )
        for item in rows.prefetch_related(in_their_order())
    ]


def _write_all(draft: BundleVersion, items: Sequence[ItemInput]) -> None:
    for seq, item in enumerate(items, 1):
        _write(draft, seq, item)


def _write(draft: BundleVersion, seq: int, item: ItemInput) -> None:
    row = BundleItem.objects.create(
        version=draft,
        seq=seq,
        role=item.role,
        service_zh=item.service_zh,
        service_en=item.service_en,
        condition_zh=item.condition_zh,
        condition_en=item.condition_en,
    )
    known = Product.objects.in_bulk(item.products)
    for pk in item.products:  # one by one: in the order they are tried in
        if pk in known:
            row.choices.add(known[pk])


def _check_content(values: Mapping[str, Any]) -> None:
    """Codes that the portrait has, and a price effect within its bounds."""
    problems: dict[str, Text] = {}
    for name, column in TARGETS.items():
        known = dict(target_choices(column))
        if strange := [code for code in values[name] if code not in known]:
            problems[name] = _("Not known: %(names)s.") % {"names": joined(strange)}
    if not 0 <= values["rate_discount_bp"] <= MOST_RATE_DISCOUNT:
        problems["rate_discount_bp"] = _("0 to %(most)s basis points.") % {
            "most": MOST_RATE_DISCOUNT
        }
    if not 0 <= values["fee_discount"] <= 1:
        problems["fee_discount"] = _("A share lies between 0 and 1.")
    if problems:
        raise DomainError(_("Some terms cannot be."), status=422, fields=problems)


def _check_items(items: Sequence[ItemInput]) -> None:
    if len(items) > MOST_ITEMS:
        raise DomainError(
            _("A bundle has at most %(most)s items.") % {"most": MOST_ITEMS}, status=422
        )
    for no, item in enumerate(items, 1):
        if not item.products and not item.service_zh:
            text = _("Item %(no)s: choose a product or name a service.") % {"no": no}
            raise DomainError(text, status=422)


def _complete(version: BundleVersion) -> None:
    """An anchor, a benefit, two items, and a price effect that may stand."""
    items = list(version.items.all())
    if len(items) < 2:
        raise DomainError(_("A bundle has two items at least."), status=422)
    if not any(item.role == BundleItem.Role.ANCHOR for item in items):
        raise DomainError(_("One item is the anchor."), status=422)
    if not version.benefit_zh.strip():
        raise DomainError(_("Say in Chinese what the bundle brings."), status=422)
    if problem := price_effect_problem(version):
        raise DomainError(problem, status=422)
