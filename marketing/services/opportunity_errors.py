"""What a pipeline refuses, each with what the page needs to offer the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.words import Text
from marketing.models import Opportunity
from marketing.pipeline import stage_of
from marketing.selectors.opportunity_gates import GateLine


class DuplicateOpportunity(DomainError):
    """The customer has an open one of this family already (OPP-6); ``existing`` is that one."""

    def __init__(self, existing: Opportunity) -> None:
        told = {
            "family": existing.get_family_display(),
            "stage": stage_of(existing.pipeline, existing.stage).label,
            "owner": str(existing.owner),
        }
        super().__init__(
            _(
                "An opportunity of this family is open already: %(family)s, %(stage)s, with "
                "%(owner)s. Merge yours into it."
            )
            % told
        )
        self.existing = existing


class GateNotMet(DomainError):
    """Checks do not hold yet; ``lines`` are those."""

    def __init__(self, lines: list[GateLine]) -> None:
        names = gettext(", ").join(str(line.check.label) for line in lines)
        super().__init__(_("Still missing: %(names)s.") % {"names": names}, status=422)
        self.lines = lines


class MovedMeanwhile(DomainError):
    """Somebody else saved it first; nothing of this change was kept."""

    def __init__(self, row: Opportunity) -> None:
        last = row.events.select_related("by").order_by("-at", "-pk").first()
        told = {
            "who": str(last.by) if last and last.by else _("Somebody"),
            "at": f"{timezone.localtime(last.at):%m-%d %H:%M}" if last else "",
            "stage": stage_of(row.pipeline, row.stage).label,
        }
        super().__init__(
            _(
                "This opportunity has changed since you opened it: it stands in %(stage)s now, "
                "last moved by %(who)s on %(at)s. Nothing of yours was saved; look at it again."
            )
            % told
        )


@dataclass(frozen=True)
class Refused:
    """One row of many that cannot go, and why; ``row`` is None for one out of reach."""

    pk: int
    row: Opportunity | None
    why: Text
    is_stranger: bool = False  # would go if its customer went along


class NotAllReassigned(DomainError):
    """Some of many cannot change hands; none did. ``refused`` are those, ``fields`` why by key."""

    def __init__(self, refused: Sequence[Refused], *, asked: int) -> None:
        told = {"refused": len(refused), "asked": asked}
        message = _("%(refused)s of %(asked)s cannot be reassigned. Nothing was changed.") % told
        self.refused = list(refused)
        self.only_strangers = all(one.is_stranger for one in refused)
        super().__init__(
            message,
            status=422 if self.only_strangers else 409,
            fields={str(one.pk): one.why for one in refused},
        )
