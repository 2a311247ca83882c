"""A customer asks to have its data corrected; somebody decides within 15 days (POR-7)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.features.catalogue import COLUMNS
from customers.features.declared import FACTS
from customers.models import CorrectionRequest, Customer


@transaction.atomic
def ask_correction(
    *, customer_id: int, key: str, wanted: str, reason: str, by: User, held: str = ""
) -> CorrectionRequest:
    """The request stands with its deadline; the same open request is not made twice."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not change customers."), status=403)
    customer = Customer.objects.visible_to(by).select_for_update(of=("self",)).get(pk=customer_id)
    if key not in FACTS and key not in COLUMNS:
        raise DomainError(_("This is no figure that we hold."), status=422)
    if not wanted.strip() or not reason.strip():
        raise DomainError(_("Say what is right, and why."), status=422)
    state = CorrectionRequest.State.OPEN
    same: CorrectionRequest | None = CorrectionRequest.objects.filter(
        customer=customer, key=key, wanted=wanted.strip(), state=state
    ).first()
    if same is not None:
        return same
    today = timezone.localdate()
    days = parameters(today).number("correction.days")
    request: CorrectionRequest = CorrectionRequest.objects.create(
        customer=customer,
        key=key,
        held=held,
        wanted=wanted.strip(),
        reason=reason.strip(),
        asked_on=today,
        due_on=today + timedelta(days=days),
        entered_by=by,
    )
    record(by, "customers.correction_asked", customer, key=key)
    return request


@transaction.atomic
def decide_correction(
    *, request_id: int, is_accepted: bool, answer: str, by: User
) -> CorrectionRequest:
    """The request is accepted or refused with an answer; a second call changes nothing.

    Whoever accepts enters the right value where it belongs, as a fact with its own source.
    """
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not change customers."), status=403)
    rows = CorrectionRequest.objects.visible_to(by).select_for_update(of=("self",))
    request: CorrectionRequest = rows.get(pk=request_id)
    if request.state != CorrectionRequest.State.OPEN:
        return request
    if not answer.strip():
        raise DomainError(_("Give the customer an answer."), status=422)
    states = CorrectionRequest.State
    request.state = states.ACCEPTED if is_accepted else states.REFUSED
    request.answer, request.decided_by = answer.strip(), by
    request.decided_on = timezone.localdate()
    request.save(update_fields=["state", "answer", "decided_by", "decided_on"])
    record(by, "customers.correction_decided", request, state=request.state)
    return request
