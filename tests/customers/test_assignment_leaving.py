"""Whoever looks after customers hands them over before leaving."""

import pytest

from crm.core.crypto import SEALED
from crm.core.errors import DomainError
from crm.core.services.org import deactivate_user
from tests.factories import make_customer, make_user


def test_a_manager_with_customers_cannot_be_deactivated():
    admin, rm = make_user("sys_admin"), make_user("rm")
    make_customer(manager=rm)

    with pytest.raises(DomainError) as refused:
        deactivate_user(by=admin, user_id=rm.pk)

    rm.refresh_from_db()
    assert rm.is_active
    assert "1" in str(refused.value.message)


def test_a_manager_without_customers_can():
    admin, rm = make_user("sys_admin"), make_user("rm")

    deactivate_user(by=admin, user_id=rm.pk)

    rm.refresh_from_db()
    assert not rm.is_active


def test_both_sealed_columns_of_customers_take_part_in_the_rotation_of_keys():
    held = {(column.table, column.column) for column in SEALED}

    assert ("customers_contact", "mobile_ciphertext") in held
    assert ("customers_customeridentifier", "ciphertext") in held
