"""How content a customer is, 1 to 5, after a visit, a decision, a closed complaint (CARE-4)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from customers.models import Customer, ProductFamily
from marketing.models import Satisfaction


@transaction.atomic
def record_mark(
    *, customer_id: int, after: str, mark: int, by: User, family: str = "", subject: str = "",
    note: str = "", on: date | None = None,
) -> Satisfaction:  # fmt: skip
    """The mark is on record under the manager of the day.

    ``subject`` names what it was asked about (``visit-12``): a second mark on it replaces the
    first. DomainError (422): no mark from 1 to 5, an unknown occasion or family, a day ahead.
    """
    customer: Customer = (
        Customer.objects.visible_to(by).select_related("manager").get(pk=customer_id)
    )
    today = timezone.localdate()
    if after not in Satisfaction.After.values or (family and family not in ProductFamily.values):
        raise DomainError(_("Say what it was asked after."), status=422)
    if not 1 <= mark <= 5:
        raise DomainError(_("A mark goes from 1 to 5."), status=422)
    if (on or today) > today:
        raise DomainError(_("A mark cannot be from a day ahead."), status=422)
    values = {
        "mark": mark, "on": on or today, "note": note.strip()[:200],
        "manager": customer.manager, "family": family,
    }  # fmt: skip
    if not subject:
        row: Satisfaction = Satisfaction.objects.create(customer=customer, after=after, **values)
    else:
        row, _is_new = Satisfaction.objects.update_or_create(
            customer=customer, after=after, subject=subject[:40], defaults=values
        )
    record(by, "marketing.satisfaction_recorded", row, after=after, mark=mark)
    return row
