"""The nightly run of care: CARE-1 tasks, CARE-2 signals of leaving, CARE-3 the relief list."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.months import month_start
from customers.models import Certificate
from customers.selectors.keyset import Place
from marketing.models import CareTask, Relief
from marketing.services.care import close_care_task, run_care
from marketing.services.complaints import hand_complaint
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.cared import (
    MONTH,
    TODAY,
    make_care_task,
    make_complaint,
    make_declared,
    make_loan,
    make_months,
)
from tests.marketing.factories import load_rules, make_visit


@pytest.fixture(autouse=True)
def rules():
    load_rules()


def ours(**fields):
    """A customer of ours with a manager, in touch today so that no cycle is due."""
    given = {"relation_state": "existing", "customer_since": TODAY} | fields
    return make_customer(make_user("rm"), **given)


def found(customer, kind):
    return CareTask.objects.filter(customer=customer, kind=kind, state="open").first()


def codes(customer):
    task = found(customer, "churn")
    return [reason["code"] for reason in task.reasons] if task else []


@pytest.mark.parametrize(("tier", "days"), [("A", 30), ("B", 91), ("C", 182), ("D", 365)])
def test_care_comes_round_by_tier(tier, days):
    """CARE-1, f.3 model 1: A monthly, B quarterly, C half-yearly, D yearly; a week ahead."""
    late = ours(customer_since=TODAY - timedelta(days=days + 40))
    soon = ours(customer_since=TODAY - timedelta(days=days - 7))
    not_yet = ours(customer_since=TODAY - timedelta(days=days - 8))
    for customer in (late, soon, not_yet):
        make_portrait(customer, tier=tier)

    run_care(as_of=TODAY)

    assert found(late, "cycle").due_on == TODAY
    assert found(soon, "cycle").due_on == TODAY + timedelta(days=7)
    assert found(not_yet, "cycle") is None


@pytest.mark.parametrize(
    ("left", "step"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30)]
)
def test_a_maturity_is_cared_for_at_90_60_and_30_days(left, step):
    """CARE-1."""
    customer = ours()
    make_loan(customer, matures_on=TODAY + timedelta(days=left))

    run_care(as_of=TODAY)

    task = found(customer, "maturity")
    assert (task.reasons[0]["inputs"]["step"] if task else None) == step


def test_a_closed_step_is_not_asked_again_but_the_next_one_is():
    customer = ours()
    make_loan(customer, matures_on=TODAY + timedelta(days=62))
    run_care(as_of=TODAY)
    close_care_task(task_id=found(customer, "maturity").pk, by=customer.manager, outcome="愿意续贷")

    run_care(as_of=TODAY + timedelta(days=1))
    between = found(customer, "maturity")
    run_care(as_of=TODAY + timedelta(days=2))

    assert between is None
    assert found(customer, "maturity").reasons[0]["inputs"]["step"] == 60


def test_a_loan_paid_off_drops_its_task():
    customer = ours()
    loan = make_loan(customer, matures_on=TODAY + timedelta(days=20))
    run_care(as_of=TODAY)
    loan.closed_on, loan.balance_amount = TODAY, 0
    loan.save()

    run_care(as_of=TODAY + timedelta(days=1))

    assert CareTask.objects.get(customer=customer, kind="maturity").state == "dropped"


def test_whoever_was_visited_meanwhile_is_not_to_be_got_in_touch_with():
    """CARE-1: the cycle counts anew from the visit."""
    customer = ours(customer_since=TODAY - timedelta(days=400))
    make_portrait(customer, tier="A")
    run_care(as_of=TODAY)
    (before,) = CareTask.objects.filter(customer=customer, kind="cycle", state="open")
    make_visit(customer, at=datetime(2026, 11, 20, 7, tzinfo=UTC))

    run_care(as_of=TODAY + timedelta(days=1))

    before.refresh_from_db()
    assert before.state == "dropped"
    assert found(customer, "cycle") is None
    run_care(as_of=TODAY + timedelta(days=30))
    assert found(customer, "cycle").reasons[0]["inputs"]["last"] == "2026-11-20"


def test_a_lease_that_is_prolonged_asks_for_nothing():
    customer = ours()
    told = make_declared(customer, lease_ends_on=TODAY + timedelta(days=60))
    run_care(as_of=TODAY)
    told.lease_ends_on = TODAY + timedelta(days=800)
    told.save()

    run_care(as_of=TODAY + timedelta(days=1))

    assert CareTask.objects.get(customer=customer, kind="lease").state == "dropped"


def test_a_complaint_stays_with_whom_it_was_handed_to():
    """CARE-5: the night gives nothing back to the manager."""
    customer = ours()
    head = make_user("branch_head", customer.branch)
    complaint = make_complaint(customer)
    run_care(as_of=TODAY)
    hand_complaint(complaint_id=complaint.pk, to=head, by=customer.manager, note="请出面")

    run_care(as_of=TODAY + timedelta(days=1))

    complaint.refresh_from_db()
    assert complaint.owner == found(customer, "complaint").owner == head


def test_what_is_open_follows_its_customer_to_the_next_manager():
    customer = ours()
    complaint = make_complaint(customer)
    asked = make_care_task(customer, kind="satisfaction")
    run_care(as_of=TODAY)
    customer.manager = make_user("rm")
    customer.save()

    run_care(as_of=TODAY + timedelta(days=1))

    complaint.refresh_from_db()
    assert complaint.owner == found(customer, "complaint").owner == customer.manager
    assert found(customer, "satisfaction") == asked
    assert found(customer, "satisfaction").owner == customer.manager


def test_titles_leases_and_complaints_make_tasks():
    """CARE-1: a new certificate, a lease that ends, a complaint; not what is old or far away."""
    customer, other = ours(), ours()
    for who, since, lease in ((customer, 30, 90), (other, 31, 91)):
        Certificate.objects.create(
            customer=who, kind="zjtx", valid_from=TODAY - timedelta(days=since)
        )
        make_declared(who, lease_ends_on=TODAY + timedelta(days=lease))
    complaint = make_complaint(customer)

    run_care(as_of=TODAY)

    kinds = set(CareTask.objects.filter(customer=customer).values_list("kind", flat=True))
    assert kinds == {"certificate", "lease", "complaint"}
    assert found(customer, "complaint").due_on == complaint.due_on
    assert not CareTask.objects.filter(customer=other).exists()


def test_the_same_day_again_changes_nothing():
    customer = ours(customer_since=TODAY - timedelta(days=400))
    make_portrait(customer, tier="A", limit_amount=0, loan_balance=0)
    make_loan(customer, matures_on=TODAY + timedelta(days=40))
    make_declared(customer, cash_on_hand=1000, fixed_cost_month=1000)
    first = run_care(as_of=TODAY)
    rows = list(CareTask.objects.order_by("pk").values())

    again = run_care(as_of=TODAY)

    assert first == {"dropped": 0, "relief list": 1, "cycle": 1, "maturity": 1, "relief": 1}
    assert sum(again.values()) == 0
    assert list(CareTask.objects.order_by("pk").values()) == rows
    assert Relief.objects.count() == 1


def test_one_open_task_a_customer_and_kind_follows_a_hand_over():
    customer = ours(customer_since=TODAY - timedelta(days=400))
    make_portrait(customer, tier="A")
    run_care(as_of=TODAY)
    customer.manager = make_user("rm")
    customer.save()

    run_care(as_of=TODAY + timedelta(days=1))

    (task,) = CareTask.objects.filter(customer=customer, kind="cycle")
    assert task.owner == customer.manager


INFLOWS = st.lists(st.integers(0, 60_000), min_size=6, max_size=6)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(INFLOWS)
def test_inflow_halved_on_a_year_ago_is_a_signal(inflows):
    """CARE-2: three months against the same three a year ago; small accounts are left alone."""
    now, before = inflows[:3], inflows[3:]
    customer = ours()
    make_months(
        customer,
        inflow=dict(enumerate(now)) | {no + 12: value for no, value in enumerate(before)},
    )

    run_care(as_of=TODAY)

    expected = sum(before) >= 30_000 and sum(now) <= sum(before) / 2
    assert (codes(customer) == ["inflow_half"]) is expected


@FEW
@given(st.integers(0, 40_000), st.integers(0, 40_000))
def test_deposits_halved_in_sixty_days_are_a_signal(now, before):
    """CARE-2."""
    customer = ours()
    make_months(customer, deposit_end={0: now, 2: before})

    run_care(as_of=TODAY)

    assert (codes(customer) == ["balance_half"]) is (before >= 10_000 and now <= before / 2)


@pytest.mark.parametrize(
    ("receipts", "days"),
    [
        ({5: 9, 4: 9, 3: 9, 2: 9, 1: 9, 0: 9}, None),  # still in use
        ({5: 9, 4: 9, 3: 9, 2: 9, 1: 9, 0: 0}, 31),  # none in October
        ({5: 9, 4: 9, 3: 9, 2: 9}, 61),  # none in September and October
        ({1: 9}, None),  # tried once: nothing that could stop
    ],
)
def test_merchant_receipts_that_stop_are_a_signal(receipts, days):
    """CARE-2: more than 14 days without any, counted to the end of the newest month of the feed."""
    assert month_start(MONTH) == date(2026, 10, 1)
    make_months(ours(), receipts={0: 5})  # the feed has come
    customer = ours()
    make_months(customer, receipts=receipts)

    run_care(as_of=TODAY)

    task = found(customer, "churn")
    assert (task.reasons[0]["inputs"]["days"] if task else None) == days


@pytest.mark.parametrize(
    ("lender", "early", "other", "signals"),
    [("农商银行", 60, False, True), ("", 60, False, False), ("农商银行", 20, False, False),
     ("农商银行", 60, True, False)],
)  # fmt: skip
def test_a_loan_paid_off_early_with_another_bank_at_hand_is_a_signal(lender, early, other, signals):
    """CARE-2: full early repayment plus a competitor note, and nothing else drawn here."""
    customer = ours()
    closed = TODAY - timedelta(days=10)
    make_loan(
        customer, closed_on=closed, balance_amount=0, matures_on=closed + timedelta(days=early)
    )
    if other:
        make_loan(customer)
    make_declared(customer, competitor_lender=lender, competitor_lender_on=TODAY)

    run_care(as_of=TODAY)

    assert (codes(customer) == ["repaid_and_courted"]) is signals


def test_a_win_back_is_due_within_five_working_days_and_rests_when_done():
    """CARE-2: from Friday 20 November 2026, five working days end on Friday the 27th."""
    customer = ours()
    make_months(customer, deposit_end={0: 0, 2: 50_000})
    run_care(as_of=TODAY)
    task = found(customer, "churn")

    close_care_task(task_id=task.pk, by=customer.manager, outcome="承诺下月转回")
    run_care(as_of=TODAY)

    assert task.due_on == date(2026, 11, 27)
    assert found(customer, "churn") is None


MONEY = st.integers(0, 400_000)


@FEW
@given(MONEY, MONEY, MONEY, st.integers(1, 100_000), st.sampled_from(
    ["normal", "special_mention", "substandard"]
))  # fmt: skip
def test_the_relief_list_holds_good_loans_whose_cash_lasts_less_than_two_months(
    cash, limit, drawn, cost, five_class
):
    """CARE-3: (cash + unused line) / fixed cost a month < 2, class normal or special mention."""
    customer = ours()
    make_loan(customer, five_class=five_class)
    make_portrait(customer, limit_amount=limit, loan_balance=drawn)
    make_declared(customer, cash_on_hand=cash, fixed_cost_month=cost)

    run_care(as_of=TODAY)

    runway = (cash + max(limit - drawn, 0)) / cost
    row = Relief.objects.filter(customer=customer).first()
    assert (row is not None) is (runway < 2 and five_class != "substandard")
    if row is not None:
        assert float(row.runway_months) == pytest.approx(runway, abs=0.006)
        assert found(customer, "relief") is not None


def test_whoever_has_cash_again_leaves_the_list_while_nothing_was_proposed():
    customer = ours()
    make_loan(customer)
    make_portrait(customer)
    told = make_declared(customer, cash_on_hand=10, fixed_cost_month=1000)
    run_care(as_of=TODAY)
    told.cash_on_hand = 5000
    told.save()

    run_care(as_of=TODAY + timedelta(days=1))

    assert not Relief.objects.exists()
    assert CareTask.objects.get(customer=customer, kind="relief").state == "dropped"


@pytest.mark.parametrize(
    "path", ["", "?state=done", "complaints/", "relief/", "relief/?state=closed"]
)
def test_a_place_that_cannot_be_read_is_the_first_page(client, path):
    client.force_login(make_user("rm"))
    for value in ("x", 1, None, True):
        glue = "&" if "?" in path else "?"
        answer = client.get(f"/marketing/care/{path}{glue}at={Place(value, 1).written()}")
        assert answer.status_code == 200


def test_whoever_was_slower_reads_it_and_keeps_the_words(client):
    task = make_care_task()
    close_care_task(task_id=task.pk, by=task.owner, outcome="已电话")
    client.force_login(task.owner)
    url = f"/marketing/care/{task.pk}/close/"

    slower = client.post(url, {"outcome": "已上门"})
    same = client.post(url, {"outcome": "已电话"})

    assert slower.status_code == 422
    assert "已上门" in slower.content.decode()
    assert same.status_code == 302
    assert CareTask.objects.get().outcome == "已电话"


def test_a_care_task_is_closed_once_and_by_whoever_sees_the_customer():
    task = make_care_task()
    done = close_care_task(task_id=task.pk, by=task.owner, outcome="已电话")

    again = close_care_task(task_id=task.pk, by=task.owner, outcome="又一次")

    assert (done.state, again.outcome) == ("done", "已电话")
    with pytest.raises(CareTask.DoesNotExist):
        close_care_task(task_id=task.pk, by=make_user("rm"), outcome="x")
