"""Who looks after a customer: hand-overs, single and in bulk, with their dated history (ROL-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import Branch, User
from crm.core.roles import Can, Reach
from customers.models import Customer, CustomerAssignment

MOST_AT_ONCE = 500
ASSIGNED = "customers.assigned"


def scope_number(manager: User | None, branch: Branch) -> int:
    """The number a customer carries: its manager's, else its unit's."""
    return manager.scope_no if manager else branch.scope_lo


@transaction.atomic
def start_assignment(customer: Customer, *, by: User | None, on: date, reason: str) -> None:
    """The history of a new customer begins with whoever looks after it now."""
    CustomerAssignment.objects.create(
        customer=customer,
        manager=customer.manager,
        branch=customer.branch,
        during=(on, None),
        reason=reason,
        decided_by=by,
    )


@transaction.atomic
def assign_customers(
    *, customer_ids: Sequence[int], manager_id: int, by: User, reason: str, on: date | None = None
) -> list[Customer]:
    """All of these customers are looked after by one manager from this day on; or none is moved.

    Customers that are already with the manager stay as they are; doing it twice changes nothing.
    """
    day = on or timezone.localdate()
    manager = _new_manager(manager_id, by)
    wanted = sorted(set(customer_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise DomainError(
            _("Hand over between 1 and %(most)s customers at a time.") % {"most": MOST_AT_ONCE}
        )
    rows = Customer.objects.visible_to(by).filter(pk__in=wanted).order_by("pk")
    customers = list(rows.select_for_update(of=("self",)))
    if len(customers) != len(wanted):
        raise DomainError(
            _("Some of these customers are not in your care. Nothing was changed."), status=404
        )
    moved = [customer for customer in customers if customer.manager_id != manager.pk]
    left = sorted({customer.scope_no for customer in moved})
    _close_history(moved, day)
    _write_history(moved, manager, by=by, on=day, reason=reason)
    _move(moved, manager, by)
    if moved:
        keys = [customer.pk for customer in moved]
        one = moved[0] if len(moved) == 1 else None
        record(by, ASSIGNED, one, manager=manager.pk, customers=keys, reason=reason)
        publish(ASSIGNED, *keys, left_scopes=left)
    return moved


def possible_managers(by: User) -> list[User]:
    """Managers this user may hand customers to: relationship managers within the own reach."""
    people = User.objects.filter(is_active=True, role="rm").select_related("branch")
    return [person for person in people if _reaches(by, person)]


def _new_manager(manager_id: int, by: User) -> User:
    if not by.can(Can.ASSIGN_CUSTOMERS):
        raise DomainError(_("Your role does not hand over customers."), status=403)
    people = User.objects.select_related("branch")
    manager = people.filter(pk=manager_id, is_active=True).first()
    if manager is None or manager.duty.reach != Reach.OWN or not _reaches(by, manager):
        raise DomainError(_("Choose a relationship manager of your own unit."), status=422)
    return manager


def _reaches(by: User, person: User) -> bool:
    return any(low <= person.scope_no <= high for low, high in by.reach())


def _close_history(customers: list[Customer], day: date) -> None:
    """The open spans end before ``day``; one that began on this very day is replaced."""
    rows = CustomerAssignment.objects.filter(
        customer__in=[customer.pk for customer in customers], during__endswith=None
    )
    rows.filter(during__startswith__gte=day).delete()
    for row in rows.filter(during__startswith__lt=day):
        row.during = (row.during.lower, day)
        row.save(update_fields=["during"])


def _write_history(
    customers: list[Customer], manager: User, *, by: User, on: date, reason: str
) -> None:
    CustomerAssignment.objects.bulk_create(
        CustomerAssignment(
            customer=customer,
            manager=manager,
            branch=manager.branch,
            during=(on, None),
            reason=reason,
            decided_by=by,
        )
        for customer in customers
    )


def _move(customers: list[Customer], manager: User, by: User) -> None:
    """The customers carry their new manager, unit and number; open forms elsewhere will clash."""
    Customer.objects.filter(pk__in=[customer.pk for customer in customers]).update(
        manager=manager,
        branch=manager.branch,
        scope_no=manager.scope_no,
        version=F("version") + 1,
        updated_by=by,
        updated_at=timezone.now(),
    )
    for customer in customers:
        customer.refresh_from_db(fields=["manager", "branch", "scope_no", "version"])
