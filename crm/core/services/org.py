"""Units, people and stand-ins: made, moved, closed; the tree is numbered at the same time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Branch, Cover, User
from crm.core.roles import ROLES, Can
from crm.core.services.numbering import lock_tree, place_person, place_unit, renumber
from crm.core.services.task import add_task, close_same

# Asked before a person leaves a unit or the bank: a sentence when something must be handed over.
LEAVING_CHECKS: list[Callable[[User], str | None]] = []
DEPTH = {level: depth for depth, level in enumerate(Branch.Level.values)}
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_branch(
    *, by: User, code: str, name: str, level: str, parent: Branch | None, region_code: str = ""
) -> Branch:
    """The unit exists, with an interval inside its parent's."""
    lock_tree()
    branch = Branch(code=code, name=name, level=level, parent=parent, region_code=region_code)
    _must_fit(branch)
    _saved_once(branch, _("A unit with this code exists already."))
    place_unit(branch)
    record(by, "core.unit_created", branch)
    return branch


@transaction.atomic
def update_branch(
    *, by: User, branch_id: int, name: str, level: str, parent: Branch | None, region_code: str
) -> Branch:
    """The unit as given; below a new parent its rows are seen from there at once (ROL-5)."""
    lock_tree()
    branch = Branch.objects.select_for_update().get(pk=branch_id)
    moved = branch.parent_id != (parent.pk if parent else None)
    branch.name, branch.level, branch.region_code = name, level, region_code
    branch.parent = parent
    _must_fit(branch)
    branch.save()
    if moved:
        renumber()
        branch.refresh_from_db()
        record(by, "core.unit_moved", branch, parent=parent.code if parent else "")
    return branch


@transaction.atomic
def close_branch(*, by: User, branch_id: int) -> Branch:
    """The unit takes no more people; refused while anybody or anything open is in it."""
    branch = Branch.objects.select_for_update().get(pk=branch_id)
    if branch.people.filter(is_active=True).exists():
        raise DomainError(_("Move the people of this unit first."))
    if branch.children.filter(is_active=True).exists():
        raise DomainError(_("Close or move the units below it first."))
    branch.is_active = False
    branch.save(update_fields=["is_active", "updated_at"])
    record(by, "core.unit_closed", branch)
    return branch


@transaction.atomic
def create_user(
    *, by: User, username: str, full_name: str, role: str, branch: Branch, **details: object
) -> tuple[User, str]:
    """The user, and the password to hand over: it must be changed at the first log-in."""
    _must_be_role(role)
    _must_be_open(branch)
    password = temporary_password()
    user = User(username=username, full_name=full_name, role=role, branch=branch, **details)
    user.must_change_password = True
    user.set_password(password)
    _saved_once(user, _("This user name is taken."))
    place_person(user)
    record(by, "core.user_created", user, given_role=role)
    return user, password


@transaction.atomic
def update_user(
    *, by: User, user_id: int, full_name: str, role: str, branch: Branch, **details: object
) -> User:
    """The user as given; in a new unit or role the scope changes at once."""
    user = User.objects.select_for_update().get(pk=user_id)
    _must_be_role(role)
    if user.branch_id != branch.pk:
        _must_be_open(branch)
    if user.pk == by.pk and role != user.role:
        raise DomainError(_("You cannot change your own role."))
    moved = user.branch_id != branch.pk
    if moved or role != user.role:
        _must_be_free(user)
    user.full_name, user.role, user.branch = full_name, role, branch
    for name, value in details.items():
        setattr(user, name, value)
    user.save()
    if moved:
        place_person(user)
        record(by, "core.user_moved", user, unit=branch.code)
    return user


@transaction.atomic
def deactivate_user(*, by: User, user_id: int) -> User:
    """The user cannot sign in and is signed out everywhere; refused while work is left behind."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.pk == by.pk:
        raise DomainError(_("You cannot close your own account."))
    _must_be_free(user)
    user.is_active = False
    user.save(update_fields=["is_active", "updated_at"])
    record(by, "core.user_deactivated", user)
    return user


@transaction.atomic
def reactivate_user(*, by: User, user_id: int) -> User:
    """The user may sign in again, with the old password."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])
    record(by, "core.user_reactivated", user)
    return user


@transaction.atomic
def reset_password(*, by: User, user_id: int) -> str:
    """A new password to hand over; open sessions end, and it must be changed at log-in."""
    user = User.objects.select_for_update().get(pk=user_id)
    password = temporary_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password", "updated_at"])
    record(by, "core.password_reset", user)
    return password


def temporary_password() -> str:
    """Twelve letters and digits that are not taken for each other."""
    return "-".join("".join(secrets.choice(_LETTERS) for _i in range(4)) for _j in range(3))


@transaction.atomic
def request_cover(
    *, by: User, absent: User, stand_in: User, first: date, last: date, reason: str
) -> Cover:
    """A stand-in is asked for; it holds from its first day once somebody above has approved it."""
    if by.pk != absent.pk and not by.can(Can.APPROVE_COVER):
        raise DomainError(_("You can ask for your own stand-in only."), status=403)
    if first > last:
        raise DomainError(_("The last day lies before the first."), status=400)
    if stand_in.role != absent.role:
        raise DomainError(_("The stand-in must have the same role."), status=400)
    cover = Cover(
        absent=absent,
        stand_in=stand_in,
        during=DateRange(first, last, "[]"),
        reason=reason,
        requested_by=by,
    )
    _saved_once(cover, _("There is a stand-in for these days already."))
    record(by, "core.cover_requested", cover)
    _ask_head(cover, due_on=first)
    return cover


@transaction.atomic
def approve_cover(*, by: User, cover_id: int) -> Cover:
    """The stand-in sees the absent colleague's customers on these days (ROL-2)."""
    cover = Cover.objects.select_for_update(of=("self",)).select_related("absent").get(pk=cover_id)
    _must_lead(by, cover.absent)
    if by.pk in {cover.stand_in_id, cover.absent_id, cover.requested_by_id}:
        raise DomainError(_("Somebody else must approve this."))
    if cover.approved_by_id is None:
        cover.approved_by = by
        cover.save(update_fields=["approved_by"])
        close_same("core.cover_requested", unique_key=str(cover.pk), by=by)
        record(by, "core.cover_approved", cover)
    return cover


@transaction.atomic
def end_cover(*, by: User, cover_id: int, on: date) -> None:
    """The stand-in sees nothing more from ``on``; one that never began is gone."""
    cover = Cover.objects.select_for_update(of=("self",)).select_related("absent").get(pk=cover_id)
    if by.pk not in {cover.absent_id, cover.requested_by_id}:
        _must_lead(by, cover.absent)
    if cover.during.upper <= on:
        return
    record(by, "core.cover_ended", cover)
    close_same("core.cover_requested", unique_key=str(cover.pk), by=by)
    if cover.approved_by_id is None or cover.during.lower >= on:
        cover.delete()
        return
    cover.during = DateRange(cover.during.lower, on, "[)")
    cover.save(update_fields=["during"])


def _ask_head(cover: Cover, *, due_on: date) -> None:
    """The nearest head above finds a to-do: approve or not."""
    number = cover.absent.scope_no
    above = User.objects.filter(
        role="branch_head",
        is_active=True,
        branch__scope_lo__lte=number,
        branch__scope_hi__gte=number,
    ).exclude(pk__in=(cover.absent_id, cover.stand_in_id, cover.requested_by_id))
    head = above.order_by("-branch__scope_lo").first()
    if head is not None:
        add_task(
            "core.cover_requested",
            owner=head,
            params={"stand_in": str(cover.stand_in), "absent": str(cover.absent)},
            due_on=due_on,
            link=reverse("core:covers"),
            unique_key=str(cover.pk),
        )


def _must_lead(by: User, person: User) -> None:
    inside = any(low <= person.scope_no <= high for low, high in by.reach())
    if not (by.can(Can.APPROVE_COVER) and inside):
        raise DomainError(_("Only the head of this unit may decide this."), status=403)


def _must_fit(branch: Branch) -> None:
    """A unit hangs below a higher one that is open, and never below itself."""
    if branch.level not in DEPTH:
        raise DomainError(_("This is not a level."), status=400)
    parent = branch.parent
    if parent is None:
        if branch.level != Branch.Level.HEAD_OFFICE:
            raise DomainError(_("Only the head office stands at the top."), status=400)
        return
    _must_be_open(parent)
    if DEPTH[parent.level] >= DEPTH[branch.level]:
        raise DomainError(_("The unit above must be of a higher level."), status=400)
    above: Branch | None = parent
    while above is not None:
        if above.pk == branch.pk:
            raise DomainError(_("A unit cannot stand below itself."), status=400)
        above = above.parent


def _must_be_open(branch: Branch) -> None:
    if not branch.is_active:
        raise DomainError(_("This unit is closed."), status=400)


def _must_be_role(role: str) -> None:
    if role not in ROLES:
        raise DomainError(_("This is not a role."), status=400)


def _must_be_free(user: User) -> None:
    """Refused with the first sentence of whoever still needs this person."""
    for check in LEAVING_CHECKS:
        sentence = check(user)
        if sentence:
            raise DomainError(sentence)


def _saved_once(row: Branch | User | Cover, sentence: str) -> None:
    """Saved, or refused with a sentence when a constraint says no."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(sentence) from error
