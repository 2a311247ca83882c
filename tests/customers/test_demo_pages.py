"""The small bank that tests of pages ask for."""

from crm.core.models import User
from customers.models import Customer, Portrait


def test_a_test_may_ask_for_a_small_bank_with_portraits(demo_bank):
    seen = Customer.objects.visible_to(demo_bank.busiest_manager())

    assert Customer.objects.count() == 60
    assert Portrait.objects.count() == 60
    assert 5 <= seen.count() < 60
    assert Customer.objects.visible_to(demo_bank.user("auditor")).count() == 60


def test_rows_can_be_added_beside_the_bank(demo_bank):
    some = Customer.objects.order_by("pk")[0]

    User.objects.create_user("newcomer", full_name="新人", role="rm", branch=some.branch)
    some.pk = None
    some.customer_no, some.uscc = "X1", ""
    some.save()

    assert Customer.objects.count() == 61


def test_the_bank_is_gone_in_a_test_that_did_not_ask():
    assert not Customer.objects.exists()
