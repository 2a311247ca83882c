"""One customer and what hangs on it, within what the user may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import ngettext

from crm.core.models import User
from customers.models import Contact, Customer, CustomerIdentifier, TerritoryMember

MOST_AT_ONCE = 500


def customer_header(*, user: User, customer_id: int) -> Customer:
    """The customer with all that the head of its page names, or DoesNotExist."""
    grid = TerritoryMember.objects.filter(customer=OuterRef("pk"), is_grid=True).order_by()
    found: Customer = (
        Customer.objects.visible_to(user)
        .select_related("industry", "trade", "region", "branch", "manager")
        .defer("name_pieces", "name_pinyin", "name_initials")
        .annotate(
            grid_name=Subquery(grid.values("territory__name")[:1]),
            portrait_stage=F("portrait__stage"),
            portrait_tier=F("portrait__tier"),
            portrait_size=F("portrait__size_class"),
            **{f"ledger_{no}": F(f"ledger_cover__share_{no}") for no in range(1, 8)},
        )
        .get(pk=customer_id)
    )
    return found


def named_customers(*, user: User, keys: Sequence[int]) -> list[Customer]:
    """These customers as far as the user sees them, with nothing but name and manager."""
    rows = Customer.objects.visible_to(user).filter(pk__in=keys[:MOST_AT_ONCE])
    return list(rows.select_related("manager").only("name", "manager__full_name"))


def customer_rows(*, user: User) -> QuerySet[Customer]:
    """The customers in reach, without the columns that only searches read."""
    unread = ("name_pieces", "name_pinyin", "name_initials")
    return Customer.objects.visible_to(user).defer(*unread)


def contact_in_reach(*, user: User, pk: int) -> Contact:
    """A contact of a customer in reach."""
    contact: Contact = Contact.objects.visible_to(user).get(pk=pk)
    return contact


def identifier_in_reach(*, user: User, pk: int) -> CustomerIdentifier:
    """A sensitive number of a customer in reach."""
    number: CustomerIdentifier = CustomerIdentifier.objects.visible_to(user).get(pk=pk)
    return number


def left_behind(user: User) -> str | None:
    """Why this person cannot leave yet: customers that nobody else would look after."""
    count = Customer.objects.filter(manager=user).count()
    if not count:
        return None
    told = ngettext(
        "%(count)d customer is still in this person's care: hand it over first.",
        "%(count)d customers are still in this person's care: hand them over first.",
        count,
    )
    return told % {"count": count}
