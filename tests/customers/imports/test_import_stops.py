"""Cancelled, killed, started twice: no row is lost and none is doubled."""

import pytest

from customers.imports.readers import text
from customers.models import ImportBatch, Invoice
from customers.services import imports
from tests.customers.imports.loading import counts, csv, invoice, load, run, upload
from tests.factories import make_customer


class Crash(Exception):
    """The worker is gone."""


@pytest.fixture(autouse=True)
def many_blocks(monkeypatch):
    """Blocks of a few rows."""
    monkeypatch.setattr(text, "BLOCK", 300)
    make_customer(customer_no="C1")


def crash_after(blocks: int):
    left = iter(range(blocks))

    def progress(rows: int) -> None:
        if next(left, None) is None:
            raise Crash

    return progress


DATA = csv(*(invoice(n) for n in range(60)), invoice("bad", net="x"), invoice(3, net="5"))


def test_an_import_goes_on_where_a_crash_left_it():
    whole = counts(load(DATA))
    Invoice.objects.all().delete()
    batch = upload(DATA)
    imports.begin_run(batch.pk, None)
    for blocks in (2, 0, 3):
        with pytest.raises(Crash):
            imports.run_batch(batch.pk, crash_after(blocks))

    imports.run_batch(batch.pk, lambda rows: None)

    assert counts(batch) == whole
    assert Invoice.objects.count() == 60
    assert batch.errors.filter(is_remark=False).count() == 1


def test_a_cancelled_import_keeps_honest_counts_and_can_go_on():
    batch = upload(DATA)
    imports.begin_run(batch.pk, None)

    def cancel_soon(rows: int) -> None:
        if Invoice.objects.count() > 10:
            imports.cancel(by=None, batch_id=batch.pk)

    with pytest.raises(imports.Stopped):
        imports.run_batch(batch.pk, cancel_soon)

    _read, created, *_ = counts(batch)
    assert batch.state == ImportBatch.State.CANCELLED
    assert 10 < created == Invoice.objects.count() < 60
    run(batch)
    assert counts(batch)[0] == 62
    assert Invoice.objects.count() == 60


def test_a_cancelled_import_can_be_undone():
    batch = upload(DATA)
    imports.begin_run(batch.pk, None)
    with pytest.raises(Crash):
        imports.run_batch(batch.pk, crash_after(2))
    imports.cancel(by=None, batch_id=batch.pk)

    imports.undo_now(by=None, batch_id=batch.pk)

    assert not Invoice.objects.exists()


def test_a_second_worker_finds_its_block_done_and_stops():
    batch = upload(DATA)
    imports.begin_run(batch.pk, None)
    ran = []

    def interloper(rows: int) -> None:
        if not ran:
            ran.append(True)
            ImportBatch.objects.filter(pk=batch.pk).update(blocks_done=5)

    with pytest.raises(imports.Stopped):
        imports.run_batch(batch.pk, interloper)


def test_a_check_and_a_run_as_jobs(run_jobs):
    batch = upload(DATA)
    imports.check(by=None, batch_id=batch.pk)
    run_jobs()
    batch.refresh_from_db()
    assert batch.state == "checked"
    assert not Invoice.objects.exists()
    expected = batch.checked

    imports.start(by=None, batch_id=batch.pk)
    imports.start(by=None, batch_id=batch.pk)
    run_jobs()

    batch.refresh_from_db()
    assert batch.state == "done"
    assert {name: getattr(batch, name) for name in expected} == expected
    assert batch.job.state == "done"
    assert batch.job.rows_done == 62

    imports.undo(by=None, batch_id=batch.pk)
    run_jobs()
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert not Invoice.objects.exists()
