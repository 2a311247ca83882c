"""Facts about competitors: added and never overwritten, with source, day and evidence (d.6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.conditions import Clause
from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from products.models import Competitor, CompetitorNote, CompetitorProduct
from products.selectors.competitors import (
    competitor_lines,
    current_records,
    record_of,
    records_of,
    stale_for_segment,
    told_by,
)
from products.services.competitors import (
    add_competitor,
    add_facts,
    add_note,
    edit_competitor,
    edit_facts,
    fingerprint,
)
from tests.factories import make_customer, make_user
from tests.products.competing import make_competitor, make_market, make_record

TODAY = timezone.localdate


def facts(**changed):
    """What a manager writes down."""
    return {
        "name": "商户贷",
        "family": "working_capital_loan",
        "rate_min": Decimal("0.045"),
        "rate_max": Decimal("0.068"),
        "source": "customer",
        "source_on": TODAY(),
        "confidence": "medium",
        "evidence": "三户商户口述一致",
    } | changed


@pytest.fixture(autouse=True)
def market():
    make_market()


def test_facts_hold_for_ninety_days_unless_said_otherwise():
    rm, bank = make_user("rm"), make_competitor()

    row = add_facts(competitor_id=bank.pk, by=rm, facts=facts())

    assert row.valid_until == TODAY() + timedelta(days=90)
    assert row.added_by == rm
    assert AuditEntry.objects.filter(event="products.competitor_seen").exists()


def test_the_same_facts_twice_are_one_row():
    rm, bank = make_user("rm"), make_competitor()

    first = add_facts(competitor_id=bank.pk, by=rm, facts=facts())
    second = add_facts(competitor_id=bank.pk, by=rm, facts=facts())

    assert first == second
    assert CompetitorProduct.objects.count() == 1


def test_later_facts_are_a_new_row_and_the_newest_valid_one_counts():
    rm, bank = make_user("rm"), make_competitor()
    old = add_facts(
        competitor_id=bank.pk, by=rm, facts=facts(source_on=TODAY() - timedelta(days=20))
    )
    new = add_facts(competitor_id=bank.pk, by=rm, facts=facts(rate_min=Decimal("0.041")))

    current, earlier = records_of(bank.pk, TODAY())

    assert [record.product for record in current] == [new]
    assert [record.product for record in earlier] == [old]
    old.refresh_from_db()
    assert old.rate_min == Decimal("0.045")


def test_a_newer_record_that_expired_does_not_hide_an_older_one_that_holds():
    bank, day = make_competitor(), TODAY()
    older = make_record(
        bank, name="税易贷", source_on=day - timedelta(days=40), valid_until=day + timedelta(days=9)
    )
    make_record(
        bank, name="税易贷", source_on=day - timedelta(days=5), valid_until=day - timedelta(days=1)
    )

    (record,) = current_records(day)

    assert record.product == older
    assert record.age.key == "expiring"


@pytest.mark.parametrize(
    ("days_left", "key"),
    [(90, "valid"), (15, "valid"), (14, "expiring"), (0, "expiring"), (-1, "expired")],
)
def test_the_age_of_a_record(days_left, key):
    row = make_record(
        source_on=TODAY() - timedelta(days=60), valid_until=TODAY() + timedelta(days=days_left)
    )

    assert record_of(row.pk, TODAY())[0].age.key == key


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"evidence": "  "}, "evidence"),
        ({"source": ""}, "evidence"),
        ({"source_on": None}, "evidence"),
        ({"source_on": TODAY() + timedelta(days=1)}, "source_on"),
        ({"valid_until": TODAY() - timedelta(days=1)}, "valid_until"),
        ({"rate_min": Decimal("0.07")}, "rate_max"),
        ({"amount_min": Decimal(2), "amount_max": Decimal(1)}, "amount_max"),
        ({"term_min_months": 13, "term_max_months": 12}, "term_max_months"),
        ({"family": "gold"}, "family"),
        ({"guarantee_modes": ["promise"]}, "guarantee_modes"),
        ({"admission": [{"text": ""}]}, "admission"),
        (
            {"admission": [{"text": "x", "condition": {"feature": "shoe_size", "op": "known"}}]},
            "admission",
        ),
        ({"admission": [{"text": "x", "condition": {"any": 1}}]}, "admission"),
        ({"admission": 5}, "admission"),
        (
            {"admission": [{"text": "x", "condition": Clause("lenders", "<=", "many").to_data()}]},
            "admission",
        ),
        ({"amount_min": Decimal(-1)}, "amount_min"),
        ({"rate_min": Decimal("-0.01")}, "rate_min"),
        ({"rate_min": None, "rate_max": Decimal("6.8")}, "rate_max"),  # 6.8 is 680 %
        ({"upfront_fee_share": Decimal(2)}, "upfront_fee_share"),
        ({"min_years": Decimal(-1)}, "min_years"),
    ],
)
def test_facts_that_cannot_be_are_refused_with_the_field(changed, field):
    rm, bank = make_user("rm"), make_competitor()

    with pytest.raises(DomainError) as refused:
        add_facts(competitor_id=bank.pk, by=rm, facts=facts(**changed))

    assert field in refused.value.fields
    assert not CompetitorProduct.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "branch_head", "risk_officer", "sys_admin"])
def test_roles_that_only_read_do_not_write(role):
    bank = make_competitor()

    with pytest.raises(DomainError) as refused:
        add_facts(competitor_id=bank.pk, by=make_user(role), facts=facts())

    assert refused.value.status == 403


def test_who_told_us_is_a_customer_in_reach_and_seen_only_there():
    mine, other, bank = make_user("rm"), make_user("rm"), make_competitor()
    customer = make_customer(mine)

    row = add_facts(competitor_id=bank.pk, by=mine, facts=facts(), customer_id=customer.pk)
    with pytest.raises(DomainError):
        add_facts(
            competitor_id=bank.pk, by=other, facts=facts(name="别的"), customer_id=customer.pk
        )

    assert told_by(row, mine) == customer
    assert told_by(row, other) is None


def test_a_mistake_is_put_right_by_an_admin_only():
    row, admin = make_record(), make_user("catalog_admin")
    seen = fingerprint(row)

    edit_facts(product_id=row.pk, by=admin, seen=seen, values={"rate_min": Decimal("0.05")})
    with pytest.raises(DomainError) as refused:
        edit_facts(product_id=row.pk, by=make_user("rm"), seen=seen, values={"name": "x"})

    row.refresh_from_db()
    assert row.rate_min == Decimal("0.05")
    assert refused.value.status == 403


def test_two_admins_do_not_overwrite_each_other():
    row, admin = make_record(), make_user("catalog_admin")
    seen = fingerprint(row)
    edit_facts(product_id=row.pk, by=admin, seen=seen, values={"evidence": "甲"})

    with pytest.raises(DomainError) as clash:
        edit_facts(product_id=row.pk, by=admin, seen=seen, values={"evidence": "乙"})
    again = edit_facts(product_id=row.pk, by=admin, seen=seen, values={"evidence": "甲"})

    assert clash.value.status == 409
    assert again.evidence == "甲"


def test_a_competitor_is_known_once_by_its_name_and_may_be_changed():
    admin = make_user("catalog_admin")

    first = add_competitor(by=admin, name="东屿银行", kind="bank", outlets=3)
    second = add_competitor(by=admin, name=" 东屿银行 ", kind="bank")
    edit_competitor(
        competitor_id=first.pk, by=admin, seen=fingerprint(first), values={"outlets": 4}
    )

    assert first == second
    assert Competitor.objects.get().outlets == 4


def test_notes_are_dated_and_the_same_note_is_kept_once():
    rm, bank = make_user("rm"), make_competitor()

    for _ in range(2):
        add_note(competitor_id=bank.pk, by=rm, topic="marketing", text=" 送化肥券 ")
    with pytest.raises(DomainError):
        add_note(
            competitor_id=bank.pk,
            by=rm,
            topic="marketing",
            text="x",
            noted_on=TODAY() + timedelta(days=1),
        )
    with pytest.raises(DomainError):
        add_note(competitor_id=bank.pk, by=rm, topic="gossip", text="x")

    note = CompetitorNote.objects.get()
    assert (note.text, note.noted_on, note.by) == ("送化肥券", TODAY(), rm)


def test_the_list_counts_records_by_age():
    bank, day = make_competitor(), TODAY()
    make_record(bank)
    make_record(bank, source_on=day - timedelta(days=80))
    make_record(bank, source_on=day - timedelta(days=200))
    make_competitor("没有资料的银行")

    lines = {line.competitor.name: line for line in competitor_lines(day)}

    assert (lines[bank.name].valid, lines[bank.name].expiring, lines[bank.name].expired) == (
        1,
        1,
        1,
    )
    assert lines[bank.name].seen_on == day
    assert lines["没有资料的银行"].seen_on is None


def test_a_campaign_is_told_which_families_have_no_young_record_com4():
    day = TODAY()
    make_record(family="working_capital_loan")
    old = make_record(
        family="fixed_asset_loan",
        source_on=day - timedelta(days=91),
        valid_until=day + timedelta(days=200),
    )

    checks = stale_for_segment(
        as_of=day, families=["working_capital_loan", "fixed_asset_loan", "supply_chain_loan"]
    )

    assert [check.family for check in checks] == ["fixed_asset_loan", "supply_chain_loan"]
    assert [record.product for record in checks[0].old] == [old]
    assert checks[1].old == ()


def test_records_that_do_not_concern_the_segment_are_left_out_com4():
    day = TODAY()
    make_record(avoided_industries=["47"], regions=["3304"])
    family = {"as_of": day, "families": ["working_capital_loan"]}

    assert stale_for_segment(**family) == []
    assert stale_for_segment(**family, industries=["52"], regions=["330402"]) == []
    assert stale_for_segment(**family, industries=["471"])
    assert stale_for_segment(**family, regions=["3301"])


def test_the_confidence_of_a_record_is_no_size_of_a_company():
    words = [str(label) for label in CompetitorProduct.Confidence.labels]

    assert words == ["高", "中", "低"]
