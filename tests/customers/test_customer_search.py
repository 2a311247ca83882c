"""Every way in which people look for a customer."""

import pytest

from customers.models import Contact, Customer, CustomerIdentifier
from customers.sealed import identifier_columns, mobile_columns, next_keys
from customers.selectors.search import exactly, searched
from tests.factories import make_customer, make_user


@pytest.fixture
def manager():
    return make_user("rm")


def found(user, text):
    rows = searched(Customer.objects.visible_to(user), user=user, text=text)
    return sorted(customer.name for customer in rows)


def give_mobile(customer, mobile):
    (key,) = next_keys(Contact, 1)
    Contact.objects.create(
        pk=key, customer=customer, name="陈老板", role="owner", **mobile_columns(mobile, pk=key)
    )


@pytest.mark.parametrize(
    "text",
    [
        "恒",
        "恒丰",
        "丰精密",
        "济南恒丰精密五金厂",
        "济南 恒丰",
        "jnhf",
        "hfjm",
        "jinanheng",
        "JNHF",
    ],
)
def test_a_name_is_found_by_characters_and_by_pinyin(manager, text):
    make_customer(manager, name="济南恒丰精密五金厂")
    make_customer(manager, name="青岛锦绣服装有限公司")

    names = found(manager, text)

    assert names == ["济南恒丰精密五金厂"]


@pytest.mark.parametrize("text", ["丰恒", "恒密", "密精", "xyz", "%", "恒_", "''"])
def test_what_a_name_does_not_hold_finds_nothing(manager, text):
    make_customer(manager, name="济南恒丰精密五金厂")

    assert found(manager, text) == []


def test_a_longer_word_must_stand_in_the_name_as_typed(manager):
    make_customer(manager, name="恒丰精恒密")  # holds every pair of 丰精恒 but not 恒密恒
    make_customer(manager, name="精密丰精")

    assert found(manager, "精密丰") == ["精密丰精"]


def test_a_name_with_latin_letters_and_digits_is_found(manager):
    make_customer(manager, name="E123 Trading 公司")

    assert found(manager, "e123") == ["E123 Trading 公司"]
    assert found(manager, "ing公") == ["E123 Trading 公司"]
    assert found(manager, "Ｅ１２３") == ["E123 Trading 公司"]


def test_a_credit_code_is_found_by_its_start_and_as_a_whole(manager):
    make_customer(manager, name="恒丰", uscc="91370100MA3C0XJ123")
    make_customer(manager, name="别家", uscc="91440300MA5D0XJ456")

    assert found(manager, "9137") == ["恒丰"]
    assert found(manager, "91370100ma3c0xj123") == ["恒丰"]


def test_a_customer_number_is_found_by_its_start(manager):
    make_customer(manager, name="恒丰", customer_no="C00012345")

    assert found(manager, "C0001") == ["恒丰"]


def test_a_phone_is_found_by_its_tail_and_as_a_whole(manager):
    customer = make_customer(manager, name="恒丰")
    give_mobile(customer, "13853112345")
    give_mobile(make_customer(manager, name="别家"), "13853199999")

    assert found(manager, "2345") == ["恒丰"]
    assert found(manager, "138 5311-2345") == ["恒丰"]


def test_a_citizen_number_is_found_as_a_whole(manager):
    customer = make_customer(manager, name="恒丰")
    (key,) = next_keys(CustomerIdentifier, 1)
    columns = identifier_columns("citizen_no", "11010519491231002X", pk=key)
    CustomerIdentifier.objects.create(pk=key, customer=customer, kind="citizen_no", **columns)

    assert found(manager, "11010519491231002x") == ["恒丰"]


def test_a_phone_of_somebody_elses_customer_is_not_found():
    other, manager = make_user("rm"), make_user("rm")
    give_mobile(make_customer(other, name="别家"), "13853112345")

    assert found(manager, "2345") == []
    assert found(manager, "13853112345") == []


def test_an_exact_code_phone_or_name_is_known_beyond_the_own_reach():
    other = make_customer(make_user("rm"), name="济南恒丰精密五金厂", uscc="91370100MA3C0XJ123")
    give_mobile(other, "13853112345")

    assert list(exactly("91370100MA3C0XJ123")) == [other]
    assert list(exactly("13853112345")) == [other]
    assert list(exactly("济南恒丰精密五金厂")) == [other]
    assert list(exactly("恒丰精密")) == []
    assert list(exactly("2345")) == []


@pytest.mark.parametrize("text", ["", "   ", "\x00", "😀" * 100, "(" * 60, "\\", "a" * 500])
def test_no_text_breaks_the_search(manager, text):
    make_customer(manager)

    found(manager, text)
