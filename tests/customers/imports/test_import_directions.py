"""Shares of settlement from a file: no direction of a customer passes 100 %."""

from decimal import Decimal

import pytest

from customers.models import SettleMode
from tests.customers.imports.loading import check, counts, errors, load
from tests.customers.ledger.rows import make_settle
from tests.factories import make_customer

HEADS = "客户编号,方向,结算方式,占比,使用银行,截至日期"


@pytest.fixture
def firm():
    return make_customer(customer_no="C1")


def told(*rows):
    lines = [f"C1,{row},2026-06-30" for row in rows]
    return "\n".join([HEADS, *lines]).encode()


def read(*rows):
    return load(told(*rows), kind="settle_modes")


def shares():
    return dict(SettleMode.objects.values_list("mode", "share"))


def test_rows_that_add_up_to_a_hundred_are_loaded(firm):
    batch = read("收款,扫码,60%,本行", "收款,现金,40%,不经银行", "付款,转账,100%,本行")

    assert counts(batch)[:2] == (3, 3)
    assert shares()["cash"] == Decimal("0.4")


def test_a_direction_above_a_hundred_is_refused_with_its_sum_and_the_other_one_loaded(firm):
    batch = read("收款,扫码,70%,本行", "收款,现金,40%,不经银行", "付款,转账,100%,本行")

    assert shares() == {"transfer": Decimal(1)}
    assert errors(batch) == [(2, "over_whole"), (3, "over_whole")]


def test_what_stands_and_is_not_named_counts(firm):
    make_settle(firm, share="0.5")

    assert counts(check(told("收款,现金,60%,不经银行"), kind="settle_modes"))[4] == 1
    read("收款,现金,60%,不经银行")

    assert shares() == {"qr": Decimal("0.5")}


def test_what_stands_and_is_named_again_is_replaced(firm):
    make_settle(firm, share="0.5")

    read("收款,扫码,40%,本行", "收款,现金,60%,不经银行")

    assert shares() == {"qr": Decimal("0.4"), "cash": Decimal("0.6")}
