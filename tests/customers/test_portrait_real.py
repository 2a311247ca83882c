"""Real invoices of real firms: the portrait against plain Python, and figures checked by hand."""

import csv
import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.core.months import ym_of
from customers.models import Invoice, Portrait
from tests.customers.portrait_facts import compute, make_reference, row
from tests.customers.portrait_reference import invoice_features
from tests.customers.test_portrait_features import close
from tests.factories import make_branch, make_customer

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "cumcm2020c"
FIRMS = ("E5", "E37", "E80", "E111", "E123")
FILES = {"S": "invoices_out_with_credit.csv.gz", "P": "invoices_in_with_credit.csv.gz"}

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.exists(), reason="the real enterprises are not beside here"),
]


def read(side):
    """The rows of our firms: firm, number, day, counterparty, net, tax, void."""
    with gzip.open(FOLDER / FILES[side], "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for line in rows:
            if line[0] in FIRMS:
                yield line


def load(customers):
    """The invoices as they are, without the import."""
    made = {}
    for side in FILES:
        for firm, number, day, counterparty, net, tax, *rest in read(side):
            issued_on = date.fromisoformat(day.replace("/", "-")[:10])
            invoice = Invoice(
                customer=customers[firm],
                issued_on=issued_on,
                side=side,
                number=number,
                ym=ym_of(issued_on),
                counterparty=counterparty,
                net_amount=Decimal(net),
                tax_amount=Decimal(tax),
                is_void=rest[-1] not in ("0", "有效发票", "valid", "False", "false", ""),
            )
            made[(firm, issued_on, side, number)] = invoice
    Invoice.objects.bulk_create(made.values(), batch_size=5_000)
    return made


def test_real_firms_agree_with_plain_python():
    make_reference()
    branch = make_branch()
    customers = {firm: make_customer(branch=branch, name=firm) for firm in FIRMS}
    invoices = load(customers)
    assert len(invoices) > 500

    compute()

    wrong = []
    for firm, customer in customers.items():
        stored = row(customer)
        for key, wanted in invoice_features(customer).items():
            if not close(key, stored[key], wanted):
                wrong.append((firm, key, stored[key], wanted))
    assert wrong == []


def test_a_feed_that_stopped_years_ago_reads_as_stale_and_not_as_a_collapse():
    make_reference()
    customer = make_customer(branch=make_branch(), name="E5")
    load(dict.fromkeys(FIRMS, customer))

    compute()

    portrait = Portrait.objects.get(pk=customer.pk)
    assert portrait.last_activity_on.year == 2020
    assert portrait.sales_month_12m > 0
    assert portrait.days_since_activity > 2_000
    assert portrait.months_without_sales_12m < 12
