"""The catalogue written by its admins: new products, drafts with an optimistic lock, submission."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.roles import Can
from products.models import EligibilityRule, FeeItem, Product, ProductVersion
from products.models.guards import LIFE
from products.selectors.version_checks import (
    Missing,
    code_problems,
    missing_elements,
    term_problems,
)
from products.services.competitors import fingerprint
from products.services.review_tasks import ask_checkers

CODE = re.compile(r"[A-Z]{2,6}[0-9]{1,6}")  # stands in addresses beside the words of other pages
State = ProductVersion.State
IN_MAKING = (State.DRAFT, State.SUBMITTED, State.APPROVED)
CONTENT = tuple(
    field.name
    for field in ProductVersion._meta.local_concrete_fields
    if field.column not in LIFE | {"product_id", "no"}
)
NAMES = ("name_zh", "name_en", "owner_line", "tags")  # of a product, not of a version
WRITABLE = (*CONTENT, "effective_from")  # what a draft may change


@dataclass(frozen=True)
class FeeInput:
    """One fee as written: a sum in yuan or a share of the amount, not both."""

    name_zh: str
    timing: str
    sum_amount: Decimal | None = None
    share: Decimal | None = None
    name_en: str = ""


class DraftClash(DomainError):
    """Somebody else saved the draft since the page was opened; nothing was written."""

    def __init__(self, current: ProductVersion) -> None:
        super().__init__(_("Somebody else changed this draft meanwhile."), status=409)
        self.current = current


class NotComplete(DomainError):
    """The version lacks something; ``missing`` says what, ``fields`` where."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(
            _("Not complete yet: %(what)s.") % {"what": "; ".join(it.text for it in missing)},
            status=422,
            fields={it.field: it.text for it in missing},
        )
        self.missing = missing


@transaction.atomic
def new_product(
    *, by: User, code: str, name_zh: str, family: str, owner_line: str, name_en: str = "",
    tags: Sequence[str] = (),
) -> ProductVersion:  # fmt: skip
    """A product with an empty first draft, made by ``by``; a code that exists is refused."""
    may_write(by)
    if not CODE.fullmatch(code):
        text = _("Write it as WC10.")
        raise DomainError(text, status=422, fields={"code": text})
    product = Product(
        code=code, name_zh=name_zh, name_en=name_en, family=family, owner_line=owner_line,
        tags=list(tags), created_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as error:
        text = _("There is a product with this code already.")
        raise DomainError(text, fields={"code": text}) from error
    version = ProductVersion(product=product, no=1, made_by=by, makers=[by.pk])
    version.save(force_insert=True)
    record(by, "products.product_added", product, code=code)
    return version


@transaction.atomic
def draft_from(*, by: User, version_id: int) -> ProductVersion:
    """A draft with the content of this version and the next number; one that is there is kept."""
    may_write(by)
    source = ProductVersion.objects.select_related("product").get(pk=version_id)
    product = Product.objects.select_for_update(no_key=True).get(pk=source.product_id)
    current = product.versions.filter(state__in=IN_MAKING).select_related("product").first()
    if current is not None:
        if current.state != State.DRAFT:
            raise DomainError(
                _("Version %(no)s is on its way; a new draft can wait for it.") % {"no": current.no}
            )
        return current
    newest = product.versions.aggregate(Max("no"))["no__max"]
    content = {name: getattr(source, name) for name in CONTENT if name != "change_note"}
    draft = ProductVersion(
        product=product, no=newest + 1, made_by=by, makers=[by.pk], change_note="", **content
    )
    draft.save(force_insert=True)
    _copy_parts(source, draft)
    record(by, "products.draft_made", draft, product=product.code, no=draft.no, source=source.no)
    return draft


@transaction.atomic
def edit_draft(
    *,
    by: User,
    version_id: int,
    revision: int,
    values: Mapping[str, Any],
    fees: Sequence[FeeInput] | None = None,
) -> ProductVersion:
    """The draft has these values and fees; DraftClash when it was saved since ``revision``.

    The same content saved twice counts once. Only names in ``WRITABLE`` are taken.
    """
    draft = lock_draft(by=by, version_id=version_id, revision=revision)
    if strange := set(values) - set(WRITABLE):
        raise DomainError(
            _("%(names)s cannot be written.") % {"names": ", ".join(sorted(strange))}, status=422
        )
    whole = {name: getattr(draft, name) for name in CONTENT} | dict(values)
    if problems := term_problems(whole) | code_problems(values, draft):
        raise DomainError(_("Some terms cannot be."), status=422, fields=problems)
    changed = [name for name in values if getattr(draft, name) != values[name]]
    for name in changed:
        setattr(draft, name, values[name])
    has_new_fees = fees is not None and _save_fees(draft, fees)
    if changed or has_new_fees:
        touch_draft(draft, by=by, changed=changed)
    return draft


def lock_draft(*, by: User, version_id: int, revision: int) -> ProductVersion:
    """The draft, locked until the end of the transaction; DraftClash when ``revision`` is old."""
    may_write(by)
    rows = ProductVersion.objects.select_for_update(of=("self",), no_key=True)
    draft = rows.select_related("product", "made_by").get(pk=version_id)
    if draft.state != State.DRAFT:
        raise DomainError(_("Only a draft can be changed; this version is frozen."))
    if draft.revision != revision:
        raise DraftClash(draft)
    return draft


def touch_draft(draft: ProductVersion, *, by: User, changed: Sequence[str] = ()) -> None:
    """The locked draft is saved with a new revision, and ``by`` is one of its makers.

    Whoever changes what hangs on a draft (its rules) calls this in the same transaction.
    """
    draft.revision += 1
    if by.pk not in draft.makers:
        draft.makers = [*draft.makers, by.pk]
    draft.save(update_fields=[*changed, "revision", "makers"])


@transaction.atomic
def submit_version(*, by: User, version_id: int) -> ProductVersion:
    """The draft is frozen and waits for its checkers (PRO-1); NotComplete says what is missing.

    A second call changes nothing.
    """
    may_write(by)
    rows = ProductVersion.objects.select_for_update(of=("self",), no_key=True)
    version = rows.select_related("product").get(pk=version_id)
    if version.state == State.SUBMITTED:
        return version
    if version.state != State.DRAFT:
        raise DomainError(_("Only a draft can be submitted."))
    if missing := missing_elements(version, has_fees=version.fees.exists()):
        raise NotComplete(missing)
    version.state, version.submitted_at = State.SUBMITTED, timezone.now()
    if by.pk not in version.makers:
        version.makers = [*version.makers, by.pk]
    version.save(update_fields=["state", "submitted_at", "makers"])
    record(by, "products.submitted", version, product=version.product.code, no=version.no)
    ask_checkers(version, by=by, on=timezone.localdate())
    return version


@transaction.atomic
def change_product(*, by: User, code: str, seen: str, values: Mapping[str, Any]) -> Product:
    """The product is called so; 409 unless ``seen`` is still its fingerprint.

    Its code and family never change, its terms stand in versions.
    """
    may_write(by)
    product = Product.objects.select_for_update(no_key=True).get(code=code)
    changed = [name for name in NAMES if name in values and getattr(product, name) != values[name]]
    if changed and seen != fingerprint(product):
        raise DomainError(_("Somebody else changed this meanwhile. Reload the page to see it."))
    for name in changed:
        setattr(product, name, values[name])
    if changed:
        product.save(update_fields=changed)
        record(by, "products.product_changed", product, fields=changed)
        publish("products.changed")
    return product


@transaction.atomic
def set_product_status(*, by: User, code: str, status: str) -> Product:
    """The product is on sale, paused or closed; only those on sale are offered."""
    may_write(by)
    if status not in Product.Status.values:
        raise DomainError(_("This is not a status."), status=422)
    product = Product.objects.select_for_update(no_key=True).get(code=code)
    if product.status != status:
        product.status = status
        product.save(update_fields=["status"])
        record(by, "products.status_set", product, status=status)
        publish("products.changed")
    return product


def may_write(by: User) -> None:
    """Refuses whoever does not write the catalogue."""
    if not by.can(Can.EDIT_PRODUCTS):
        raise DomainError(_("Your role does not write the catalogue."), status=403)


def _copy_parts(source: ProductVersion, draft: ProductVersion) -> None:
    """Rules and fees of one version for another."""
    rules, fees = list(source.rules.all()), list(source.fees.all())
    for rule in rules:
        rule.pk, rule.version = None, draft
    for fee in fees:
        fee.pk, fee.version = None, draft
    EligibilityRule.objects.bulk_create(rules)
    FeeItem.objects.bulk_create(fees)


def stored_fees(version: ProductVersion) -> list[FeeInput]:
    """The fees of a version as they would be written."""
    return [
        FeeInput(row.name_zh, row.timing, row.sum_amount, row.share, row.name_en)
        for row in version.fees.all()
    ]


def _save_fees(draft: ProductVersion, fees: Sequence[FeeInput]) -> bool:
    """The draft has these fees in this order; True when anything was written."""
    for fee in fees:
        text = ""
        if (fee.sum_amount is None) == (fee.share is None):
            text = _("A fee is a sum or a share: %(name)s.") % {"name": fee.name_zh}
        elif (fee.sum_amount or 0) < 0 or (fee.share or 0) < 0:
            text = _("A fee is not negative: %(name)s.") % {"name": fee.name_zh}
        if text:
            raise DomainError(text, status=422, fields={"fees": text})
    if stored_fees(draft) == list(fees):
        return False
    draft.fees.all().delete()
    FeeItem.objects.bulk_create(
        FeeItem(version=draft, seq=seq, **vars(fee)) for seq, fee in enumerate(fees, start=1)
    )
    return True
