"""Gates as data: what facts answer, what a person ticks, what stops a move (OPP-2)."""

from datetime import date
from decimal import Decimal

import pytest

from crm.core.conditions import Answer
from crm.core.errors import DomainError
from crm.core.parameters import parameters
from customers.models import (
    AcquiringMonth,
    DepositMonth,
    Holding,
    Loan,
    LoanApplication,
    PayrollMonth,
)
from marketing.models import StageEvent
from marketing.pipeline import CREDIT, OTHER, TRACKS, track_of
from marketing.selectors.opportunity_gates import all_gates, gate_lines
from marketing.services.opportunities import GateNotMet, change, move, tick
from tests.factories import make_user
from tests.marketing.deals import (
    TICKS,
    WORDS,
    hour,
    make_offer,
    make_ready_customer,
    opened,
    portrait,
    walk,
)
from tests.marketing.factories import load_rules, make_visit

LATER = date(2027, 3, 10)


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm")


@pytest.fixture
def deal(rm):
    return opened(make_ready_customer(rm), rm)


def answers(row, on=LATER):
    return {line.check.key: line.answer for line in all_gates(row, known=parameters(on))}


def missing(row, to, on=LATER):
    passed = TRACKS[row.pipeline].between(row.stage, to)
    lines = gate_lines(row, passed, known=parameters(on))
    return {line.check.key for line in lines if not line.is_met}


def fresh(row):
    row.refresh_from_db()
    return row


def test_both_pipelines_are_those_of_the_specification():
    assert [stage.key for stage in CREDIT.stages] == [
        "lead", "qualified", "investigated", "submitted", "approved", "signed", "drawn",
    ]  # fmt: skip
    assert [stage.key for stage in OTHER.stages] == [
        "lead",
        "offered",
        "agreed",
        "opened",
        "active",
    ]
    assert track_of("working_capital_loan") is CREDIT
    assert track_of("payroll") is OTHER


def test_every_feature_of_a_check_is_one_that_facts_answer():
    from marketing.selectors.opportunity_facts import FROM_PORTRAIT, READERS

    asked = {c.feature for t in TRACKS.values() for s in t.stages for c in s.gate if c.feature}

    assert asked == FROM_PORTRAIT | set(READERS)


def test_a_loan_walks_from_the_need_to_the_first_drawdown(rm, deal):
    change(opportunity_id=deal.pk, by=rm, values={"version_chosen": make_offer()}, at=hour(1))

    done = walk(deal, rm, "qualified", "investigated", "submitted", "approved", "signed", "drawn")

    assert (done.state, done.probability, done.stage_due_on) == ("won", 1.0, None)
    assert done.closed_at == hour(7)
    events = list(StageEvent.objects.filter(opportunity=done).order_by("at"))
    assert [(one.from_stage, one.to_stage) for one in events] == [
        ("", "lead"), ("lead", "qualified"), ("qualified", "investigated"),
        ("investigated", "submitted"), ("submitted", "approved"), ("approved", "signed"),
        ("signed", "drawn"),
    ]  # fmt: skip
    assert {one.by for one in events} == {rm}
    assert {one.scope_no for one in events} == {done.customer.scope_no}
    shown = events[3].evidence["cross_check"]
    assert (shown["answer"], shown["note"], shown["by"]) == ("yes", WORDS["cross_check"], rm.pk)
    figure = events[2].evidence["complete_for_qualified"]
    assert (figure["answer"], float(figure["actual"])) == ("yes", 82)


def test_what_is_missing_is_named_and_nothing_moves(rm, deal):
    row = walk(deal, rm, "qualified")
    change(opportunity_id=row.pk, by=rm, values={"amount": None, "expected_on": None}, at=hour(3))

    with pytest.raises(GateNotMet) as caught:
        move(opportunity_id=row.pk, to="investigated", by=rm, at=hour(4))

    assert {line.check.key for line in caught.value.lines} == {"amount_known", "time_known"}
    assert caught.value.status == 422
    assert fresh(row).stage == "qualified"
    assert row.events.count() == 2


def test_the_need_is_known_from_words_or_from_the_visit_it_came_from(rm):
    silent = opened(make_ready_customer(rm), rm, title="")
    customer = make_ready_customer(rm)
    heard = opened(customer, rm, title="", visit=make_visit(customer, need="要换设备", at=hour(0)))

    assert answers(silent)["need_heard"] == Answer.UNKNOWN
    assert answers(heard)["need_heard"] == Answer.YES


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({}, Answer.YES),
        ({"is_dishonest": True}, Answer.NO),
        ({"is_abnormal": True}, Answer.NO),
        ({"open_enforcements": 1}, Answer.NO),
        ({"is_dishonest": None}, Answer.UNKNOWN),
        ({"is_dishonest": None, "is_abnormal": True}, Answer.NO),
    ],
)
def test_lists_that_were_not_looked_at_are_no_clean_lists(rm, deal, values, answer):
    portrait(deal.customer, **values)

    assert answers(deal)["lists_clean"] == answer


@pytest.mark.parametrize(("share", "passed"), [(49, 0), (50, 1), (69, 1), (70, 2)])
def test_the_portrait_must_be_complete_enough_for_the_stage(rm, deal, share, passed):
    portrait(deal.customer, completeness=share)

    told = answers(deal)
    met = [told["complete_for_qualified"], told["complete_for_submission"]].count(Answer.YES)

    assert met == passed


def test_size_and_industry_are_asked_of_firms_only(rm, deal):
    from customers.models import Customer

    assert answers(deal)["size_known"] == answers(deal)["industry_known"] == Answer.YES

    Customer.objects.filter(pk=deal.customer_id).update(party_type="company")
    deal = type(deal).objects.select_related("customer").get(pk=deal.pk)
    portrait(deal.customer, size_class="unknown")

    assert answers(deal)["size_known"] == answers(deal)["industry_known"] == Answer.UNKNOWN


def test_only_a_valid_visit_since_the_opening_counts(rm, deal):
    make_visit(deal.customer, at=hour(-48))
    make_visit(deal.customer, at=hour(5), flags=["too_short"])
    before = answers(deal)["visit_done"]
    make_visit(deal.customer, at=hour(6))

    assert before == Answer.NO
    assert answers(deal)["visit_done"] == Answer.YES


def test_the_cross_check_is_a_tick_with_proof_and_says_that_no_system_runs_it(rm, deal):
    line = next(
        one for one in all_gates(deal, known=parameters(LATER)) if one.check.key == "cross_check"
    )

    assert not line.check.is_computed
    assert line.can_tick
    assert "人工" in str(line.check.hint)


def test_a_tick_needs_its_proof_and_stands_with_who_and_when(rm, deal):
    with pytest.raises(DomainError) as caught:
        tick(opportunity_id=deal.pk, key="cross_check", note="  ", by=rm, at=hour(1))

    row = tick(opportunity_id=deal.pk, key="cross_check", note="底稿", by=rm, at=hour(1))
    again = tick(opportunity_id=deal.pk, key="cross_check", note="底稿", by=rm, at=hour(2))

    assert caught.value.fields == {"note": "请填写证明依据。"}
    assert row.evidence["cross_check"] == {
        "note": "底稿", "by": rm.pk, "at": hour(1).isoformat(timespec="seconds"),
    }  # fmt: skip
    assert again.version == row.version


def test_a_tick_stands_in_for_what_is_not_known_and_never_for_a_no(rm, deal):
    portrait(deal.customer, is_dishonest=None)
    tick(opportunity_id=deal.pk, key="lists_clean", note="网上查过", by=rm, at=hour(1))
    unknown = answers(fresh(deal))["lists_clean"]
    portrait(deal.customer, is_dishonest=True)

    assert unknown == Answer.YES
    assert answers(deal)["lists_clean"] == Answer.NO
    with pytest.raises(DomainError):
        tick(opportunity_id=deal.pk, key="lists_clean", note="不是同一人", by=rm, at=hour(2))


@pytest.mark.parametrize("key", ["complete_for_qualified", "amount_known", "nonsense", ""])
def test_what_only_facts_can_show_is_not_ticked(rm, deal, key):
    portrait(deal.customer, completeness=None)

    with pytest.raises(DomainError) as caught:
        tick(opportunity_id=deal.pk, key=key, note="我担保", by=rm, at=hour(1))

    assert caught.value.status == 422


def application(row, decision, on, family="working_capital_loan"):
    LoanApplication.objects.create(
        customer=row.customer,
        application_no=f"A{LoanApplication.objects.count()}",
        applied_on=on,
        family=family,
        asked_amount=300_000,
        decision=decision,
        decided_on=on,
    )


def test_a_decision_is_found_in_the_applications_since_the_opening(rm, deal):
    application(deal, "approved", date(2026, 10, 1))  # an old one
    application(deal, "approved", date(2026, 11, 9), family="credit_card")
    nothing = answers(deal)["decision_stored"]
    application(deal, "refused", date(2026, 11, 9))
    refused = answers(deal)["decision_stored"]
    application(deal, "approved", date(2026, 11, 12))

    assert (nothing, refused) == (Answer.UNKNOWN, Answer.NO)
    assert answers(deal)["decision_stored"] == Answer.YES


def loan(row, on, family="working_capital_loan"):
    Loan.objects.create(
        customer=row.customer, loan_no=f"L{Loan.objects.count()}", family=family,
        principal_amount=300_000, balance_amount=300_000, rate=Decimal("0.0435"), drawn_on=on,
        matures_on=date(2028, 1, 1), repayment_mode="interest_first", guarantee_mode="credit",
        five_class="normal",
    )  # fmt: skip


def test_a_drawdown_is_found_in_the_loans_and_an_old_loan_wins_nothing(rm, deal):
    loan(deal, date(2026, 10, 30))
    loan(deal, date(2026, 11, 20), family="fixed_asset_loan")
    before = answers(deal)["first_drawdown"]
    loan(deal, date(2026, 11, 20))

    assert before == Answer.UNKNOWN
    assert answers(deal)["first_drawdown"] == Answer.YES
    assert answers(deal, on=date(2026, 11, 19))["first_drawdown"] == Answer.UNKNOWN


def test_a_version_that_is_no_longer_on_offer_must_be_chosen_again(rm, deal):
    version = make_offer()
    change(opportunity_id=deal.pk, by=rm, values={"version_chosen": version}, at=hour(1))
    on_offer = answers(fresh(deal))["version_chosen"]
    type(version).objects.filter(pk=version.pk).update(state="superseded")
    deal = type(deal).objects.get(pk=deal.pk)

    assert on_offer == Answer.YES
    assert answers(deal)["version_chosen"] == Answer.NO


def other(rm, family):
    return opened(make_ready_customer(rm), rm, family=family)


def usage(row):
    """The checks of the stage before it is in use."""
    told = answers(row)
    return {check.key: told[check.key] for check in OTHER.stage("opened").checks(row.family)}


def test_a_deposit_is_in_use_after_a_month_above_the_minimum(rm):
    row = other(rm, "deposit")
    before = usage(row)
    for ym, low in ((2026 * 12 + 10, 9_000), (2026 * 12 + 11, 999)):  # November began before
        DepositMonth.objects.create(
            customer=row.customer, ym=ym, average_amount=9_000, end_amount=9_000,
            minimum_amount=low,
        )  # fmt: skip
    short = usage(row)["balance_kept"]
    DepositMonth.objects.create(
        customer=row.customer, ym=2027 * 12, average_amount=2_000, end_amount=2_000,
        minimum_amount=1_000,
    )  # fmt: skip
    Holding.objects.create(
        customer=row.customer, contract_no="H1", family="deposit", opened_on=date(2026, 11, 5)
    )

    assert before == {"service_opened": Answer.UNKNOWN, "balance_kept": Answer.UNKNOWN}
    assert short == Answer.NO
    assert usage(row) == {"service_opened": Answer.YES, "balance_kept": Answer.YES}


@pytest.mark.parametrize(("receipts", "answer"), [(154, Answer.NO), (155, Answer.YES)])
def test_acquiring_is_in_use_at_five_receipts_a_day(rm, receipts, answer):
    row = other(rm, "acquiring")
    AcquiringMonth.objects.create(
        customer=row.customer, ym=2026 * 12 + 11, received_amount=90_000, receipts=receipts
    )  # December: 31 days

    assert usage(row)["receipts_come"] == answer


def test_payroll_is_in_use_once_wages_were_paid(rm):
    row = other(rm, "payroll")
    PayrollMonth.objects.create(
        customer=row.customer, ym=2026 * 12 + 9, heads=8, wages_amount=1, paid_on=date(2026, 10, 30)
    )
    before = usage(row)["wages_paid"]
    PayrollMonth.objects.create(
        customer=row.customer, ym=2026 * 12 + 10, heads=8, wages_amount=1,
        paid_on=date(2026, 11, 10),
    )  # fmt: skip

    assert (before, usage(row)["wages_paid"]) == (Answer.UNKNOWN, Answer.YES)


@pytest.mark.parametrize("family", ["insurance", "payment_settlement", "guarantee_letter"])
def test_a_family_without_figures_of_use_is_ticked_with_proof(rm, family):
    assert set(usage(other(rm, family))) == {"service_opened", "in_use"}


def test_every_family_has_one_test_of_use():
    from customers.models import CREDIT_FAMILIES, ProductFamily

    for family in set(ProductFamily.values) - set(CREDIT_FAMILIES):
        checks = OTHER.stage("opened").checks(family)
        assert len(checks) == 2, family


def test_ticks_belong_to_checks_of_the_catalogue():
    known = {check.key for stage in CREDIT.stages for check in stage.gate}

    assert set(TICKS) <= known
