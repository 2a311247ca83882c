"""Suppliers, buyers, purchases, settlements told at a visit stand in the ledger (SEV-1, SEV-2)."""

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

import pytest

from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from customers.models import ChainLink, LedgerCover, ProcureMode, SettleMode
from customers.services.ledger_rows import RowSaid
from marketing.models import Visit
from marketing.services.visits import VisitConflict, log_visit
from tests.customers.ledger.rows import make_link, make_settle
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules
from tests.marketing.test_visits_service import AT, DAY, entry


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_customer(rm)


def link(name="华东钢材", **values):
    told = {"side": "supplier", "counterparty_name": name, **values}
    return RowSaid("links", told, "王老板", "合同")


def settle(share, mode="qr", bank="ours", direction="in"):
    values = {"direction": direction, "mode": mode, "bank": bank, "share": Decimal(share)}
    return RowSaid("settle", values)


def purchase(**values):
    return RowSaid("procure", {"item": "面粉", "mode": "spot", **values})


def log(rm, customer, *rows, at=AT, **fields):
    return log_visit(entry=entry(customer, rows=rows, **fields), by=rm, at=at)


def refused(rm, customer, *rows):
    with pytest.raises(DomainError) as error:
        log(rm, customer, *rows)
    assert error.value.status == 422
    return error.value.fields


def test_rows_told_at_a_visit_stand_in_the_ledger_as_declared_by_the_visit(rm, customer):
    visit = log(
        rm, customer, link(share=Decimal("0.4"), yearly_amount=Decimal(320_000), term_days=30),
        purchase(every_days=7), settle("0.6"), settle("1", "transfer", direction="out"),
    )  # fmt: skip

    row = ChainLink.objects.get(customer=customer)
    assert (row.share, row.yearly_amount, row.term_days) == (Decimal("0.4"), 320_000, 30)
    assert (row.source, row.quality, row.as_of) == ("visit", "declared", DAY)
    assert (row.said_by, row.proof) == ("王老板", "合同")
    bought = ProcureMode.objects.get(customer=customer)
    assert (bought.every_days, bought.source, bought.entered_by) == (7, "visit", rm)
    assert SettleMode.objects.filter(customer=customer, as_of=DAY).count() == 2
    assert visit.facts_said == 4
    assert LedgerCover.objects.get(customer=customer).share_3 > 0


def test_a_visit_sent_twice_tells_its_rows_once(rm, customer):
    told = entry(customer, rows=(link(share=Decimal("0.4")), settle("0.6")))

    first = log_visit(entry=told, by=rm, at=AT)
    again = log_visit(entry=told, by=rm, at=AT + timedelta(hours=2))

    assert first.pk == again.pk
    assert ChainLink.objects.get().version == SettleMode.objects.get().version == 1


def test_other_rows_under_the_same_key_are_a_conflict(rm, customer):
    told = entry(customer, rows=(settle("0.6"),))
    log_visit(entry=told, by=rm, at=AT)
    other = entry(customer, key=told.key, rows=(settle("0.7"),))

    with pytest.raises(VisitConflict):
        log_visit(entry=other, by=rm, at=AT)

    assert SettleMode.objects.get().share == Decimal("0.6")


def test_a_visit_without_rows_has_the_digits_it_had_before_rows_could_be_told(customer):
    """A visit that waits on a phone over an update is still the same visit."""
    told = entry(customer)
    plain = asdict(told)
    del plain["rows"]
    text = json.dumps(plain, default=str, sort_keys=True, ensure_ascii=False)

    assert told.content_sha256() == hashlib.sha256(text.encode()).hexdigest()


def test_shares_of_one_direction_told_together_never_pass_a_hundred(rm, customer):
    fields = refused(rm, customer, settle("0.6"), link(), settle("0.5", "cash", "none"))

    assert "110" in fields["rows.2.share"]
    assert not Visit.objects.exists() and not SettleMode.objects.exists()


def test_shares_told_with_those_that_stand_never_pass_a_hundred(rm, customer):
    make_settle(customer, share="0.5", as_of=DAY)

    fields = refused(rm, customer, settle("0.6", "cash", "none"))

    assert "110" in fields["rows.0.share"]
    assert not Visit.objects.exists()


def test_the_shares_of_one_side_of_the_chain_never_pass_a_hundred(rm, customer):
    make_link(customer, side="supplier", share="0.7", as_of=DAY)

    fields = refused(rm, customer, link(share=Decimal("0.4")))

    assert "110" in fields["rows.0.share"]


def test_what_stands_of_the_same_manner_takes_the_new_share(rm, customer):
    """Both change at once: 60 and 40 become 40 and 60, though each alone would pass 100 %."""
    log(rm, customer, settle("0.6"), settle("0.4", "cash", "none"))

    log(rm, customer, settle("0.4"), settle("0.6", "cash", "none"))

    shares = dict(SettleMode.objects.values_list("mode", "share"))
    assert shares == {"qr": Decimal("0.4"), "cash": Decimal("0.6")}


def test_what_is_not_said_stays_and_a_newer_word_is_not_overwritten(rm, customer):
    make_link(
        customer, side="supplier", counterparty_name="华东钢材", as_of=DAY + timedelta(days=2),
        term_days=60,
    )  # fmt: skip

    log(rm, customer, link(term_days=30, years=5))

    row = ChainLink.objects.get()
    assert (row.term_days, row.years, row.as_of) == (60, 5, DAY + timedelta(days=2))


def test_a_proven_row_of_half_a_year_stands_before_a_word(rm, customer):
    for name, age in (("甲", 100), ("乙", 200)):
        make_link(
            customer, side="supplier", counterparty_name=name, quality="verified",
            source="invoice", as_of=DAY - timedelta(days=age), yearly_amount=500_000,
        )  # fmt: skip
    told = Decimal(100_000)

    log(rm, customer, link("甲", yearly_amount=told), link("乙", yearly_amount=told))

    amounts = dict(ChainLink.objects.values_list("counterparty_name", "yearly_amount"))
    assert amounts == {"甲": 500_000, "乙": 100_000}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (RowSaid("links", {"side": "supplier"}), "counterparty_name"),
        (RowSaid("links", {"side": "left", "counterparty_name": "甲"}), "side"),
        (RowSaid("procure", {"item": "面" * 81, "mode": "spot"}), "item"),
        (RowSaid("procure", {"item": "面", "mode": "spot", "every_days": 0}), "every_days"),
        (RowSaid("settle", {"direction": "in", "mode": "qr", "bank": "ours"}), "share"),
        (settle("0"), "share"),
        (settle("1.2"), "share"),
        (link(replaceable=6), "replaceable"),
        (link(yearly_amount=Decimal(-1)), "yearly_amount"),
    ],
)
def test_what_cannot_be_so_is_told_with_its_place(rm, customer, row, field):
    assert list(refused(rm, customer, settle("0.1", "bill"), row)) == [f"rows.1.{field}"]


def test_one_thing_told_twice_in_a_visit_is_refused(rm, customer):
    assert list(refused(rm, customer, link(), link())) == ["rows.1.counterparty_name"]


def test_a_supplier_told_changed_and_gone_leaves_row_audit(rm, customer):
    log(rm, customer, link(term_days=30))
    log(rm, customer, link(term_days=45))
    ChainLink.objects.get().delete()

    rows = AuditEntry.objects.filter(kind="row", table_name="customers_chainlink").order_by("pk")
    assert [row.event for row in rows] == ["insert", "update", "delete"]
    assert rows[1].changed == ["term_days"]


def body(customer, rows):
    told = entry(customer)
    return {
        "key": str(told.key), "customer": customer.pk, "purpose": "care",
        "started_at": told.started_at.isoformat(), "ended_at": told.ended_at.isoformat(),
        "whom_met": "王老板", "summary": "备货", "next_step": "送资料",
        "next_on": told.next_on.isoformat(), "rows": rows,
    }  # fmt: skip


def send(client, customer, *rows):
    return client.post("/api/v1/visits/", body(customer, rows), content_type="application/json")


def test_the_api_takes_rows_and_shows_them_on_the_visit(client, rm, customer):
    client.force_login(rm)

    answer = send(
        client, customer,
        {"kind": "links", "side": "buyer", "counterparty_name": "上海汽配", "share": "0.3",
         "yearly_amount": "680000.00", "has_contract": True, "said_by": "老板", "proof": "合同"},
        {"kind": "settle", "direction": "in", "mode": "cash", "bank": "none", "share": "0.25"},
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    assert [one["kind"] for one in answer.json()["rows"]] == ["links", "settle"]
    html = client.get(answer.json()["url"]).content.decode()
    for told in ("上海汽配", "68 万元", "30%", "有书面合同", "现金", "25%"):
        assert told in html, told
    client.force_login(make_user("auditor"))
    assert "68 万元" not in client.get(answer.json()["url"]).content.decode()
    shown = client.get(f"/api/v1/visits/{answer.json()['id']}/").json()
    assert shown["rows"][0]["values"]["yearly_amount"] != "680000.00"


def test_the_api_refuses_a_direction_above_a_hundred_with_a_sentence(client, rm, customer):
    client.force_login(rm)
    row = {"kind": "settle", "direction": "in", "bank": "none"}

    answer = send(
        client, customer, row | {"mode": "cash", "share": "0.7"},
        row | {"mode": "bill", "share": "0.4"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "110" in str(answer.json()["errors"]["rows.1.share"])


def test_the_pocket_carries_the_shares_that_stand_and_no_amounts(client, rm, customer):
    make_settle(customer, share="0.5")
    make_link(customer, yearly_amount=100_000)
    client.force_login(rm)

    html = client.get(f"/marketing/visits/log/{customer.pk}/").content.decode()

    brief = json.loads(html.split('id="visit-brief" type="application/json">')[1].split("</")[0])
    assert brief["settled"] == [
        {"direction": "in", "mode": "qr", "bank": "ours", "share": "0.500000"}
    ]
    assert "100000" not in json.dumps(brief) and "上海买方" not in json.dumps(brief)
