"""The same plan makes the same rows, byte for byte; another seed makes others."""

from datetime import date

from django.db import connection

from crm.core.services.reference import load_reference
from customers.demo.build import LOADED
from customers.demo.plan import Plan
from tests.demo_bank import make_bank, throw_away

AS_OF = date(2026, 3, 10)
# Sealed with a random nonce, as every ciphertext must be; password hashes carry a random salt.
UNLIKE = "'{ciphertext,mobile_ciphertext,password,created_at,updated_at}'::text[]"
TABLES = [*(model._meta.db_table for model in LOADED), "core_branch", "core_user"]


def sums(customers: int, seed: int, *, upto: int | None = None) -> dict[str, str]:
    """A sum over all rows of each table of a bank that is thrown away again."""
    with throw_away():
        make_bank(Plan(customers, seed, AS_OF), portraits=False)
        return {table: _sum(table, upto) for table in TABLES}


def _sum(table: str, upto: int | None) -> str:
    own = "id" if table in {"customers_customer", "core_branch", "core_user"} else "customer_id"
    where = f"WHERE {own} <= {upto}" if upto else ""
    query = (
        "SELECT md5(string_agg(line, '|' ORDER BY line)) "
        f"FROM (SELECT (to_jsonb(t) - {UNLIKE})::text AS line FROM {table} t {where}) AS lines"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0] or ""


def test_the_same_plan_makes_the_same_rows_and_another_seed_makes_others():
    load_reference()

    first, again, other = sums(150, 1), sums(150, 1), sums(150, 2)

    assert again == first
    assert all(first.values())
    same = {table for table in TABLES if other[table] == first[table]}
    assert same <= {"core_branch"}


def test_the_facts_of_the_first_customers_do_not_depend_on_how_many_follow():
    """All but who looks after them, and what they trade with customers that follow."""
    load_reference()

    few, more = sums(100, 1, upto=60), sums(140, 1, upto=60)

    shared = {"customers_accountflow", "customers_depositmonth", "customers_loan"}
    shared |= {"customers_holding", "customers_taxyear", "customers_electricitymonth"}
    assert {table for table in shared if few[table] != more[table]} == set()
