"""Files to text columns: every encoding and form gives the same cells; hostile ones a sentence."""

import gzip
from contextlib import closing

import pytest

from customers.imports.readers import BadFile, open_table
from customers.imports.sentences import SENTENCES, sentence
from tests.customers.imports.hostile import (
    HEAD_ROW,
    HEADER,
    REFUSED,
    csv_bytes,
    raw_xlsx,
    write,
    xlsx_bytes,
)

ROWS = [["C1", "2026-01", "12"], ["C2", "2026-02", "13"]]


def read(path):
    """Header, good rows, lines and faults of a file."""
    with closing(open_table(path)) as table:
        rows, lines, faults, first = [], [], [], 1
        for block in table.blocks():
            assert block.first == first
            first += block.rows
            rows += [list(row) for row in zip(*(c.to_pylist() for c in block.columns), strict=True)]
            lines += block.lines.tolist()
            faults += block.faults
        return table.header, rows, lines, faults


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(*ROWS),
        b"\xef\xbb\xbf" + csv_bytes(*ROWS),
        csv_bytes(*ROWS, encoding="gb18030"),
        csv_bytes(*ROWS, encoding="utf-16"),
        gzip.compress(csv_bytes(*ROWS)),
        gzip.compress(csv_bytes(*ROWS, encoding="gb18030")),
        csv_bytes(*ROWS, delimiter=";"),
        csv_bytes(*ROWS, delimiter="\t"),
        csv_bytes(*ROWS).replace(b"\n", b"\r\n"),
        csv_bytes(*ROWS).replace(b"\n", b"\r"),
        csv_bytes(*ROWS).rstrip(b"\n"),
        csv_bytes(*ROWS).replace(b"C1", b'"C1"'),
        xlsx_bytes(*ROWS),
    ],
    ids=[
        "utf-8",
        "mark",
        "gb18030",
        "utf-16",
        "gz",
        "gz gb18030",
        "semicolons",
        "tabs",
        "crlf",
        "cr",
        "no last newline",
        "quoted",
        "xlsx",
    ],
)
def test_the_same_table_is_read_from_every_form(tmp_path, data):
    header, rows, lines, faults = read(write(tmp_path, data))

    assert header == HEADER
    assert rows == ROWS
    assert lines == [2, 3]
    assert faults == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_its_sentence(tmp_path, name):
    make, code = REFUSED[name]

    with pytest.raises(BadFile) as caught:
        read(write(tmp_path, make(), "innocent.csv"))

    assert caught.value.code == code
    assert sentence(code, caught.value.details) != code


def test_ragged_rows_are_told_apart_with_their_lines(tmp_path):
    data = csv_bytes(ROWS[0], ["C2", "2026-02"], ["C3", "2026-03", "1", "9"], ROWS[1])

    _, rows, lines, faults = read(write(tmp_path, data))

    assert rows == ROWS
    assert lines == [2, 5]
    assert [(fault.line, fault.code) for fault in faults] == [(3, "ragged"), (4, "ragged")]
    assert faults[0].details == {"found": 2, "wanted": 3}


def test_empty_cells_beyond_the_header_and_blank_lines_do_not_count(tmp_path):
    data = csv_bytes(["C1", "2026-01", "12", "", ""], [""], ["", "", ""], ROWS[1])

    _, rows, lines, faults = read(write(tmp_path, data))

    assert rows == ROWS
    assert lines == [2, 5]
    assert faults == []


def test_a_cell_may_hold_line_breaks_and_marks(tmp_path):
    data = csv_bytes(['"C\n1"', '"say ""hi"", twice"', "1"], ROWS[1])

    _, rows, lines, _ = read(write(tmp_path, data))

    assert rows == [["C\n1", 'say "hi", twice', "1"], ROWS[1]]
    assert lines == [2, 4]


def test_a_cell_of_ten_megabytes_costs_its_row_only(tmp_path):
    huge = "x" * (10 << 20)
    plain = csv_bytes(ROWS[0], ["C2", huge, "1"], ROWS[1])
    quoted = csv_bytes(ROWS[0], ["C2", f'"{huge}"', "1"], ROWS[1])

    for data in (plain, quoted):
        _, rows, _, faults = read(write(tmp_path, data))

        assert rows == ROWS
        assert [(fault.line, fault.code) for fault in faults] == [(3, "line_too_long")]


def test_a_long_cell_in_a_workbook_costs_its_row_only(tmp_path):
    row = '<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>{text}</t></is></c></row>'
    data = raw_xlsx(HEAD_ROW + row.format(r=2, text="x" * 100_000) + row.format(r=3, text="ok"))

    _, rows, lines, faults = read(write(tmp_path, data))

    assert rows == [["ok", "", ""]]
    assert lines == [3]
    assert faults[0].code == "cell_too_long"


def test_a_quotation_mark_that_never_closes_says_how_far_it_reached(tmp_path):
    rows = [["C1", '"open', "1"]] + [["C2", "2026-02", "13"]] * 20_000

    _, read_rows, _, faults = read(write(tmp_path, csv_bytes(*rows)))

    assert faults[0].code == "quote_open"
    assert faults[0].line == 2
    assert 2 < faults[0].details["line"] < 20_000
    assert len(read_rows) + faults[0].details["line"] == 20_002


def test_a_row_in_another_encoding_costs_itself_only(tmp_path):
    good = [["C1", "2026-01", "名"]] * 50
    bad = "C2,2026-02,名\n".encode("gb18030")

    _, rows, _, faults = read(write(tmp_path, csv_bytes(*good) + bad + b"C3,2026-03,1\n"))

    assert [fault.code for fault in faults] == ["bad_encoding"]
    assert faults[0].line == 52
    assert len(rows) == 51


def test_formulas_count_as_the_value_stored_with_them(tmp_path):
    cells = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>x</v></c>'
    without = '<row r="3"><c r="A3"><f>1+1</f></c></row>'

    _, rows, _, faults = read(
        write(tmp_path, raw_xlsx(f'{HEAD_ROW}<row r="2">{cells}</row>{without}'))
    )

    assert rows == [["2", "x", ""]]
    assert [(fault.line, fault.code) for fault in faults] == [(3, "formula_without_value")]


def test_numbers_of_a_workbook_show_no_binary_noise(tmp_path):
    _, rows, _, _ = read(write(tmp_path, xlsx_bytes([0.1 + 0.2, 12345678.9, 1e21])))

    assert rows == [["0.3", "12345678.9", "1e+21"]]


def test_blocks_are_the_same_every_time_and_number_every_row(tmp_path):
    rows = [[f"C{n}", "2026-01", str(n)] for n in range(300_000)]
    rows[150_000] = ["broken"]
    rows[250_000] = ['"C250000"', "2026-01", "250000"]
    path = write(tmp_path, csv_bytes(*rows))

    first, again = read(path), read(path)

    assert first == again
    assert len(first[1]) == 299_999
    assert first[2][-1] == 300_001
    assert first[1][249_999] == ["C250000", "2026-01", "250000"]


def test_every_sentence_stands_alone():
    for code, text in SENTENCES.items():
        assert str(text).rstrip().endswith((".", "。", "%(why)s")), code
