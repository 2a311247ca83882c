"""Real enterprises go in by one documented command each (docs/imports.md)."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from customers.models import Customer, DeclaredFact, ImportBatch, Invoice
from customers.services import imports
from tests.customers.imports.loading import counts
from tests.factories import head_office

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FIRMS = DATA / "cumcm2020c" / "enterprises_with_credit.csv"
PURCHASES = DATA / "cumcm2020c" / "invoices_in_with_credit.csv.gz"
SALES = DATA / "cumcm2020c" / "invoices_out_with_credit.csv.gz"
REGISTRY = DATA / "jinan_sme" / "firms_1000.csv"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not at {DATA}")
pytestmark = [pytest.mark.realdata, needs_data]


def command(kind: str, path: Path, mapping: str) -> ImportBatch:
    """``manage.py import KIND FILE --mapping M``."""
    head_office()
    call_command("import", kind, str(path), "--mapping", mapping, stdout=StringIO())
    return ImportBatch.objects.latest("pk")


def raw(path: Path):
    """The file as Arrow reads it."""
    return pa_csv.read_csv(path)


def test_firms_with_their_rating_go_in():
    batch = command("customers", FIRMS, "cumcm2020c-firms")

    rows = raw(FIRMS).num_rows
    assert counts(batch) == (rows, rows, 0, 0, 0)
    ratings = DeclaredFact.objects.filter(key="bank_rating").values_list("text", flat=True)
    assert sorted(ratings) == sorted(raw(FIRMS)["rating"].to_pylist())


@pytest.mark.parametrize(
    ("path", "mapping", "side"),
    [(PURCHASES, "cumcm2020c-purchases", "P"), (SALES, "cumcm2020c-sales", "S")],
    ids=["purchases", "sales"],
)
def test_real_invoices_go_in_whole_and_a_second_time_change_nothing(path, mapping, side):
    command("customers", FIRMS, "cumcm2020c-firms")
    table = raw(path)
    keys = table.group_by(["ent", "inv_no", "date"]).aggregate([([], "count_all")])

    batch = command("invoices", path, mapping)

    assert counts(batch) == (table.num_rows, keys.num_rows, 0, table.num_rows - keys.num_rows, 0)
    again = command("invoices", path, mapping)
    assert counts(again) == (table.num_rows, 0, 0, table.num_rows, 0)
    rows = Invoice.objects.filter(side=side)
    once = table.group_by(table.column_names).aggregate([])
    total = rows.aggregate(total=Sum("net_amount"))["total"]
    sum_once = Decimal(str(round(pc.sum(once["amount"]).as_py(), 2)))
    assert abs(total - sum_once) < 20_000  # the few keys with two versions count once
    assert rows.filter(is_void=True).count() <= pc.sum(once["void"]).as_py()
    assert rows.filter(net_amount__lt=0).exists()


def test_real_invoices_can_be_undone():
    command("customers", FIRMS, "cumcm2020c-firms")
    batch = command("invoices", SALES, "cumcm2020c-sales")

    imports.undo_now(by=None, batch_id=batch.pk)

    assert not Invoice.objects.exists()


def test_a_dry_run_of_real_invoices_gives_the_real_counts():
    command("customers", FIRMS, "cumcm2020c-firms")
    call_command(
        "import",
        "invoices",
        str(SALES),
        "--mapping",
        "cumcm2020c-sales",
        "--dry-run",
        stdout=StringIO(),
    )
    dry = counts(ImportBatch.objects.latest("pk"))
    assert not Invoice.objects.exists()

    assert counts(command("invoices", SALES, "cumcm2020c-sales")) == dry


def test_messy_registry_rows_go_in_and_nothing_unknown_becomes_zero():
    call_command("load_reference", stdout=StringIO())

    batch = command("customers", REGISTRY, "jinan_sme")

    rows = raw(REGISTRY).num_rows
    assert counts(batch) == (rows, rows, 0, 0, 0)
    assert counts(command("customers", REGISTRY, "jinan_sme")) == (rows, 0, 0, rows, 0)
    assert not Customer.objects.filter(registered_capital_amount=0).exists()
    assert not Customer.objects.filter(registered_capital_amount__gt=100_000_000).exists()
    assert not Customer.objects.filter(industry=None).exists()
    kinds = dict(Customer.objects.values_list("party_type").annotate(Count("pk")).order_by())
    assert set(kinds) == {"company", "coop", "partnership_sole_prop"}
    states = set(Customer.objects.values_list("registry_status", flat=True))
    assert states == {"active", "cancelled", "revoked", "moved"}
