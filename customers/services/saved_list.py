"""Lists a user keeps."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.models import User
from customers.models import SavedList
from customers.selectors.list_columns import list_column

MOST_COLUMNS = 14
MOST_NAMED = 12


@transaction.atomic
def choose_columns(*, keys: Sequence[str], by: User) -> None:
    """The user's lists show these columns from now on; none means the usual ones."""
    known = [key for key in dict.fromkeys(keys) if list_column(key) is not None]
    if len(known) > MOST_COLUMNS:
        raise DomainError(
            _("Choose at most %(most)s columns.") % {"most": MOST_COLUMNS}, status=422
        )
    SavedList.objects.update_or_create(user=by, name="", defaults={"columns": known})


@transaction.atomic
def keep_list(*, name: str, query: str, by: User) -> SavedList:
    """The list with these filters stands under this name; the same name is replaced."""
    name = " ".join(name.split())
    if not 0 < len(name) <= 30 or len(query) > 1000:
        raise DomainError(_("Give the list a name of at most 30 characters."), status=422)
    kept = SavedList.objects.filter(user=by).exclude(name="").exclude(name=name)
    if kept.count() >= MOST_NAMED:
        raise DomainError(
            _("You keep %(most)s lists already; drop one first.") % {"most": MOST_NAMED}, status=422
        )
    row, _is_new = SavedList.objects.update_or_create(
        user=by, name=name, defaults={"query": query.lstrip("?")}
    )
    return row


@transaction.atomic
def drop_list(*, saved_id: int, by: User) -> None:
    """The user's list is gone; somebody else's is not found."""
    SavedList.objects.filter(user=by).exclude(name="").get(pk=saved_id).delete()
