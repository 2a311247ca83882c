"""An import can be taken back, updates included, unless a later one changed the same row."""

from decimal import Decimal

import pytest

from crm.core.errors import DomainError
from customers.models import (
    Customer,
    CustomerAssignment,
    DeclaredFact,
    ImportChange,
    Invoice,
    SocialSecurityMonth,
)
from customers.models.rollups import TouchedMonth
from customers.services import imports
from tests.customers.imports.loading import counts, csv, invoice, load
from tests.factories import make_customer, make_user

FIRMS = "客户编号,客户名称,从业人数,客户经理"


@pytest.fixture
def firm():
    return make_customer(customer_no="C1")


def rows():
    return sorted(Invoice.objects.values_list("number", "net_amount", "batch_id", "batch_row"))


def test_undo_removes_what_was_created_and_restores_what_was_changed(firm):
    load(csv(invoice(1), invoice(2)))
    before = rows()
    batch = load(csv(invoice(2, net="7.00"), invoice(3)))
    TouchedMonth.objects.all().delete()

    undone = imports.undo_now(by=None, batch_id=batch.pk)

    assert rows() == before
    assert undone.state == "undone"
    assert not ImportChange.objects.exists()
    assert TouchedMonth.objects.filter(customer=firm, ym=2026 * 12).exists()


def test_undo_twice_is_once(firm):
    batch = load(csv(invoice(1)))
    imports.undo_now(by=None, batch_id=batch.pk)

    assert imports.undo_now(by=None, batch_id=batch.pk).state == "undone"


def test_a_later_change_of_the_same_row_stands_in_the_way_and_is_named(firm):
    first = load(csv(invoice(1), invoice(2)))
    later = load(csv(invoice(2, net="7.00")))
    before = rows()

    with pytest.raises(DomainError) as refused:
        imports.undo_now(by=None, batch_id=first.pk)

    assert f"#{later.pk}" in str(refused.value.message)
    assert rows() == before


def test_imports_are_undone_one_after_the_other(firm):
    first = load(csv(invoice(1, net="1")))
    second = load(csv(invoice(1, net="2")))
    third = load(csv(invoice(1, net="3")))
    for batch, left in ((third, "2.00"), (second, "1.00")):
        imports.undo_now(by=None, batch_id=batch.pk)
        assert Invoice.objects.get().net_amount == Decimal(left)

    imports.undo_now(by=None, batch_id=first.pk)

    assert not Invoice.objects.exists()


def test_a_later_import_of_other_rows_does_not_matter(firm):
    first = load(csv(invoice(1)))
    load(csv(invoice(1), invoice(2)))

    imports.undo_now(by=None, batch_id=first.pk)

    assert [row[0] for row in rows()] == ["2"]


def test_undone_rows_may_come_again(firm):
    data = csv(invoice(1))
    imports.undo_now(by=None, batch_id=load(data).pk)

    assert counts(load(data)) == (1, 1, 0, 0, 0)


def test_undo_of_customers_takes_their_facts_and_history_too():
    rm = make_user(username="lily")
    old = make_customer(customer_no="C1", name="老客户有限公司")
    batch = load(
        csv("C1,新名称有限公司,12,lily", "C2,新客户有限公司,5,", header=FIRMS), "customers"
    )
    old.refresh_from_db()
    rm.refresh_from_db()
    assert (old.name, old.manager, old.scope_no) == ("新名称有限公司", rm, rm.scope_no)

    imports.undo_now(by=None, batch_id=batch.pk)

    old.refresh_from_db()
    assert (old.name, old.manager) == ("老客户有限公司", None)
    assert not Customer.objects.filter(customer_no="C2").exists()
    assert not DeclaredFact.objects.exists()
    spans = CustomerAssignment.objects.filter(customer=old, during__endswith=None)
    assert [span.manager for span in spans] == [None]


def test_new_customers_with_facts_of_another_import_stay():
    batch = load(csv("C1,某某有限公司,,", header=FIRMS), "customers")
    load(csv("C1,2026-01,5", header="客户编号,月份,参保人数"), "social_security")

    with pytest.raises(DomainError) as refused:
        imports.undo_now(by=None, batch_id=batch.pk)

    assert "C1" in str(refused.value.message)
    assert SocialSecurityMonth.objects.exists()


def test_a_customer_edited_by_hand_since_stays():
    batch = load(csv("C1,某某有限公司,,", header=FIRMS), "customers")
    customer = Customer.objects.get()
    customer.name = "改名有限公司"
    customer.save()

    with pytest.raises(DomainError):
        imports.undo_now(by=None, batch_id=batch.pk)

    assert Customer.objects.get().name == "改名有限公司"
