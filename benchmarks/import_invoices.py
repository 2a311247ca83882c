"""A million invoices imported, against a bare COPY of the same file into a table without indexes.

The import reads, checks, resolves and upserts every row, in blocks that can be taken up again; the
COPY only parses. CPU is this process and its PostgreSQL backend together. ``ratio`` is the worse
of CPU and wall time; ``peak_mb`` the most memory that either process held of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import django

HEADER = "客户编号,进销方向,发票代码,发票号码,开票日期,对方名称,金额,税额,是否作废"
COLUMNS = (
    "customer_no varchar(32), side varchar(8), code varchar(12), number varchar(20), "
    "issued_on date, counterparty varchar(120), net_amount numeric(18,2), "
    "tax_amount numeric(18,2), is_void varchar(2)"
)
MB = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What something took."""

    wall: float
    cpu: float


def write_file(path: Path, rows: int, customers: int) -> None:
    """Invoices of two years, customer by customer, as a tax office exports them."""
    draw = random.Random(1)
    first = date.today() - timedelta(days=760)
    days = [(first + timedelta(days=n)).isoformat() for n in range(730)]
    share = max(rows // customers, 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(rows):
            net = draw.randrange(-20_000, 3_000_000)
            sold = draw.random() < 0.5
            file.write(
                f"B{min(number // share, customers - 1):07d},{'销项' if sold else '进项'},,"
                f"{10_000_000 + number},{days[number % share * 730 // share]},"
                f"某某第{draw.randrange(5000)}贸易有限公司,"
                f"{net / 100:.2f},{net * 13 // 100 / 100:.2f},"
                f"{'是' if draw.random() < 0.03 else '否'}\n"
            )


def make_customers(count: int) -> None:
    """The customers that the invoices name, without any fact."""
    from django.db import connection

    from crm.core.models import Branch

    branch, _is_new = Branch.objects.get_or_create(
        code="BENCH", defaults={"name": "BENCH", "level": "head_office", "scope_hi": 10}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers_invoice WHERE customer_id IN "
            "(SELECT id FROM customers_customer WHERE branch_id = %s)",
            [branch.pk],
        )
        cursor.execute(
            "INSERT INTO customers_customer (customer_no, party_type, name, name_pinyin, "
            "name_initials, uscc, is_uscc_odd, legal_rep_name, registry_status, registry_kind, "
            "address, size_class, size_reasons, relation_state, branch_id, scope_no, "
            "is_do_not_contact, version, created_at, updated_at) "
            "SELECT 'B' || lpad(n::text, 7, '0'), 'company', 'n', 'n', 'n', '', false, '', "
            "'active', '', '', 'unknown', '[]', 'existing', %s, 0, false, 1, now(), now() "
            "FROM generate_series(0, %s) n ON CONFLICT (customer_no) DO NOTHING",
            [branch.pk, count - 1],
        )
        cursor.execute("ANALYZE customers_customer")


class Meter:
    """CPU of this process and of its backend, and the backend's own memory."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = int(cursor.fetchone()[0])
        self.backend_peak = 0

    def start(self) -> None:
        """From here."""
        self._wall, self._cpu = time.perf_counter(), self._spent()

    def stop(self) -> Cost:
        """What it took since ``start``."""
        return Cost(time.perf_counter() - self._wall, self._spent() - self._cpu)

    def look(self, rows: int = 0) -> None:
        """The backend's own memory is noted."""
        status = Path(f"/proc/{self.backend}/status").read_text()
        anonymous = next(line for line in status.splitlines() if line.startswith("RssAnon"))
        self.backend_peak = max(self.backend_peak, int(anonymous.split()[1]) * 1024)

    def _spent(self) -> float:
        own = time.process_time()
        fields = Path(f"/proc/{self.backend}/stat").read_text().rpartition(")")[2].split()
        return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> float:
        """The most that either process held."""
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return max(own, self.backend_peak) / MB


def bare_copy(path: Path, meter: Meter) -> Cost:
    """The file into a table without an index, the better of two."""
    from django.db import connection

    costs = []
    with connection.cursor() as cursor:
        for _turn in range(2):
            cursor.execute("DROP TABLE IF EXISTS bench_bare")
            cursor.execute(f"CREATE TABLE bench_bare ({COLUMNS})")
            meter.start()
            with path.open("rb") as file:
                cursor.copy_expert("COPY bench_bare FROM STDIN WITH (FORMAT csv, HEADER)", file)
            costs.append(meter.stop())
        cursor.execute("DROP TABLE bench_bare")
    return min(costs, key=lambda cost: cost.cpu)


def import_file(path: Path, meter: Meter, rows: int) -> Cost:
    """The file through the product's own path, upload included."""
    from customers.models import ImportBatch
    from customers.services import imports

    meter.start()
    batch = imports.upload(by=None, kind="invoices", name=path.name, pieces=imports.pieces_of(path))
    imports.begin_run(batch.pk, None)
    batch = imports.run_batch(batch.pk, meter.look)
    cost = meter.stop()
    if batch.state != ImportBatch.State.DONE or batch.created_rows != rows:
        sys.exit(f"not imported: {batch.state} {batch.problem} created {batch.created_rows}")
    return cost


def main() -> None:
    """Figures, then one JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=2_000)
    options = parser.parse_args()
    django.setup()
    make_customers(options.customers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoices.csv"
        write_file(path, options.rows, options.customers)
        meter = Meter()
        copy = bare_copy(path, meter)
        load = import_file(path, meter, options.rows)
    cpu_ratio, wall_ratio = load.cpu / copy.cpu, load.wall / copy.wall
    print(f"COPY    {copy.wall:8.2f} s wall {copy.cpu:8.2f} s CPU")
    print(f"import  {load.wall:8.2f} s wall {load.cpu:8.2f} s CPU")
    figures = {
        "rows": options.rows,
        "ratio": round(max(cpu_ratio, wall_ratio), 2),
        "cpu_ratio": round(cpu_ratio, 2),
        "wall_ratio": round(wall_ratio, 2),
        "rows_per_second": round(options.rows / load.wall),
        "peak_mb": round(meter.peak_mb()),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    main()
