"""The fast way and the slow way to read a column give the same values and faults."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.imports import KINDS
from customers.imports.cells import BadCell
from customers.imports.types import Code, Day, Flag, Money, Month, Reading, Share, Whole, Words
from customers.imports.vector import read_column

TYPES = (Money(), Money(signed=True), Code(20), Words(12), Day(), Month(), Flag(), Share(), Whole())
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "1",
            "1.5",
            "-3.25",
            "1,234.5",
            "１２３",
            "2026-02-30",
            "2026-02-28",
            "A-1",
            "是",
            "50%",
            "abc",
            "=1+1",
            "名" * 20,
            "x  y",
            "0.001",
            "007",
            "-",
            "+5",
            "1e5",
            "\x00",
        ]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.integers(-(10**20), 10**20).map(str),
)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: type(kind).__name__)
@settings(deadline=None)  # the first call loads Arrow
@given(texts=st.lists(CELLS, min_size=1, max_size=20))
def test_a_column_is_read_as_its_cells_are(kind, texts):
    how = Reading()

    column, faults = read_column(kind, pa.array(texts, pa.string()), how)

    told = {fault.place: fault.code for fault in faults}
    for place, (text, value) in enumerate(zip(texts, column.to_pylist(), strict=True)):
        try:
            expected = kind.read(text, how) if text.strip() else None
        except BadCell as fault:
            assert told[place] == fault.code
            assert value is None
        else:
            assert place not in told
            assert value == expected


def test_a_mapping_may_give_the_unit_and_what_is_blank():
    how = Reading(unit="wan", yuan_from=50_000, blank=frozenset({"0.0"}))

    column, faults = read_column(Money(), pa.array(["300.0", "0.0", "300000.0"]), how)

    assert [str(value) for value in column.to_pylist()] == ["3000000.00", "None", "300000.00"]
    assert faults == []


def test_every_sample_of_every_template_can_be_read():
    for kind in KINDS:
        for column in kind.columns:
            for sample in filter(None, column.samples):
                try:
                    column.type.read(sample, Reading())
                except BadCell as fault:
                    pytest.fail(f"{kind.key}.{column.key} {sample}: {fault.code}")


def test_no_two_columns_of_a_kind_answer_to_the_same_header():
    for kind in KINDS:
        names = [name for column in kind.columns for name in column.names]
        assert len(names) == len(set(names)), kind.key
