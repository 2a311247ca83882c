"""Keyset pages show every row once, in order, whatever the order, ties and unknown values."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.models import Customer
from customers.selectors.keyset import Order, Place, capped_count, keyset_page, read_place
from tests.factories import make_branch, make_customer

ORDERS = [
    Order("name_pinyin"),
    Order("name_pinyin", is_descending=True),
    Order(),
    Order(is_descending=True),
    Order("registered_on", is_nullable=True),
    Order("registered_on", is_nullable=True, is_descending=True),
    Order("latitude", is_nullable=True),
    Order("latitude", is_nullable=True, is_descending=True),
    Order("registered_capital_amount", is_nullable=True, is_descending=True),
]


@pytest.fixture
def rows():
    branch = make_branch()
    days = [None, "2020-01-01", "2020-01-01", "2021-05-05", None, "1999-12-31", "2021-05-05"]
    for number in range(23):
        make_customer(
            branch=branch,
            name="甲乙丙丁"[number % 4],
            registered_on=days[number % 7],
            latitude=[0.5, None, -1.25][number % 3],
            registered_capital_amount=[None, "10.50", "10.50", "3"][number % 4],
        )
    return Customer.objects.all()


def expected(rows, order):
    """Every key in order, unknown values last, ties by key in the same direction."""
    pairs = list(rows.values_list(order.field or "pk", "pk"))
    known = sorted((p for p in pairs if p[0] is not None), reverse=order.is_descending)
    unknown = sorted((p for p in pairs if p[0] is None), key=lambda p: p[1])
    if order.is_descending:
        unknown.reverse()
    return [key for _value, key in known + unknown]


def travelled(place):
    """The place as it comes back from an address."""
    return None if place is None else read_place(place.written())


@pytest.mark.parametrize("size", [1, 2, 5, 23, 50])
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_walking_forward_shows_every_row_once_in_order(rows, order, size):
    seen, place = [], None
    while True:
        page = keyset_page(rows, order, size=size, place=place)
        seen.extend(page.keys)
        assert len(page.keys) <= size
        if page.next is None:
            break
        place = travelled(page.next)

    assert seen == expected(rows, order)


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_walking_back_shows_the_same_pages_the_other_way(rows, order, size):
    forward, place = [], None
    while True:
        page = keyset_page(rows, order, size=size, place=place)
        forward.append(page.keys)
        if page.next is None:
            break
        place = travelled(page.next)

    last = page
    back = [last.keys]
    while last.previous is not None:
        last = keyset_page(rows, order, size=size, place=travelled(last.previous))
        back.append(last.keys)

    assert [key for keys in reversed(back) for key in keys] == [k for ks in forward for k in ks]


def test_the_first_page_has_no_previous_and_the_last_no_next(rows):
    first = keyset_page(rows, Order("name_pinyin"), size=20)
    second = keyset_page(rows, Order("name_pinyin"), size=20, place=first.next)

    assert first.previous is None
    assert second.next is None
    assert second.previous is not None


def test_a_row_that_appears_meanwhile_moves_no_page(rows):
    first = keyset_page(rows, Order(), size=10)
    Customer.objects.filter(pk=first.keys[3]).delete()
    second = keyset_page(rows, Order(), size=10, place=first.next)

    assert not set(first.keys) & set(second.keys)
    assert second.keys[0] > first.keys[-1]


def test_counting_stops_at_the_cap(rows, monkeypatch):
    monkeypatch.setattr("customers.selectors.keyset.COUNT_CAP", 11)

    assert capped_count(rows) == 11


def written(row):
    """What stands in an address for this row."""
    return base64.urlsafe_b64encode(json.dumps(row).encode()).decode().rstrip("=")


@given(
    st.text(max_size=80)
    | st.lists(st.floats() | st.text(max_size=3) | st.none(), max_size=5).map(written)
)
@example(written([1, float("inf"), 0, None]))
def test_no_address_breaks_the_reader(text):
    place = read_place(text)

    assert place is None or isinstance(place, Place)


@given(
    value=st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(allow_nan=False)),
    key=st.integers(min_value=0),
    is_back=st.booleans(),
    count=st.one_of(st.none(), st.integers(min_value=0, max_value=10_001)),
)
def test_a_place_survives_the_address(value, key, is_back, count):
    place = Place(value, key, is_back, count)

    assert read_place(place.written()) == place
