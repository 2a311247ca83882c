"""A manager says of a matched offer that it fits, not now, or does not fit."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from products.models import CustomerMatch, MatchFeedback, OfferFit
from products.selectors.feedback import REASONS


@transaction.atomic
def say_of_offer(
    *, customer_id: int, version_id: int, answer: str, reason: str = "", note: str = "", by: User
) -> MatchFeedback:
    """The answer of ``by`` for today stands, with the score it was given on.

    A second one on the same day replaces the first. What does not fit needs a reason; only an
    offer that is among the stored fits of a customer in reach can be answered on.
    """
    _must_make_sense(answer, reason)
    fit = OfferFit.objects.visible_to(by).filter(  # before the match: as a full run swaps them in
        customer=customer_id, version=version_id, kind=OfferFit.Kind.FITS
    )
    score = fit.values_list("score", flat=True).first()
    match = CustomerMatch.objects.visible_to(by).get(pk=customer_id)
    if score is None:
        raise DomainError(_("This offer is not among those that fit; the page may be out of date."))
    is_why = answer != MatchFeedback.Answer.FITS
    row, _made = MatchFeedback.objects.update_or_create(
        customer_id=customer_id,
        version_id=version_id,
        by=by,
        on=timezone.localdate(),
        defaults={
            "book_number": match.book_number,
            "score": score,
            "answer": answer,
            "reason": reason if is_why else "",
            "note": note.replace("\x00", "").strip()[:200],
        },
    )
    record(
        by, "products.match_answered", row, customer=customer_id, answer=answer, reason=row.reason
    )
    return row


def _must_make_sense(answer: str, reason: str) -> None:
    if answer not in MatchFeedback.Answer.values:
        raise DomainError(
            _("%(answer)s is not one of the answers.") % {"answer": answer or "“”"},
            status=422,
            fields={"answer": _("Choose an answer.")},
        )
    if reason and reason not in REASONS:
        raise DomainError(
            _("%(reason)s is not one of the reasons.") % {"reason": reason},
            status=422,
            fields={"reason": _("Choose a reason.")},
        )
    if answer == MatchFeedback.Answer.WRONG and not reason:
        raise DomainError(
            _("Say why it does not fit."), status=422, fields={"reason": _("Choose a reason.")}
        )
