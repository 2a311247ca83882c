"""Four eyes and the calendar: a submitted version is decided, takes effect, is withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.roles import Can
from crm.core.services.task import close_same
from products.models import Product, ProductVersion, VersionDecision
from products.selectors.catalogue import version_before
from products.selectors.version_checks import Approvals, Role, approvals, current_round
from products.services.catalogue import may_write
from products.services.review_tasks import SENT_BACK, settle, tell_maker

State = ProductVersion.State


@transaction.atomic
def decide_version(
    *, by: User, version_id: int, is_approved: bool, note: str = ""
) -> ProductVersion:
    """``by`` agrees or sends the version back; never somebody who wrote on it (PRO-2).

    Approved once every needed role agreed: a catalogue admin, and a risk officer for a rate below
    the floor or a new guarantee mode; one rejection makes it a draft again. The same word twice
    counts once. An approved version whose day has come takes effect at once.
    """
    version = _locked(version_id)
    decisions = list(version.decisions.all())
    if _said_before(decisions, by, is_approved) and version.state != State.SUBMITTED:
        return version
    if version.state != State.SUBMITTED:
        raise DomainError(_("Only a submitted version can be decided on."))
    if by.pk in version.makers or by.pk == version.made_by_id:
        raise DomainError(_("Somebody else must decide: you wrote on this version."), status=403)
    if not is_approved and not note.strip():
        raise DomainError(
            _("Say why, so that it can be mended."),
            status=422,
            fields={"note": _("Say why, so that it can be mended.")},
        )
    today = timezone.localdate()
    needs = approvals(version, version_before(version), on=today)
    role = _role_of(by, needs)
    now = current_round(decisions)
    if mine := next((it for it in decisions if it.by_id == by.pk and it.round == now), None):
        if mine.is_approved == is_approved:
            return version
        raise DomainError(_("You have decided on this version already."))
    VersionDecision.objects.create(
        version=version, round=now, by=by, role=role, is_approved=is_approved, note=note.strip()
    )
    if is_approved:
        _agreed(version, by, role, needs, today)
    else:
        _sent_back(version, by, role, needs, note.strip())
    return version


def _agreed(version: ProductVersion, by: User, role: str, needs: Approvals, today: date) -> None:
    """One role agreed; with the last one the version is approved and begins on its day."""
    record(by, "products.approved", version, product=version.product.code, no=version.no, role=role)
    settle(version, by=by, roles=(role,))
    if not set(needs.open) <= {role}:
        return
    version.state = State.APPROVED
    version.save(update_fields=["state"])
    if version.effective_from is None or version.effective_from <= today:
        _start(version, today)
        publish("products.changed", version.pk)


def _sent_back(version: ProductVersion, by: User, role: str, needs: Approvals, note: str) -> None:
    """The version is a draft again, and its maker knows why."""
    version.state = State.DRAFT
    version.revision += 1
    version.save(update_fields=["state", "revision"])
    record(by, "products.rejected", version, product=version.product.code, no=version.no, role=role)
    settle(version, by=by, roles=needs.needed)
    tell_maker(version, by=by, note=note)


@transaction.atomic
def take_effect(*, as_of: date) -> list[int]:
    """Every approved version whose day has come is in force; the keys of those that began.

    A second run on the same day changes nothing.
    """
    due = ProductVersion.objects.filter(state=State.APPROVED, effective_from__lte=as_of)
    started = []
    for key in due.order_by("product").values_list("pk", flat=True):
        version = _locked(key)
        if version.state == State.APPROVED:
            _start(version, as_of)
            started.append(key)
    if started:
        publish("products.changed", *started)
    return started


@transaction.atomic
def withdraw_version(*, by: User, version_id: int, note: str) -> ProductVersion:
    """The version is no longer offered, or never will be; it stays readable (PRO-4).

    An effective one ends with the day before; a draft or an approved one never was in force. A
    submitted one is decided first. A second call changes nothing.
    """
    may_write(by)
    version = _locked(version_id)
    if version.state == State.WITHDRAWN:
        return version
    if version.state not in (State.EFFECTIVE, State.APPROVED, State.DRAFT):
        raise DomainError(
            _("A version that is %(state)s cannot be withdrawn.")
            % {"state": version.get_state_display()}
        )
    if not note.strip():
        text = _("Say why it is withdrawn.")
        raise DomainError(text, status=422, fields={"note": text})
    was_effective = version.state == State.EFFECTIVE
    if was_effective:
        version.effective_to = timezone.localdate() - timedelta(days=1)
    version.state = State.WITHDRAWN
    version.save(update_fields=["state", "effective_to"])
    record(
        by, "products.withdrawn", version,
        product=version.product.code, no=version.no, why=note.strip(),
    )  # fmt: skip
    close_same(SENT_BACK, unique_key=str(version.pk), by=by)
    if was_effective:
        publish("products.changed", version.pk)
    return version


def _start(version: ProductVersion, today: date) -> None:
    """The version is in force from today on, and the one before it ended yesterday."""
    Product.objects.select_for_update(no_key=True).get(pk=version.product_id)
    others = ProductVersion.objects.filter(product_id=version.product_id, state=State.EFFECTIVE)
    for old in others.select_for_update(no_key=True):
        old.state, old.effective_to = State.SUPERSEDED, today - timedelta(days=1)
        old.save(update_fields=["state", "effective_to"])
        record(None, "products.superseded", old, product=version.product.code, no=old.no)
    version.state, version.effective_from, version.effective_to = State.EFFECTIVE, today, None
    version.save(update_fields=["state", "effective_from", "effective_to"])
    record(None, "products.took_effect", version, product=version.product.code, no=version.no)


def _locked(version_id: int) -> ProductVersion:
    rows = ProductVersion.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product").get(pk=version_id)


def _said_before(decisions: list[VersionDecision], by: User, is_approved: bool) -> bool:
    """Whether the newest decision is this one: the button was pressed twice."""
    newest = max(decisions, key=lambda it: it.pk, default=None)
    return newest is not None and (newest.by_id, newest.is_approved) == (by.pk, is_approved)


def _role_of(by: User, needs: Approvals) -> str:
    """As what ``by`` decides; refused for roles that do not check, or are not needed here."""
    if by.can(Can.APPROVE_PRODUCTS):
        return Role.CATALOGUE
    if not by.can(Can.APPROVE_RISK_TERMS):
        raise DomainError(_("Your role does not decide on versions."), status=403)
    if Role.RISK not in needs.needed:
        raise DomainError(
            _("No risk officer is needed: the rate is above the floor, no guarantee is new.")
        )
    return Role.RISK
