"""One firm with facts that are easy to add up, and its portrait, for tests of the portrait page."""

from datetime import date
from decimal import Decimal

from crm.core.months import month_start, ym_of
from customers import models as m
from customers.services import portrait, rollups
from tests.customers.derive import seed_parameters
from tests.factories import make_customer, make_user

TODAY = date(2026, 11, 21)
EARLIER = date(2026, 8, 21)
LAST = ym_of(TODAY) - 1


def make_firm(rm=None, *, name="Evergreen Works", **fields):
    """A firm that exists since 2019, with a manager who sees it."""
    seed_parameters()
    fields = {"relation_state": "existing", "founded_on": date(2019, 3, 1)} | fields
    return make_customer(rm or make_user("rm"), name=name, **fields)


def add_flows(customer, *, month=Decimal(120_000), months=24):
    """The same business inflow every month, but for the newest: three times as much."""
    for ym in range(LAST - months + 1, LAST + 1):
        m.AccountFlow.objects.create(
            customer=customer,
            ym=ym,
            inflow_amount=month * (3 if ym == LAST else 1),
            outflow_amount=month / 2,
            business_inflow_amount=month * (3 if ym == LAST else 1),
        )


def add_sales(customer, *, amount=Decimal(10_000), months=24, a_month=3):
    """Invoices to three buyers a month; one of the last month is void, one is red."""
    for ym in range(LAST - months + 1, LAST + 1):
        for number in range(a_month):
            m.Invoice.objects.create(
                customer=customer,
                issued_on=month_start(ym).replace(day=3 + number % 20),
                side="S",
                number=f"{ym}{number:04d}",
                ym=ym,
                counterparty=f"Buyer {number % 3}",
                net_amount=-amount / 2 if (ym, number) == (LAST, 1) else amount,
                tax_amount=0,
                is_void=(ym, number) == (LAST, 2),
            )


def tell(customer, key, value, *, on=EARLIER, source="visit", quality="declared"):
    """Somebody stated a fact."""
    column = "day" if isinstance(value, date) else "text" if isinstance(value, str) else "number"
    return m.DeclaredFact.objects.create(
        customer=customer, key=key, as_of=on, source=source, quality=quality, **{column: value}
    )


def compute(*customers, as_of=TODAY):
    """Rollups and portraits of these customers stand."""
    rollups.rebuild()
    portrait.store(as_of=as_of, ids=[customer.pk for customer in customers])


def row_of(customer):
    """The portrait as it is stored."""
    return m.Portrait.objects.get(customer=customer)
