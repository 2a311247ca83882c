"""A team leader looks at a visit and gives it a mark, once (VIS-6)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from marketing.models import Visit, VisitReview

MOST = 5


@transaction.atomic
def review_visit(*, visit_id: int, score: int, note: str, by: User, version: int) -> VisitReview:
    """The visit has its mark from 0 to 5; the same mark by the same person again changes nothing.

    Refused: one's own visit, a mark that another person gave, a visit changed since it was read.
    """
    visit = (
        Visit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=visit_id)
    )  # Visit.DoesNotExist outside the reach
    if not 0 <= score <= MOST:
        raise DomainError(_("A mark is a whole number from 0 to 5."), status=422)
    if visit.manager_id == by.pk:
        raise DomainError(_("Nobody reviews a visit of their own."), status=403)
    given: VisitReview | None = VisitReview.objects.select_related("by").filter(visit=visit).first()
    if given is not None:
        if (given.by_id, given.score, given.note) == (by.pk, score, note):
            return given
        told = {"name": given.by.full_name, "score": given.score}
        raise DomainError(
            _("%(name)s has reviewed this visit already: %(score)s of 5.") % told, status=409
        )
    if visit.version != version:
        raise DomainError(
            _("The visit was changed after you opened it. Read it again, then review it."),
            status=409,
        )
    review = VisitReview.objects.create(visit=visit, by=by, score=score, note=note)
    visit.quality = score
    visit.save(update_fields=["quality"])
    record(by, "marketing.visit_reviewed", visit, score=score)
    return review
