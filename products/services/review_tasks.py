"""To-dos around a review: checkers learn what waits for them, the maker what came back."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from crm.core.models import User
from crm.core.roles import ROLES, Can
from crm.core.services.task import add_task, close_same
from products.models import ProductVersion
from products.selectors.catalogue import version_before
from products.selectors.version_checks import Role, approvals

WAITS = "products.review"
SENT_BACK = "products.sent_back"
ABILITIES = {str(Role.CATALOGUE): Can.APPROVE_PRODUCTS, str(Role.RISK): Can.APPROVE_RISK_TERMS}


def ask_checkers(version: ProductVersion, *, by: User, on: date) -> None:
    """Everybody whose word the submitted version needs has a to-do; its makers have none."""
    close_same(SENT_BACK, unique_key=str(version.pk), by=by)
    needs = approvals(version, version_before(version), on=on)
    for person in _people(version, needs.needed):
        add_task(
            WAITS,
            owner=person,
            params={"version": _told(version)},
            link=reverse("products:review"),
            unique_key=f"{version.pk}:{person.pk}",
        )


def settle(version: ProductVersion, *, by: User, roles: tuple[str, ...]) -> None:
    """The to-dos of these checkers are done: their word is given, or no longer needed."""
    for person in _people(version, roles):
        close_same(WAITS, unique_key=f"{version.pk}:{person.pk}", by=by)


def tell_maker(version: ProductVersion, *, by: User, note: str) -> None:
    """Whoever made the version knows that it came back, and why."""
    if version.made_by is None:
        return
    add_task(
        SENT_BACK,
        owner=version.made_by,
        params={"version": _told(version), "who": by.full_name or by.username, "note": note},
        link=reverse("products:edit", args=[version.product.code, version.no]),
        unique_key=str(version.pk),
    )


def _people(version: ProductVersion, roles: tuple[str, ...]) -> QuerySet[User]:
    """Active staff who may decide in one of these roles, without the makers."""
    wanted = {ABILITIES[role] for role in roles}
    keys = [role.key for role in ROLES.values() if role.can & wanted]
    return User.objects.filter(role__in=keys, is_active=True).exclude(pk__in=version.makers)


def _told(version: ProductVersion) -> str:
    return f"{version.product.code} {version.product.name_zh} v{version.no}"
