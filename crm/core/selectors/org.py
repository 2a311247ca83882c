"""Units and people."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from crm.core.models import Branch, Cover, User
from crm.core.roles import Can


def branch_list(*, search: str = "") -> QuerySet[Branch]:
    """Every unit in the order of the tree, with how many people work in it."""
    people = Count("people", filter=Q(people__is_active=True))
    units = Branch.objects.select_related("parent").annotate(people_count=people)
    if search:
        units = units.filter(Q(name__icontains=search) | Q(code__istartswith=search))
    return units.order_by("scope_lo", "pk")


def branch_path(branch: Branch) -> list[Branch]:
    """The units above this one, from the top."""
    return list(
        Branch.objects.filter(scope_lo__lt=branch.scope_lo, scope_hi__gte=branch.scope_hi)
        .exclude(pk=branch.pk)
        .order_by("scope_lo")
    )


def unit(branch_id: int) -> Branch:
    """One unit with the one above it."""
    return Branch.objects.select_related("parent").get(pk=branch_id)


def person(user_id: int) -> User:
    """One member of staff with the unit."""
    return User.objects.select_related("branch").get(pk=user_id)


def open_units() -> QuerySet[Branch]:
    """Units that people can be in."""
    return Branch.objects.filter(is_active=True).order_by("scope_lo")


def user_list(
    *, search: str = "", role: str = "", branch: Branch | None = None, is_active: bool | None = None
) -> QuerySet[User]:
    """Members of staff in the order of the tree; ``branch`` means it and all below."""
    people = User.objects.select_related("branch")
    if search:
        people = people.filter(
            Q(full_name__icontains=search)
            | Q(username__istartswith=search)
            | Q(employee_no__istartswith=search)
        )
    if role:
        people = people.filter(role=role)
    if branch is not None:
        people = people.filter(
            branch__scope_lo__gte=branch.scope_lo, branch__scope_lo__lte=branch.scope_hi
        )
    if is_active is not None:
        people = people.filter(is_active=is_active)
    return people.order_by("scope_no", "pk")


def cover_list(*, user: User, today: date) -> QuerySet[Cover]:
    """Stand-ins that have not ended: one's own, and for a head those of the people below."""
    covers = Cover.objects.filter(during__endswith__gt=today).select_related(
        "absent__branch", "stand_in", "approved_by", "requested_by"
    )
    mine = Q(absent=user) | Q(stand_in=user) | Q(requested_by=user)
    if user.can(Can.APPROVE_COVER):
        for low, high in user.reach():
            mine |= Q(absent__scope_no__range=(low, high))
    return covers.filter(mine).order_by("during", "pk")


def people_who_can_be_away(*, user: User) -> QuerySet[User]:
    """Oneself, and for a head everybody below."""
    mine = Q(pk=user.pk)
    if user.can(Can.APPROVE_COVER):
        for low, high in user.reach():
            mine |= Q(scope_no__range=(low, high))
    return User.objects.filter(mine, is_active=True).order_by("scope_no")


def possible_stand_ins(*, user: User) -> QuerySet[User]:
    """Colleagues of the same unit, of its sisters, and for a head of the units below."""
    near = Q(branch=user.branch) | Q(branch__parent=user.branch.parent_id)
    if user.can(Can.APPROVE_COVER):
        near |= Q(branch__scope_lo__range=(user.branch.scope_lo, user.branch.scope_hi))
    return User.objects.filter(near, is_active=True).order_by("scope_no")
