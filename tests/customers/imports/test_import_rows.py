"""What becomes of rows: created, updated, unchanged or rejected; and always the sum."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.errors import DomainError
from customers.imports.readers import text
from customers.imports.sentences import sentence
from customers.models import Customer, ImportChange, Invoice, SocialSecurityMonth
from customers.models.rollups import TouchedMonth
from customers.services import imports
from tests.customers.imports.loading import check, counts, csv, errors, invoice, load, upload
from tests.factories import make_customer, make_user

HEADS = "客户编号,月份,参保人数"


@pytest.fixture
def firm():
    return make_customer(customer_no="C1")


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few hundred bytes, so that small files are read in many."""
    monkeypatch.setattr(text, "BLOCK", 256)


def test_new_rows_are_created_with_their_batch_and_row(firm):
    batch = load(csv(invoice(1), invoice(2, net="-50.5")))

    assert counts(batch) == (2, 2, 0, 0, 0)
    second = Invoice.objects.get(number="2")
    assert (second.customer_id, second.batch_id, second.batch_row) == (firm.pk, batch.pk, 2)
    assert second.net_amount == Decimal("-50.50")
    assert second.ym == 2026 * 12


def test_the_same_file_twice_changes_nothing(firm):
    data = csv(*(invoice(n) for n in range(50)))
    first = load(data)

    again = load(data)

    assert counts(first) == (50, 50, 0, 0, 0)
    assert counts(again) == (50, 0, 0, 50, 0)
    assert set(Invoice.objects.values_list("batch_id", flat=True)) == {first.pk}


def test_a_corrected_row_updates_and_its_past_is_kept(firm):
    first = load(csv(invoice(1), invoice(2)))

    second = load(csv(invoice(1), invoice(2, net="99.00", void="是")))

    assert counts(second) == (2, 0, 1, 1, 0)
    row = Invoice.objects.get(number="2")
    assert (row.net_amount, row.is_void, row.batch_id) == (Decimal("99.00"), True, second.pk)
    past = ImportChange.objects.get(batch=second)
    assert past.before["net_amount"] == 100.0
    assert past.before["batch_id"] == first.pk
    assert past.row == 2


def test_a_row_named_twice_counts_once_and_says_so_when_they_differ(firm):
    batch = load(csv(invoice(1), invoice(1), invoice(2, net="1"), invoice(2, net="2")))

    assert counts(batch) == (4, 2, 0, 2, 0)
    assert Invoice.objects.get(number="2").net_amount == Decimal("2.00")
    remark = batch.errors.get()
    assert (remark.line, remark.code, remark.is_remark) == (4, "overruled", True)


def test_two_versions_far_apart_in_one_file_settle_on_the_later_and_stay(firm, small_blocks):
    rows = [invoice(n) for n in range(40)]
    data = csv(invoice("X", net="1"), *rows, invoice("X", net="2"))
    load(data)

    again = load(data)

    assert counts(again) == (42, 0, 0, 42, 0)
    assert Invoice.objects.get(number="X").net_amount == Decimal("2.00")
    assert not ImportChange.objects.filter(batch=again).exists()


def test_bad_rows_are_told_apart_and_good_ones_load(firm):
    batch = load(
        csv(
            invoice(1),
            invoice(2, day="2026-02-30"),
            invoice(3, customer="NOBODY"),
            invoice(4, net="1.2.3"),
            invoice(5, name="名" * 10_000),
            invoice(6, side="横"),
            "C1,销项,short",
            invoice(7, net="", tax=""),
            invoice(8, day="2199-01-01"),
            invoice(9, net="１２３", tax="0"),
        )
    )

    assert counts(batch) == (10, 2, 0, 0, 8)
    assert errors(batch) == [
        (3, "no_such_day"),
        (4, "customer_unknown"),
        (5, "not_a_number"),
        (6, "too_long"),
        (7, "not_a_choice"),
        (8, "ragged"),
        (9, "required"),
        (9, "required"),
        (10, "day_in_future"),
    ]
    assert Invoice.objects.get(number="9").net_amount == 123


def test_the_error_file_names_line_column_value_and_sentence_in_the_readers_language(firm):
    batch = load(
        csv(invoice(1, day="2026-02-30", name="=cmd|'/c calc'!A0"), invoice(2, net="=1+1"))
    )

    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = b"".join(imports.error_file(batch, form="csv")).decode("utf-8-sig")

    assert "2,开票日期,2026-02-30,The calendar has no 2026-02-30.,No" in told["en"]
    assert "3,金额,'=1+1," in told["en"]
    assert told["zh-hans"] != told["en"]


def test_the_error_file_is_a_workbook_without_formulas_too(firm, tmp_path):
    from openpyxl import load_workbook

    batch = load(csv(invoice(1, net="=1+1")))
    path = tmp_path / "errors.xlsx"
    path.write_bytes(b"".join(imports.error_file(batch, form="xlsx")))

    cell = load_workbook(path).active["C2"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_dry_run_gives_the_counts_of_the_real_run_and_writes_nothing(firm, small_blocks):
    load(csv(*(invoice(n) for n in range(20))))
    rows = [invoice(n, net="7.00") for n in range(10)] + [invoice(n) for n in range(15, 60)]
    data = csv(*rows, invoice("X", net="bad"), *rows[:5], invoice(58, net="1"), invoice(58))
    before = list(Invoice.objects.order_by("number").values())

    dry = check(data)

    assert list(Invoice.objects.order_by("number").values()) == before
    assert not ImportChange.objects.exists()
    expected = counts(dry)
    real = load(data)
    assert counts(real) == expected
    assert dry.checked["read_rows"] == len(rows) + 8
    assert errors(dry) == errors(real)


def test_only_what_changed_is_touched(firm):
    load(csv(invoice(1), invoice(2, day="2026-02-01"), invoice(3, day="2026-03-01")))
    TouchedMonth.objects.all().delete()

    load(csv(invoice(1), invoice(2, day="2026-02-01", net="5"), invoice(4, day="2026-03-01")))

    touched = set(TouchedMonth.objects.values_list("customer_id", "ym"))
    assert touched == {(firm.pk, 2026 * 12 + 1), (firm.pk, 2026 * 12 + 2)}


def test_a_file_without_a_needed_column_is_refused_before_a_row_is_read(firm):
    batch = upload(csv("C1,2026-01", header="客户编号,月份"), "social_security")

    with pytest.raises(DomainError):
        imports.change_mapping(by=None, batch_id=batch.pk, mapping={}, options={})


def test_a_file_with_a_header_only_fails_with_a_sentence(firm):
    batch = load(csv())

    assert batch.state == "failed"
    assert batch.problem["code"] == "no_rows"


def test_a_file_that_breaks_halfway_leaves_the_data_as_it_was(firm, small_blocks):
    import gzip
    import random

    draw = random.Random(1)
    numbers = [str(draw.getrandbits(40)) for _ in range(3000)]
    load(csv(invoice(numbers[0], net="1.00")))
    before = list(Invoice.objects.values())

    batch = load(gzip.compress(csv(*map(invoice, numbers)))[:-4000])

    assert batch.state == "failed"
    assert batch.problem["code"] == "broken_gzip"
    assert counts(batch) == (0, 0, 0, 0, 0)
    assert list(Invoice.objects.values()) == before


def test_a_customer_may_be_named_by_credit_code_but_not_by_two(firm):
    make_customer(customer_no="C2", uscc="91330106MA2TE5T1XH")
    header = "客户编号,统一社会信用代码,月份,参保人数"
    batch = load(
        csv(
            ",91330106MA2TE5T1XH,2026-01,5",
            "C1,91330106MA2TE5T1XH,2026-01,6",
            ",,2026-01,7",
            "C1,,2026-01,8",
            header=header,
        ),
        "social_security",
    )

    assert counts(batch) == (4, 2, 0, 0, 2)
    assert errors(batch) == [(3, "customer_clash"), (4, "customer_missing")]


def test_a_blank_cell_of_a_fact_says_unknown(firm):
    header = "客户编号,月份,流入金额,流出金额,现金占比"
    load(csv("C1,2026-01,10,5,12.5%", header=header), "account_flows")

    batch = load(csv("C1,2026-01,10,5,", header=header), "account_flows")

    assert counts(batch) == (1, 0, 1, 0, 0)


def test_the_mapping_of_a_header_is_remembered(firm):
    header = "who,when,heads"
    data = csv("C1,2026-01,5", header=header)
    first = upload(data, "social_security")
    mapping = {
        "columns": {
            "customer_no": {"header": "who"},
            "ym": {"header": "when"},
            "heads": {"header": "heads"},
        }
    }
    imports.change_mapping(by=None, batch_id=first.pk, mapping=mapping, options={})
    imports.begin_run(first.pk, None)
    imports.run_batch(first.pk, lambda rows: None)

    second = load(csv("C1,2026-02,6", header=header), "social_security")

    assert counts(second) == (1, 1, 0, 0, 0)
    assert SocialSecurityMonth.objects.count() == 2


def test_who_may_not_import_is_refused(firm):
    with pytest.raises(DomainError):
        upload(csv(invoice(1)), by=make_user("rm"))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["C1", "C9", ""]),
            st.sampled_from(["2026-01", "2026-02", "2026-13", "", "x"]),
            st.sampled_from(["1", "2", "-1", "１", "", "1e9", "=1"]),
        ),
        max_size=25,
    )
)
def test_the_counts_always_add_up_and_a_second_time_nothing_changes(rows):
    firm = Customer.objects.filter(customer_no="C1").first() or make_customer(customer_no="C1")
    SocialSecurityMonth.objects.filter(customer=firm).delete()  # of the example before
    data = csv(*(",".join(row) for row in rows), header=HEADS)

    first, again = load(data, "social_security"), load(data, "social_security")

    read, *parts = counts(first)
    assert read == sum(parts)
    assert counts(again)[1:3] == (0, 0)
    assert counts(again)[4] == counts(first)[4]


def test_every_code_has_a_chinese_sentence():
    with translation.override("zh-hans"):
        chinese = sentence("required", {})
    with translation.override("en"):
        english = sentence("required", {})

    assert chinese != english
