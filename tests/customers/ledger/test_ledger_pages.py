"""The ledger tab and its forms: reach, masking, locks, queries."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from crm.core.models import AuditEntry
from crm.core.parameters import parameters
from customers.models import DeclaredFact, LedgerCover, SettleMode
from customers.selectors.ledger_page import ledger_of
from customers.views.ledger_blocks import card_of
from customers.views.ledger_words import LedgerReader
from tests.customers.ledger.rows import (
    make_link,
    make_procure,
    make_settle,
    say,
    standing,
    text_of,
    url,
)
from tests.customers.portrait_facts import make_reference
from tests.factories import make_portrait, make_user

COVERED = (
    "12.3456", "123456", "12.35", "0.1234", "765.4", "7654321", "两人评价都差", "前后不一",
)  # fmt: skip
FRAGMENT = {"HX-Request": "true"}


def word(**more):
    return {
        "said_by": "老板", "proof": "电费单", "as_of": timezone.localdate().isoformat(),
        "source": "visit", "quality": "declared",
    } | more  # fmt: skip


def marks_of(client, customer, no):
    html = client.get(url("ledger_facts", customer, no)).content.decode()
    return re.search(r'name="marks" value="([^"]+)"', html)[1]


def test_the_page_shows_each_fact_with_who_said_it_what_proves_it_and_its_age(desk, client):
    _manager, customer = desk
    say(customer, as_of=timezone.localdate() - timedelta(days=37), inventory_days=21)
    DeclaredFact.objects.update(said_by="会计小周", evidence="盘点表")

    html = client.get(url("ledger", customer)).content.decode()

    assert "会计小周" in html
    assert "盘点表" in html
    assert "37" in html


def test_the_emptiest_category_comes_first(desk, client):
    _manager, customer = desk
    make_procure(customer)

    html = client.get(url("ledger", customer)).content.decode()

    order = [int(no) for no in re.findall(r'<div id="ledger-(\d)">', html)]
    assert sorted(order) == [1, 2, 3, 4, 5, 6, 7]
    assert order[-1] == 3


def test_a_stranger_finds_nothing(desk, client):
    _manager, customer = desk
    row = make_settle(customer)
    client.force_login(make_user("rm"))

    for address in (
        url("ledger", customer),
        url("ledger_pattern", customer),
        url("ledger_facts", customer, 3),
        url("ledger_entity", customer, "settle", row.pk),
        f"/api/v1/customers/{customer.pk}/ledger/",
        f"/api/v1/customers/{customer.pk}/settle-modes/",
    ):
        assert client.get(address).status_code == 404, address


def test_the_page_costs_the_same_with_more_rows(desk, client, same_queries):
    _manager, customer = desk
    make_portrait(customer)
    say(customer, inventory_days=20)
    make_settle(customer, share="0.1")

    def grow():
        say(customer, payable_days=20, basket_value=12, soft_reputation=4, cost_rent="0.1")
        for number in range(6):
            make_link(customer, counterparty_name=f"买方{number}")
            make_procure(customer, item=f"品目{number}")
        make_settle(customer, mode="cash", share="0.1")

    same_queries(lambda: client.get(url("ledger", customer)), grow=grow)


def test_facts_are_put_on_record_from_the_form(desk, client):
    _manager, customer = desk
    shown = client.get(url("ledger_facts", customer, 4), headers=FRAGMENT).content.decode()

    answer = client.post(
        url("ledger_facts", customer, 4),
        word(repeat_buyer_share="62.5", order_backlog="80000", local_demand="glut",
             marks=marks_of(client, customer, 4)),
    )  # fmt: skip

    assert "<dialog" in shown and "<html" not in shown
    assert answer.status_code == 302
    assert answer["Location"].endswith("#ledger-4")
    assert standing(customer, "repeat_buyer_share") == Decimal("0.625")
    assert standing(customer, "local_demand") == "glut"
    row = DeclaredFact.objects.get(customer=customer, key="order_backlog")
    assert (row.said_by, row.evidence) == ("老板", "电费单")


def test_shares_of_cost_that_miss_a_hundred_are_told_beside_the_field(desk, client):
    _manager, customer = desk
    given = word(marks=marks_of(client, customer, 5), cost_material="60", cost_labour="30")

    refused = client.post(url("ledger_facts", customer, 5), given)
    taken = client.post(url("ledger_facts", customer, 5), given | {"cost_rent": "10"})

    assert refused.status_code == 422
    assert "90" in refused.content.decode()
    assert taken.status_code == 302
    assert standing(customer, "cost_rent") == Decimal("0.1")
    assert DeclaredFact.objects.filter(customer=customer).count() == 8


def test_an_unchanged_answer_is_written_only_when_checked_again(desk, client):
    _manager, customer = desk
    past = timezone.localdate() - timedelta(days=100)
    say(customer, as_of=past, inventory_days=20, receivable_days=30)
    given = word(marks=marks_of(client, customer, 3), inventory_days="20", receivable_days="31")

    client.post(url("ledger_facts", customer, 3), given)
    changed = DeclaredFact.objects.filter(customer=customer, as_of__gt=past)
    once = set(changed.values_list("key", flat=True))
    given["marks"] = marks_of(client, customer, 3)
    client.post(url("ledger_facts", customer, 3), given | {"is_checked": "on"})

    assert once == {"receivable_days"}
    assert set(changed.values_list("key", flat=True)) == {"inventory_days", "receivable_days"}


def test_a_clash_shows_the_other_answer_and_a_second_save_replaces_it(desk, client):
    _manager, customer = desk
    say(customer, inventory_days=20)
    marks = marks_of(client, customer, 3)
    say(customer, inventory_days=44)

    refused = client.post(url("ledger_facts", customer, 3), word(marks=marks, inventory_days="25"))
    html = refused.content.decode()
    again = re.search(r'name="marks" value="([^"]+)"', html)[1]
    client.post(url("ledger_facts", customer, 3), word(marks=again, inventory_days="25"))

    assert refused.status_code == 422
    assert "44" in html
    assert standing(customer, "inventory_days") == 25


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"inventory_days": ""}, ["已撤回1项事实。"]),
        ({"inventory_days": "", "payable_days": "31"}, ["已登记1项事实。", "已撤回1项事实。"]),
        ({"inventory_days": "20"}, ["没有变化。"]),
    ],
)
def test_the_page_says_what_was_put_on_record_and_what_was_taken_back(desk, client, given, told):
    _manager, customer = desk
    say(customer, inventory_days=20)
    form = word(marks=marks_of(client, customer, 3), **given)

    answer = client.post(url("ledger_facts", customer, 3), form, follow=True)

    assert [str(one) for one in answer.context["messages"]] == told


def test_a_value_with_more_decimals_than_a_form_writes_is_no_mistake_of_the_form(desk, client):
    """A file may say 12.3456 days, or a share of 33.3333 %."""
    _manager, customer = desk
    say(customer, basket_value=Decimal("12.3456"))
    row = make_settle(customer, share=Decimal("0.333333"))
    own = {"direction": "in", "mode": "qr", "share": "33.3333", "bank": "ours", "term_days": "3"}

    facts = client.post(
        url("ledger_facts", customer, 7),
        word(marks=marks_of(client, customer, 7), basket_value="12.3456", buyers_a_day="40"),
    )
    settled = client.post(
        url("ledger_entity", customer, "settle", row.pk), word(**own, version=row.version)
    )

    row.refresh_from_db()
    assert (facts.status_code, settled.status_code) == (302, 302)
    assert (standing(customer, "buyers_a_day"), row.term_days) == (40, 3)
    assert row.share == Decimal("0.333333")


def test_one_day_and_one_year_are_told_in_the_singular(desk, client):
    _manager, customer = desk
    make_link(customer, term_days=1, years=1)
    make_procure(customer, every_days=1)
    make_settle(customer, term_days=2)

    with translation.override("en"):
        ledger = ledger_of(
            customer=customer, portrait=None, as_of=timezone.localdate(),
            limits=parameters(timezone.localdate()),
        )  # fmt: skip
        reader = LedgerReader(customer.manager)
        cards = [card_of(ledger, ledger.sections[no], reader, 180) for no in (2, 3)]
        told = [
            str(part)
            for card in cards
            for table in card["entities"]
            for line in table["rows"]
            for part in line["parts"]
        ]

    assert {"1 day", "1 year", "every day", "2 days"} <= set(told)


def test_a_settlement_is_added_changed_and_ended(desk, client):
    _manager, customer = desk
    own = {"direction": "in", "mode": "qr", "share": "55", "bank": "ours", "term_days": ""}

    added = client.post(url("ledger_entity_new", customer, "settle"), word(**own))
    row = SettleMode.objects.get()
    changed = client.post(
        url("ledger_entity", customer, "settle", row.pk),
        word(**own | {"share": "60"}, version=row.version),
    )
    stale = client.post(
        url("ledger_entity", customer, "settle", row.pk),
        word(**own | {"share": "70"}, version=row.version),
    )
    strange = client.post(url("ledger_end", customer, "settle", row.pk), {"version": "9" * 5000})
    client.post(url("ledger_end", customer, "settle", row.pk), {"version": 2})

    assert strange.status_code == 404
    row.refresh_from_db()
    assert [added.status_code, changed.status_code, stale.status_code] == [302, 302, 422]
    assert (row.share, row.version) == (Decimal("0.6"), 3)
    assert row.ended_on == timezone.localdate()


def test_a_day_in_the_past_shows_what_was_known_then(desk, client):
    seeded_day = timezone.localdate() - timedelta(days=60)
    make_reference()
    _manager, customer = desk
    say(customer, as_of=seeded_day, inventory_days=20)
    say(customer, inventory_days=77)

    html = client.get(url("ledger", customer), {"as_of": seeded_day.isoformat()}).content.decode()

    assert "77" not in re.search(r'id="ledger-3".*?id="ledger-|id="ledger-3".*', html, re.S)[0]
    assert "/ledger/settle/new/" not in html


def test_gambling_is_sealed_for_everybody_until_revealed(desk, client):
    manager, customer = desk
    say(customer, soft_gambling=1)
    fact = DeclaredFact.objects.get(key="soft_gambling")
    dialog = reverse("core:reveal", args=["customers.sealed_fact", fact.pk])

    html = client.get(url("ledger", customer)).content.decode()
    form = client.get(url("ledger_facts", customer, 6)).content.decode()
    lists = client.get("/api/v1/facts/declared/").json()
    api = client.get(f"/api/v1/customers/{customer.pk}/ledger/").json()
    opened = client.post(dialog, {"reason": "贷前核实"}, headers=FRAGMENT)

    assert dialog in html
    said = re.search(r'<select name="soft_gambling".*?</select>', form, re.S)[0]
    assert 'value="1" selected' not in said
    assert lists["results"] == []
    sealed = [one for one in api["categories"][5]["facts"] if one["key"] == "soft_gambling"]
    assert sealed[0]["value"] == "****"
    assert opened.status_code == 200
    assert AuditEntry.objects.filter(event="core.revealed", actor=manager).exists()


def test_heads_and_auditors_have_no_way_to_the_sealed_answer(desk, client):
    _manager, customer = desk
    say(customer, soft_gambling=1)
    fact = DeclaredFact.objects.get(key="soft_gambling")
    dialog = reverse("core:reveal", args=["customers.sealed_fact", fact.pk])

    for role in ("branch_head", "team_lead", "auditor"):
        client.force_login(make_user(role, customer.branch))
        html = client.get(url("ledger", customer)).content.decode()

        assert dialog not in html, role
        assert client.post(dialog, {"reason": "想知道"}).status_code in (403, 404), role


def test_an_auditor_reads_bands_and_nothing_of_the_person(desk, client):
    _manager, customer = desk
    say(customer, soft_reputation=1, fixed_cost_month=123_456, cost_rent="0.1234")
    say(customer, soft_family_support=5, soft_spouse_knows=1)
    make_link(customer, yearly_amount=7_654_321)
    client.force_login(make_user("auditor", customer.branch))

    html = client.get(url("ledger", customer)).content.decode()
    body = client.get(f"/api/v1/customers/{customer.pk}/ledger/").content.decode()
    rows = client.get(f"/api/v1/customers/{customer.pk}/chain-links/").content.decode()

    for text in (html, body, rows):
        for value in (
            "12.3456",
            "123456",
            "12.35",
            "0.1234",
            "765.4",
            "7654321",
            "两人评价都差",
            "前后不一",
        ):
            assert value not in text, value
    assert "10-50万" in html and "10-50万" in body
    assert "500-1000万" in html and "500-1000万" in rows
    assert url("ledger_facts", customer, 5) not in html


@pytest.mark.parametrize("role", ["risk_officer", "branch_head", "team_lead"])
def test_the_chain_of_the_owner_reads_amounts(desk, client, role):
    _manager, customer = desk
    say(customer, fixed_cost_month=120_000)
    client.force_login(make_user(role, customer.branch))

    html = client.get(url("ledger", customer)).content.decode()

    assert "12 万元" in text_of(html)
    assert (url("ledger_facts", customer, 5) in html) == (role == "risk_officer")


def test_the_overview_box_names_the_two_to_ask_for_first(desk, client):
    _manager, customer = desk
    make_procure(customer)

    html = client.get(url("panel", customer, "customers.ledger")).content.decode()

    assert html.count("#ledger-") == 2
    assert "#ledger-3" not in html


def test_the_head_of_every_page_says_how_full_the_ledger_is(desk, client):
    _manager, customer = desk
    LedgerCover.objects.create(customer=customer, share_1=50, share_2=70)

    html = client.get(url("history", customer)).content.decode()

    assert "60%" in html
