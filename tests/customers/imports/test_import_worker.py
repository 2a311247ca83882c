"""A real worker, killed in the middle of a real import."""

import os
import signal

import pytest

from crm.core.models import JobRange
from customers.models import ImportBatch, Invoice
from customers.services import imports
from tests.customers.imports.loading import counts, csv, invoice, upload
from tests.factories import make_customer
from tests.worker import WorkerProcess, awaited

pytestmark = pytest.mark.worker
ROWS = 150_000  # three blocks and a bit


def test_a_worker_killed_in_the_middle_neither_loses_nor_doubles_a_row(worker: WorkerProcess):
    make_customer(customer_no="C1")
    lines = [invoice(n, name="某某贸易有限公司" * 8) for n in range(ROWS)]
    lines[ROWS // 3] = invoice("bad", net="x")
    batch = upload(csv(*lines))
    batch = imports.start(by=None, batch_id=batch.pk)

    def blocks_done() -> int:
        return ImportBatch.objects.get(pk=batch.pk).blocks_done

    awaited(lambda: blocks_done() >= 1, seconds=60)
    part = JobRange.objects.get(job=batch.job)
    os.kill(int(part.worker.rpartition(":")[2]), signal.SIGKILL)
    done_before = blocks_done()
    JobRange.objects.filter(pk=part.pk).update(lease_until="2020-01-01T00:00:00Z")
    job = worker.finishes(batch.job, seconds=120)

    assert job.state == "done"
    batch.refresh_from_db()
    assert batch.blocks_done > done_before
    assert counts(batch) == (ROWS, ROWS - 1, 0, 0, 1)
    assert Invoice.objects.count() == ROWS - 1
    assert Invoice.objects.values("number").distinct().count() == ROWS - 1
    assert batch.errors.count() == 1


def test_an_import_is_cancelled_while_a_worker_has_it(worker: WorkerProcess):
    make_customer(customer_no="C1")
    batch = upload(csv(*(invoice(n, name="某某贸易有限公司" * 8) for n in range(ROWS))))
    batch = imports.start(by=None, batch_id=batch.pk)
    awaited(lambda: ImportBatch.objects.get(pk=batch.pk).blocks_done, seconds=60)

    imports.cancel(by=None, batch_id=batch.pk)

    worker.finishes(batch.job)
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert 0 < Invoice.objects.count() == batch.created_rows < ROWS
