"""A coordination list from a file (e.10): firms by credit code, owners by grid, clear refusals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from customers.models import (
    Customer,
    CustomerAssignment,
    Territory,
    TerritoryMember,
    TouchedMonth,
)
from customers.selectors.imports import problem_of
from customers.services import imports
from marketing.models import CareTask, CoordinationItem, PlannedVisit, VisitPlan
from tests.customers.imports.loading import check, counts, csv, errors, load
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules, make_visit
from tests.marketing.market_rows import make_region

KIND = "coordination_list"
HEADER = (
    "清单批次,清单类型,统一社会信用代码,企业名称,网格编号,管户机构,乡镇街道,收到日期,融资需求金额"
)
KNOWN, NEW = "91330106MA2TE5T1XH", "92330481MA2B3C4D5D"


@pytest.fixture(autouse=True)
def rules(db) -> None:
    load_rules()


def line(**other: str) -> str:
    """One firm on the recommended list of November."""
    cells = {
        "list": "2026-11-01", "kind": "推荐清单", "uscc": NEW, "name": "海宁市某某餐饮店",
        "grid": "", "branch": "", "town": "某某街道", "received": "2026-11-02", "wanted": "300000",
    } | other  # fmt: skip
    return ",".join(cells.values())


def file(*rows: str) -> bytes:
    return csv(*rows, header=HEADER)


def make_grid(manager=None, branch=None, code: str = "G1") -> Territory:
    return Territory.objects.create(
        code=code, name=code, kind="grid", branch=branch or manager.branch, manager=manager,
        region=make_region(),
    )  # fmt: skip


def test_a_known_firm_goes_to_its_manager_with_its_due_days():
    rm = make_user("rm")
    firm = make_customer(rm, uscc=KNOWN)

    batch = load(file(line(uscc=KNOWN)), KIND)

    item = CoordinationItem.objects.get()
    assert counts(batch) == (1, 1, 0, 0, 0)
    assert (item.customer, item.owner, item.state) == (firm, rm, "open")
    assert item.due_on == date(2026, 12, 2)
    assert item.contact_due_on == date(2026, 11, 5)  # Monday and three working days
    assert item.wanted_amount == 300_000


def test_an_unknown_firm_becomes_a_prospect_of_the_manager_of_its_grid_cell():
    rm = make_user("rm")
    grid = make_grid(rm)

    load(file(line(grid="G1")), KIND)

    firm = Customer.objects.get(uscc=NEW)
    assert (firm.manager, firm.branch, firm.scope_no) == (rm, rm.branch, rm.scope_no)
    assert (firm.relation_state, firm.party_type) == ("prospect", "company")
    assert TerritoryMember.objects.get(customer=firm, is_grid=True).territory == grid
    assert CustomerAssignment.objects.get(customer=firm).manager == rm
    assert CoordinationItem.objects.get().owner == rm


def test_a_firm_nobody_looks_after_is_taken_over_by_the_manager_of_its_grid_cell():
    rm = make_user("rm")
    firm = make_customer(branch=rm.branch, uscc=KNOWN)
    TerritoryMember.objects.create(customer=firm, territory=make_grid(rm), is_grid=True)

    load(file(line(uscc=KNOWN)), KIND)

    firm.refresh_from_db()
    assert (firm.manager, firm.scope_no) == (rm, rm.scope_no)
    assert CustomerAssignment.objects.get(customer=firm, during__endswith=None).manager == rm
    assert CoordinationItem.objects.get().owner == rm


def test_without_a_grid_the_leader_of_the_unit_has_the_item():
    branch = make_branch(code="NH")
    team = make_branch(parent=branch, level="team", code="NH1")
    head, lead = make_user("branch_head", branch), make_user("team_lead", team)

    load(file(line(branch="NH1"), line(uscc=KNOWN, name="甲公司", branch="NH")), KIND)

    owners = dict(CoordinationItem.objects.values_list("customer__uscc", "owner"))
    assert owners == {NEW: lead.pk, KNOWN: head.pk}
    assert Customer.objects.get(uscc=NEW).scope_no == Customer.objects.get(uscc=NEW).branch.scope_lo


def test_a_grid_whose_manager_left_goes_to_the_leader_of_its_unit():
    lead = make_user("team_lead")
    gone = make_user("rm", lead.branch, is_active=False)
    make_grid(gone)

    load(file(line(grid="G1")), KIND)

    assert CoordinationItem.objects.get().owner == lead
    assert Customer.objects.get(uscc=NEW).manager is None


def test_what_cannot_be_read_is_refused_at_its_line_and_column():
    make_grid(make_user("rm"))
    rows = file(
        line(uscc="not a code"),
        line(name=""),
        line(grid="NOWHERE"),
        line(branch="NOWHERE"),
        line(kind="随便"),
        line(received=str(timezone.localdate() + timedelta(days=1))),
        line(grid="G1"),
    )

    batch = load(rows, KIND)

    assert errors(batch) == [
        (2, "bad_uscc"), (3, "name_needed"), (4, "reference_unknown"), (5, "reference_unknown"),
        (6, "not_a_choice"), (7, "day_in_future"),
    ]  # fmt: skip
    assert counts(batch) == (7, 1, 0, 0, 6)
    assert Customer.objects.filter(uscc=NEW).count() == 1


def test_the_same_firm_twice_in_a_file_is_one_item_and_one_customer():
    make_grid(make_user("rm"))

    batch = load(file(line(grid="G1"), line(grid="G1", wanted="400000")), KIND)

    assert Customer.objects.filter(uscc=NEW).count() == 1
    assert CoordinationItem.objects.get().wanted_amount == 400_000
    assert counts(batch)[0] == 2


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    make_grid(make_user("rm"))
    data = file(line(grid="G1"), line(uscc=KNOWN, name="甲公司"))

    dry = check(data, KIND)

    assert counts(dry) == (2, 2, 0, 0, 0)
    assert not CoordinationItem.objects.exists()
    assert not Customer.objects.exists()


def test_a_second_load_keeps_the_owner_and_a_decided_firm_stays_decided():
    rm = make_user("rm")
    make_grid(rm)
    data = file(line(grid="G1"))
    load(data, KIND)
    lead = make_user("team_lead", rm.branch)
    CoordinationItem.objects.update(owner=lead)

    again = load(data, KIND)
    CoordinationItem.objects.update(
        state="refused", refusal="debts", decided_at="2026-11-09T00:00:00Z"
    )
    after = load(data, KIND)

    assert counts(again) == (1, 0, 0, 1, 0)
    assert errors(after) == [(2, "item_decided")]
    assert CoordinationItem.objects.get().owner == lead


def test_the_same_firm_on_the_next_list_is_a_new_item():
    make_grid(make_user("rm"))

    load(file(line(grid="G1")), KIND)
    load(file(line(grid="G1", list="2026-12-01")), KIND)

    assert CoordinationItem.objects.count() == 2
    assert Customer.objects.filter(uscc=NEW).count() == 1


def told(batch) -> str:
    batch.refresh_from_db()
    return problem_of(batch)


def test_undoing_takes_back_the_items_and_the_prospect_nobody_touched():
    make_grid(make_user("rm"))
    batch = load(file(line(grid="G1")), KIND)
    TouchedMonth.objects.create(customer=Customer.objects.get(uscc=NEW), trigger="import")

    imports.undo_now(by=None, batch_id=batch.pk)

    assert not CoordinationItem.objects.exists()
    assert not Customer.objects.filter(uscc=NEW).exists()
    assert not TerritoryMember.objects.exists()
    assert told(batch) == ""


def test_a_firm_known_before_stays_when_the_list_is_taken_back():
    firm = make_customer(make_user("rm"), uscc=KNOWN)
    batch = load(file(line(uscc=KNOWN)), KIND)

    imports.undo_now(by=None, batch_id=batch.pk)

    assert not CoordinationItem.objects.exists()
    assert Customer.objects.filter(pk=firm.pk).exists()


def visited(firm):
    make_visit(firm)


def edited(firm):
    Customer.objects.filter(pk=firm.pk).update(version=2)


def planned(firm):
    PlannedVisit.objects.create(
        customer=firm, manager=firm.manager, on=date(2026, 11, 24), is_locked=True,
        plan=VisitPlan.objects.create(manager=firm.manager, week_on=date(2026, 11, 23), capacity=6),
    )  # fmt: skip


def on_the_next_list(firm):
    load(file(line(list="2026-12-01")), KIND)


@pytest.mark.parametrize("touch", [visited, edited, planned, on_the_next_list])
def test_a_prospect_somebody_worked_on_stays_and_is_named(touch):
    make_grid(make_user("rm"))
    batch = load(file(line(grid="G1"), line(grid="G1", uscc=KNOWN, name="甲公司")), KIND)
    touch(Customer.objects.get(uscc=NEW))

    imports.undo_now(by=None, batch_id=batch.pk)

    assert list(Customer.objects.values_list("uscc", flat=True)) == [NEW]
    assert "海宁市某某餐饮店" in told(batch)
    assert "甲公司" not in told(batch)
    assert not CoordinationItem.objects.filter(batch=batch).exists()


def test_what_the_rules_made_of_a_prospect_goes_with_it():
    make_grid(make_user("rm"))
    batch = load(file(line(grid="G1")), KIND)
    firm = Customer.objects.get(uscc=NEW)
    make_portrait(firm)
    CareTask.objects.create(customer=firm, kind="cycle", due_on=date(2026, 12, 1),
                            made_on=date(2026, 11, 22), owner=firm.manager)  # fmt: skip

    imports.undo_now(by=None, batch_id=batch.pk)

    assert not Customer.objects.exists()
    assert not CareTask.objects.exists()
