"""One's own theme and language."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.models import User


def change_settings(*, by: User, theme: str = "", language: str = "") -> User:
    """The theme and language that were given are the user's from now on."""
    if theme and theme not in User.Theme.values:
        raise DomainError(_("There is no such theme."), status=400)
    if language and language not in dict(settings.LANGUAGES):
        raise DomainError(_("There is no such language."), status=400)
    by.theme, by.language = theme or by.theme, language or by.language
    by.save(update_fields=["theme", "language"])
    return by
