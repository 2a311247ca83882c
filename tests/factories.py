"""Plain makers of rows: ``make_*()`` with sensible defaults, one keyword for each difference."""

from itertools import count
from typing import Any

from django.utils import timezone

from crm.core.models import Branch, User
from crm.core.services.numbering import place_person, place_unit
from customers.models import Customer, Portrait
from customers.naming import name_columns
from customers.services.assignment import scope_number

_no = count(1)


def make_branch(name: str = "", *, parent: Branch | None = None, level: str = "", **fields: Any):
    """A unit with an interval; without ``parent`` it stands below the one head office."""
    number = next(_no)
    if parent is None and level != Branch.Level.HEAD_OFFICE:
        parent = head_office()
    branch = Branch.objects.create(
        code=fields.pop("code", f"B{number:05d}"),
        name=name or f"支行{number}",
        level=level or Branch.Level.BRANCH,
        parent=parent,
        **fields,
    )
    place_unit(branch)
    if parent is not None:
        parent.refresh_from_db()
    return branch


def head_office() -> Branch:
    """The root of the tree."""
    found = Branch.objects.filter(level=Branch.Level.HEAD_OFFICE).first()
    return found or make_branch("总行", level=Branch.Level.HEAD_OFFICE, code="HO")


def make_user(role: str = "rm", branch: Branch | None = None, **fields: Any) -> User:
    """A member of staff; the password is ``huike-2026`` unless given."""
    number = next(_no)
    branch = branch or make_branch()
    user = User.objects.create_user(
        fields.pop("username", f"{role}{number}"),
        fields.pop("password", "huike-2026"),
        full_name=fields.pop("full_name", f"员工{number}"),
        role=role,
        branch=branch,
        **fields,
    )
    place_person(user)
    branch.refresh_from_db()
    return user


def make_portrait(customer: Customer, **values: Any) -> Any:
    """A portrait with nothing in it but these values; every other column is unknown."""
    now = timezone.now()
    base = {"as_of": now.date(), "computed_at": now, "version_no": 1, "trigger": "edit"}
    return Portrait.objects.create(customer=customer, parameters="", **base, **values)


def make_customer(manager: User | None = None, *, name: str = "", **fields: Any) -> Customer:
    """A small firm in the care of ``manager``, or of ``branch`` when there is no manager."""
    number = next(_no)
    if manager is not None:
        manager.refresh_from_db(fields=["scope_no"])  # units made meanwhile may have moved it
    branch = fields.pop("branch", None) or (manager.branch if manager else make_branch())
    branch.refresh_from_db()
    return Customer.objects.create(
        customer_no=fields.pop("customer_no", f"T{number:06d}"),
        party_type=fields.pop("party_type", Customer.PartyType.COMPANY),
        manager=manager,
        branch=branch,
        scope_no=scope_number(manager, branch),
        **name_columns(name or f"测试商行{number}"),
        **fields,
    )
