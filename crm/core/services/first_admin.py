"""The one account that nobody could create on the pages: the first administrator of a new bank."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Branch, User
from crm.core.services.numbering import place_person, place_unit
from crm.core.services.org import temporary_password


@transaction.atomic
def make_first_admin(*, username: str, full_name: str, bank: str) -> tuple[User, str]:
    """Head office and its administrator stand, with a password to be changed at log-in.

    Only while there is no user at all: later ones are made on the page of users.
    """
    if User.objects.exists():
        raise DomainError(_("There are users already: the administrator adds more on the page."))
    unit = Branch.objects.filter(parent=None).first()
    if unit is None:
        unit = Branch.objects.create(code="HQ", name=bank, level=Branch.Level.HEAD_OFFICE)
        place_unit(unit)
    password = temporary_password()
    user = User(username=username, full_name=full_name, role="sys_admin", branch=unit)
    user.must_change_password = True
    user.set_password(password)
    user.save()
    place_person(user)
    record(user, "core.user_created", user, given_role=user.role)
    return user, password
