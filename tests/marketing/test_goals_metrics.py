"""Every metric of e.9 against a recomputation in plain Python, and its rows one by one."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from crm.core.models import Branch
from customers.models import Certificate, CreditLine, Customer, Loan, Repayment
from marketing.goals import METRICS, Parts
from marketing.models import CoordinationItem, GoalSum
from marketing.selectors.goals import counted_rows, goal_sheet
from marketing.selectors.goals_risk import at_risk
from marketing.selectors.goals_units import below, place_of
from marketing.services.goals import count_goals
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.lent import (
    TODAY,
    make_item,
    make_line,
    make_loan,
    make_repayment,
    rules,
)

YEAR = date(2026, 1, 1)
BASE = date(2025, 12, 31)
BUSINESS = {
    "loan", "working_capital_loan", "fixed_asset_loan", "startup_guaranteed_loan",
    "farm_production_loan", "supply_chain_loan",
}  # fmt: skip
BAD = {"substandard", "doubtful", "loss"}


@pytest.fixture
def bank():
    """Two branches, three managers, borrowers of every kind the calibers tell apart."""
    rules()
    one, other = make_branch("南湖支行"), make_branch("海宁支行")
    anna, ben = make_user("rm", one), make_user("rm", one)
    chen = make_user("rm", other)
    head = make_user("branch_head", one)
    boss = make_user("auditor", Branch.objects.get(parent=None))
    borrowers = _borrowers(anna, ben, chen)
    _loans(borrowers)
    _items(borrowers)
    count_goals(as_of=TODAY)
    return {"head": head, "boss": boss, "anna": anna, "one": one, "other": other}


def _borrowers(anna, ben, chen):
    known = {"size_class": "small"}
    found = {
        "maker": make_customer(anna, name="精密机械", industry_id="3411", **known),
        "shop": make_customer(anna, party_type="sole_trader", size_class="unknown"),
        "big": make_customer(ben, size_class="medium", industry_id="1711"),
        "rich": make_customer(ben, **known),
        "farm": make_customer(ben, party_type="farm_household", industry_id="0111"),
        "large_farm": make_customer(chen, party_type="farm_household"),
        "coop": make_customer(chen, party_type="coop", size_class="micro"),
        "owner": make_customer(chen, party_type="owner_person"),
        "unit": make_customer(None, branch=chen.branch, **known),
    }
    make_portrait(found["shop"], groups=["self_employed", "new_citizen"])
    Certificate.objects.create(customer=found["maker"], kind="hnte", valid_from=date(2025, 5, 1))
    Certificate.objects.create(
        customer=found["owner"], kind="tech_sme", valid_from=date(2023, 1, 1),
        valid_to=date(2025, 12, 31),
    )  # fmt: skip
    return found


def _loans(of):
    make_line(of["maker"], 9_500_000)
    make_line(of["rich"], 10_000_001)
    make_line(of["shop"], 400_000)
    make_line(of["farm"], 5_000_000)
    make_line(of["large_farm"], 5_000_001)
    make_line(of["owner"], 20_000_000, until=date(2026, 6, 30))  # over: the balance counts
    long = {"drawn_on": date(2025, 4, 1), "matures_on": date(2028, 4, 1)}
    old = make_loan(of["maker"], 3_000_000, principal_amount=5_000_000, **long)
    make_repayment(old, 500_000, date(2025, 12, 31))
    make_repayment(old, 1_500_000, date(2026, 5, 8))
    make_loan(of["maker"], 800_000, family="bill_discount")
    make_loan(of["shop"], 200_000, is_first_loan=True, rate=Decimal("0.052"))
    make_loan(of["shop"], 0, drawn_on=date(2026, 2, 2), closed_on=date(2026, 9, 1),
              principal_amount=90_000, is_renewal=True)  # fmt: skip
    make_loan(of["big"], 6_000_000, guarantee_mode="mortgage")
    make_loan(of["rich"], 2_000_000, five_class="special_mention")
    make_loan(of["farm"], 300_000, family="farm_production_loan", guarantee_mode="guarantee")
    make_loan(of["large_farm"], 700_000, family="farm_production_loan")
    make_loan(of["coop"], 150_000, guarantee_mode="guarantee", is_renewal=True)
    make_loan(of["coop"], 60_000, five_class="doubtful", drawn_on=date(2025, 2, 3))
    make_loan(of["owner"], 900_000, guarantee_mode="mortgage", drawn_on=date(2026, 1, 1))
    make_loan(of["unit"], 120_000, family="instalment")
    make_loan(of["unit"], 240_000, drawn_on=date(2025, 12, 31), matures_on=date(2026, 12, 31))


def _items(of):
    day = date(2026, 9, 1)
    make_item(of["maker"], received=day, state="approved", contacted_on=date(2026, 9, 3),
              decided=date(2026, 9, 21))  # fmt: skip
    make_item(of["shop"], received=day, state="refused", refusal="debts",
              contacted_on=date(2026, 9, 20), decided=date(2026, 10, 20))  # fmt: skip
    make_item(of["farm"], received=day)  # nobody came, and both days are over
    make_item(of["coop"], received=date(2026, 11, 20))  # still in time
    make_item(of["coop"], received=date(2025, 11, 20), state="approved",
              contacted_on=date(2025, 11, 21), decided=date(2025, 11, 30))  # fmt: skip


# --- the same told in plain Python


def balance_on(loan: Loan, day: date) -> Decimal:
    if loan.drawn_on > day:
        return Decimal(0)
    later = Repayment.objects.filter(loan=loan, paid_on__gt=day)
    return loan.balance_amount + sum((row.principal_amount for row in later), Decimal(0))


def total_credit(customer: Customer, day: date = TODAY) -> Decimal:
    lines = CreditLine.objects.filter(customer=customer, granted_on__lte=day, expires_on__gte=day)
    if lines:
        return sum((line.limit_amount for line in lines), Decimal(0))
    loans = Loan.objects.filter(customer=customer)
    return sum((balance_on(loan, day) for loan in loans), Decimal(0))


def is_small(customer: Customer) -> bool:
    if customer.party_type in {"sole_trader", "owner_person"}:
        return True
    is_firm = customer.party_type in {"company", "partnership_sole_prop", "coop"}
    return is_firm and customer.size_class in {"small", "micro"}


def is_inclusive(loan: Loan, limit: int, day: date = TODAY) -> bool:
    credit = total_credit(loan.customer, day)
    return loan.family in BUSINESS and is_small(loan.customer) and credit <= limit


def in_division(customer: Customer, low: str, high: str) -> bool:
    return low <= (customer.industry_id or "00")[:2] <= high


def expected(key: str, limit: int, low: int, high: int) -> tuple[int, Decimal | None]:
    """Rows that count and the figure, over customers with these scope numbers."""
    loans = [
        loan
        for loan in Loan.objects.select_related("customer").order_by("pk")
        if low <= loan.customer.scope_no <= high
    ]
    own = [loan for loan in loans if is_inclusive(loan, limit)]
    now = {loan.pk: balance_on(loan, TODAY) for loan in loans}
    base = {loan.pk: balance_on(loan, BASE) for loan in loans}
    new = [loan for loan in own if YEAR <= loan.drawn_on <= TODAY]

    def total(rows, amounts=now):
        return sum((amounts[loan.pk] for loan in rows), Decimal(0))

    def held(rows):
        return [loan for loan in rows if now[loan.pk] > 0]

    def ratio(rows, whole):
        return total(rows) / total(whole) if total(whole) else None

    def balance(rows):
        return len(held(rows)), total(rows)

    business = [loan for loan in loans if loan.family in BUSINESS]
    if key == "inclusive_balance":
        return balance(own)
    if key == "inclusive_growth":
        was = [loan for loan in loans if is_inclusive(loan, limit, BASE)]
        if not total(was, base) or not total(loans, base):
            return len(held(own)), None
        growth = total(own) / total(was, base) - total(loans) / total(loans, base)
        return len(held(own)), growth
    if key == "inclusive_customers":
        people = {loan.customer_id for loan in held(own)}
        return len(people), Decimal(len(people))
    if key == "first_borrowers":
        first = [loan for loan in new if loan.is_first_loan]
        return len(first), Decimal(len(first))
    if key == "renewal_count":
        again = [loan for loan in new if loan.is_renewal]
        return len(again), Decimal(len(again))
    if key == "renewal_amount":
        again = [loan for loan in new if loan.is_renewal]
        return len(again), sum((loan.principal_amount for loan in again), Decimal(0))
    if key == "unsecured_share":
        free = [loan for loan in own if loan.guarantee_mode == "credit"]
        return len(held(free)), ratio(free, own)
    if key == "medium_long_share":
        years = [loan for loan in own if (loan.matures_on - loan.drawn_on).days > 366]
        return len(held(years)), ratio(years, own)
    if key == "npl_ratio":
        bad = [loan for loan in own if loan.five_class in BAD]
        return len(held(bad)), ratio(bad, own)
    if key == "manufacturing_balance":
        return balance([one for one in business if in_division(one.customer, "13", "43")])
    if key == "sci_tech_balance":
        return balance([one for one in business if one.customer.name == "精密机械"])
    if key == "new_citizen_balance":
        return balance([one for one in business if one.customer.party_type == "sole_trader"])
    if key == "sole_trader_balance":
        return balance([one for one in own if one.customer.party_type == "sole_trader"])
    if key == "farm_balance":
        farms = [
            one
            for one in business
            if (
                one.customer.party_type == "farm_household"
                and total_credit(one.customer) <= 5_000_000
            )
            or (
                is_inclusive(one, limit)
                and (one.customer.party_type == "coop" or in_division(one.customer, "01", "05"))
            )
        ]
        return balance(farms)
    if key in {"new_rate", "new_all_in_cost"}:
        fee = {"guarantee": Decimal("0.01")} if key == "new_all_in_cost" else {}
        weight = sum((loan.principal_amount for loan in new), Decimal(0))
        cost = sum(
            (
                (loan.rate + fee.get(loan.guarantee_mode, Decimal(0))) * loan.principal_amount
                for loan in new
            ),
            Decimal(0),
        )
        return len(new), cost / weight if weight else None
    return expected_items(key, low, high)


def expected_items(key: str, low: int, high: int) -> tuple[int, Decimal | None]:
    items = [
        item
        for item in CoordinationItem.objects.select_related("customer")
        if low <= item.customer.scope_no <= high and YEAR <= item.received_on <= TODAY
    ]
    decided = [item for item in items if item.decided_at]
    if key == "coordination_contact":
        asked = [i for i in items if i.contacted_on or i.contact_due_on < TODAY]
        good = [i for i in asked if i.contacted_on and i.contacted_on <= i.contact_due_on]
        return len(good), Decimal(len(good)) / len(asked) if asked else None
    if key == "coordination_decision":
        asked = [i for i in items if i.decided_at or i.due_on < TODAY]
        good = [i for i in asked if i.decided_at and i.decided_at.date() <= i.due_on]
        return len(good), Decimal(len(good)) / len(asked) if asked else None
    if key == "coordination_approval":
        good = [i for i in decided if i.state == "approved"]
        return len(good), Decimal(len(good)) / len(decided) if decided else None
    days = [(i.decided_at.date() - i.received_on).days for i in decided]
    return len(decided), Decimal(sum(days)) / len(days) if days else None


LIMITS = {"nfra_goal": 10_000_000, "pboc_tool": 20_000_000, "s71_scope": 30_000_000, "": 0}


def test_each_metric_equals_a_plain_recomputation_and_its_list_has_as_many_rows(bank):
    """e.9; rules 3: every metric and caliber, for the bank, a branch and a manager."""
    boss = bank["boss"]
    places = [
        place_of(boss, ""),
        place_of(boss, str(bank["one"].pk)),
        place_of(boss, f"m{bank['anna'].pk}"),
    ]

    asked = [(metric, caliber) for metric in METRICS for caliber in metric.calibers]
    for (metric, caliber), place in product(asked, places):
        rows, figure = expected(metric.key, LIMITS[caliber], place.low, place.high)
        listed, count = counted_rows(
            user=boss, place=place, metric=metric, caliber=caliber, period_from=YEAR
        )
        parts = _added(metric.key, caliber, place)
        got = metric.value(parts)
        where = (metric.key, caliber, place.label)
        assert parts.rows == rows == count == len(listed), where
        assert (got is None) == (figure is None), where
        assert figure is None or got == pytest.approx(figure, abs=Decimal("1e-12")), where


def _added(metric, caliber, place):
    found = Parts()
    for one in GoalSum.objects.filter(
        metric=metric, caliber=caliber, scope_no__range=(place.low, place.high)
    ):
        found += Parts(one.rows, one.top, one.bottom, one.whole_top, one.whole_bottom)
    return found


def test_the_limit_of_a_caliber_is_within_it_and_a_yuan_more_is_not(bank):
    """rules 3: total credit up to 10 million counts; the wider calibers take the next ones in."""
    boss = bank["boss"]
    place = place_of(boss, "")

    names = {
        caliber: {
            row.customer.pk
            for row in counted_rows(
                user=boss, place=place, metric=METRICS["inclusive_balance"], caliber=caliber,
                period_from=YEAR,
            )[0]
        }
        for caliber in ("nfra_goal", "pboc_tool")
    }  # fmt: skip

    assert len(names["pboc_tool"] - names["nfra_goal"]) == 1  # limit of ¥10,000,001


def test_children_add_up_to_their_parent_for_additive_metrics(bank):
    """Totals of a branch are the sum of its children's."""
    boss = bank["boss"]
    place = place_of(boss, "")

    sheet = goal_sheet(user=boss, place=place, today=TODAY)

    assert [one.label for one, _lines in sheet.parts] == [one.label for one in below(place)]
    for number, line in enumerate(sheet.lines):
        if line.metric.is_additive:
            parts = [lines[number].actual for _place, lines in sheet.parts]
            parts += [sheet.rest[number].actual] if sheet.rest else []
            assert sum(parts) == line.actual, line.metric.key


def test_counting_twice_gives_the_same_figures(bank):
    def told():
        return sorted(GoalSum.objects.values_list("metric", "caliber", "scope_no", "rows", "top"))

    before = told()

    count_goals(as_of=TODAY)

    assert told() == before


def test_who_is_near_the_limit_or_falls_in_class_may_leave_the_count(bank):
    """e.9: total credit close to the limit, class falling."""
    rows, count = at_risk(user=bank["boss"], place=place_of(bank["boss"], ""))

    told = {(row.customer.name, row.is_near, row.worst_class) for row in rows}
    assert count == len(rows) == 2
    assert ("精密机械", True, "") in told  # 9.5 of 10 million
    assert [row.worst_class for row in rows if row.customer.party_type == "coop"] == ["doubtful"]


def test_a_manager_sees_own_rows_only(bank):
    place = place_of(bank["anna"], "")

    rows, count = counted_rows(
        user=bank["anna"], place=place, metric=METRICS["inclusive_balance"], caliber="nfra_goal",
        period_from=YEAR,
    )  # fmt: skip

    assert {row.customer.manager for row in rows} == {bank["anna"]}
    assert count == 2


def test_nobody_opens_the_rows_of_a_unit_out_of_reach(bank):
    with pytest.raises(Branch.DoesNotExist):
        place_of(bank["head"], str(bank["other"].pk))
