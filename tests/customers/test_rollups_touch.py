"""Touched months are recomputed from the facts; after any change a touch equals a rebuild."""

from datetime import date
from decimal import Decimal

from crm.core.months import ym_of
from customers import models as m
from customers.services import portrait, rollups
from tests.customers.portrait_facts import TODAY, compute, make_bank, row

TABLES = (m.MonthRollup, m.InvoiceMonth, m.CounterpartyMonth, m.DeclaredRollup)


def contents():
    """All rollup rows, in an order of their own."""
    return {model.__name__: sorted(map(_told, model.objects.values_list())) for model in TABLES}


def _told(values):
    """A row as text; sums of squares to nine digits, as their order may differ."""
    return repr([f"{v:.9g}" if isinstance(v, float) else v for v in values])


def sell(customer, day, amount, *, buyer="new buyer", number="1"):
    """A sales invoice, touched as an import touches it."""
    m.Invoice.objects.create(
        customer=customer,
        issued_on=day,
        side="S",
        number=number,
        ym=ym_of(day),
        counterparty=buyer,
        net_amount=amount,
        tax_amount=0,
    )
    rollups.touch([(customer.pk, ym_of(day))], trigger="import")


def test_touching_gives_what_a_rebuild_gives():
    customers = make_bank(11, customers=3)
    compute()
    first, second, third = customers
    sell(first, date(2026, 10, 30), Decimal("1234.56"))
    sell(second, date(2024, 1, 2), Decimal(10))
    gone = m.Invoice.objects.filter(customer=third).order_by("-issued_on")[:4]
    rollups.touch({(third.pk, invoice.ym) for invoice in gone})
    for invoice in list(gone):
        invoice.delete()
    m.AccountFlow.objects.filter(customer=third).delete()
    rollups.touch((third.pk, ym) for ym in range(24290, 24330))
    m.DeclaredFact.objects.filter(customer=first).update(is_withdrawn=True)
    rollups.touch_customers([first.pk])

    portrait.refresh(as_of=TODAY)
    touched = contents()
    rollups.rebuild()

    rebuilt = contents()
    for name, rows in touched.items():
        assert rows == rebuilt[name]
    assert not m.TouchedMonth.objects.exists()


def test_only_touched_customers_are_recomputed():
    first, second = make_bank(12, customers=2)
    compute()
    others = m.Portrait.objects.filter(pk=second.pk).values().get()
    before = row(first)["sales_month_12m"]
    sell(first, date(2026, 10, 15), Decimal(1_200_000))

    outcome = portrait.refresh(as_of=TODAY)

    assert outcome.computed == 1
    assert outcome.moved == [first.pk]
    assert row(first)["sales_month_12m"] == before + Decimal(100_000)
    assert m.Portrait.objects.filter(pk=second.pk).values().get() == others


def test_a_refresh_gives_what_a_full_run_gives():
    customers = make_bank(13, customers=4)
    compute()
    for customer in customers[:2]:
        sell(customer, date(2026, 9, 1), Decimal(5_000))
    portrait.refresh(as_of=TODAY)
    refreshed = [row(customer) for customer in customers]

    portrait.run_full(as_of=TODAY)

    assert [row(customer) for customer in customers] == refreshed


def test_facts_that_come_while_a_batch_runs_stay_waiting():
    (customer,) = make_bank(14, customers=1)
    rollups.touch_customers([customer.pk])
    newest = m.TouchedMonth.objects.get().seq
    rollups.touch_customers([customer.pk])

    portrait.refresh_some(as_of=TODAY, newest=newest, ids=[customer.pk])

    assert m.TouchedMonth.objects.count() == 1


def test_a_dirty_range_is_recomputed_as_a_whole(monkeypatch):
    monkeypatch.setattr(portrait, "BATCH", 2)
    customers = make_bank(15, customers=5)
    compute()
    ids = [customer.pk for customer in customers]
    rollups.touch_customers(ids[:4])
    newest = m.TouchedMonth.objects.order_by("-seq").first().seq

    work = portrait._dirty_work(newest)

    assert work == [{"ids": ids[:4], "bounds": (ids[0], ids[-1])}]
    assert portrait.refresh(as_of=TODAY).computed == 4
