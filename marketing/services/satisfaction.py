"""How content a customer is, 1 to 5, after a visit, a decision, a closed complaint (CARE-4)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import Parameters
from crm.core.workdays import add_working_days
from customers.models import Customer, ProductFamily
from marketing.models import CareTask, Satisfaction, Visit

ASKED = "asked_after_visit"
MARK = re.compile(
    r"(?P<mark>[1-5])(?!\.?\d)\s*(?:/\s*5|分)?[\s,，、:：。.]*(?P<word>.*)", re.DOTALL
)


@transaction.atomic
def record_mark(
    *, customer_id: int, after: str, mark: int, by: User, family: str = "", subject: str = "",
    note: str = "", on: date | None = None,
) -> Satisfaction:  # fmt: skip
    """The mark is on record under the manager of the day.

    A mark after a visit answers the question that stands open. ``subject`` names what it was asked
    about (``visit-12``): a second mark on it replaces the first.
    DomainError (422): no mark from 1 to 5, an unknown occasion or family, a day ahead.
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
    if after == Satisfaction.After.VISIT:
        _answered(customer, f"{mark}/5 {values['note']}".strip())
    record(by, "marketing.satisfaction_recorded", row, after=after, mark=mark)
    return row


def ask_after_visit(visit: Visit, *, rules: Parameters) -> CareTask | None:
    """Somebody is to ask how content the customer was; None when nothing is asked this time.

    One open question a customer: a later visit moves it to itself. A visit asked about before, a
    mark given lately and a customer not to be contacted are left alone. The caller holds the
    customer locked, so that two visits at once ask once.
    """
    customer, day = visit.customer, timezone.localdate(visit.started_at)
    rest = timedelta(days=rules.number("care.mark.rest_days"))
    about = {"visit": visit.pk, "on": day.isoformat()}
    reasons = [{"code": ASKED, "inputs": about}]
    asked = CareTask.objects.filter(customer=customer, kind=CareTask.Kind.SATISFACTION)
    marks = Satisfaction.objects.filter(customer=customer, after=Satisfaction.After.VISIT)
    if customer.is_do_not_contact or marks.filter(on__gt=day - rest).exists():
        return None
    open_one: CareTask | None = asked.filter(state=CareTask.State.OPEN).first()
    if open_one is not None:
        if open_one.reasons[0]["inputs"]["on"] < about["on"]:
            open_one.reasons = reasons
            open_one.save(update_fields=["reasons"])
        return open_one
    if asked.filter(reasons__contains=[{"inputs": {"visit": visit.pk}}]).exists():
        return None
    return CareTask.objects.create(
        customer=customer,
        kind=CareTask.Kind.SATISFACTION,
        reasons=reasons,
        due_on=add_working_days(day, rules.number("care.mark.work_days")),
        owner=customer.manager or visit.manager,
        made_on=day,
    )


def answer_with(task: CareTask, told: str, *, by: User) -> CareTask:
    """The question is answered by what was told: the mark first, then whatever was said with it.

    DomainError (422) where no mark stands first.
    """
    found = MARK.fullmatch(told.strip())
    if found is None:
        text = _("Begin with the mark, 1 to 5; a word may follow. Nobody reached: drop it.")
        raise DomainError(text, status=422, fields={"outcome": text})
    record_mark(
        customer_id=task.customer_id, after=Satisfaction.After.VISIT, mark=int(found["mark"]),
        by=by, subject=f"visit-{task.reasons[0]['inputs']['visit']}", note=found["word"],
    )  # fmt: skip
    task.refresh_from_db()
    return task


def _answered(customer: Customer, outcome: str) -> None:
    """The open question is done."""
    tasks = CareTask.objects.filter(
        customer=customer, kind=CareTask.Kind.SATISFACTION, state=CareTask.State.OPEN
    )
    tasks.update(state=CareTask.State.DONE, outcome=outcome[:200], closed_at=timezone.now())
