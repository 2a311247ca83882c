"""A team leader looks at a visit and gives it a mark, once (VIS-6)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.services.task import add_task
from crm.core.workdays import add_working_days
from marketing.models import Visit, VisitReview

MOST = 5
SENT_BACK = "marketing.visit_sent_back"
ANSWER_DAYS = 3  # working days in which the manager answers


@transaction.atomic
def review_visit(*, visit_id: int, score: int, note: str, by: User, version: int) -> VisitReview:
    """The visit has its mark from 0 to 5; the same mark by the same person again changes nothing.

    A mark under that of a valid visit sends it back: it needs a reason, and whoever was there gets
    a to-do that tells it. Refused: one's own visit, a mark that another person gave, a visit
    changed since it was read.
    """
    visit = (
        Visit.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("customer", "manager")
        .get(pk=visit_id)
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
    is_sent_back = score < parameters(timezone.localdate()).number("quality.valid_score")
    if is_sent_back and not note.strip():
        said = _("Say why the visit is sent back.")
        raise DomainError(said, status=422, fields={"note": said})
    review = VisitReview.objects.create(visit=visit, by=by, score=score, note=note)
    visit.quality = score
    visit.save(update_fields=["quality"])
    record(by, "marketing.visit_reviewed", visit, score=score)
    if is_sent_back:
        _send_back(visit, note.strip(), by)
    return review


def _send_back(visit: Visit, note: str, by: User) -> None:
    add_task(
        SENT_BACK,
        owner=visit.manager,
        params={"name": visit.customer.name, "by": by.full_name, "note": note},
        due_on=add_working_days(timezone.localdate(), ANSWER_DAYS),
        link=visit.get_absolute_url(),
        unique_key=str(visit.pk),
    )
