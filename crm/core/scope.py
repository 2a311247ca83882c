"""The only row-access rule: a row is visible when its number lies in one of a few intervals.

Branches, teams and people hold pre-order numbers; a customer carries its manager's (or, without a
manager, its unit's) number in ``scope_no``. Everything a customer owns reaches it by a key.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.core.models import User

WHOLE_BANK = (0, 2**31 - 1)  # the interval of who sees everything


class Scope:
    """Where a model keeps its number: ``Scope("scope_no")`` or ``Scope.via("customer")``."""

    def __init__(self, number: str) -> None:
        self.number = number

    @property
    def path(self) -> str:
        """The row that holds the number; "" when it is the row itself."""
        return self.number.rpartition("__")[0]

    @classmethod
    def via(cls, path: str, field: str = "scope_no") -> Scope:
        """The number of the row that ``path`` leads to."""
        return cls(f"{path}__{field}")


class ScopedQuerySet(models.QuerySet[Any]):
    """Every list, detail, export, search, file and board starts at ``visible_to``."""

    def visible_to(self, user: User) -> Self:
        """Rows that ``user`` may see, and none when in doubt."""
        reach = user.reach()
        if not reach:
            return self.none()
        if WHOLE_BANK in reach:  # every number lies in it: nothing to look up
            path = self.model.scope.path
            return self.filter(**{f"{path}__isnull": False}) if path else self.all()
        number = self.model.scope.number
        return self.filter(reduce(or_, (Q(**{f"{number}__range": pair}) for pair in reach)))
