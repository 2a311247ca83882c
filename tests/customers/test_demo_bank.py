"""Two thousand customers of the demo bank: nothing impossible, everything present."""

from datetime import date

import pytest
from django.db import connection

from crm.core.identifiers import is_citizen_number, is_mobile, is_uscc
from crm.core.models import Branch, TradeProfile, User
from crm.core.roles import ROLES
from customers.demo.plan import Plan
from customers.models import Contact, Customer, CustomerIdentifier, Loan
from customers.sealed import open_identifier, open_mobile
from tests.demo_bank import make_bank, throw_away

AS_OF = date(2026, 7, 15)


@pytest.fixture(scope="module", autouse=True)
def bank(django_db_setup, django_db_blocker):
    """One bank for the whole module; each test's own transaction lies inside this one."""
    with django_db_blocker.unblock(), throw_away():
        make_bank(Plan(2_000, 1, AS_OF), portraits=False)
        yield


def rows(query: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def number(query: str, *params: object):
    return rows(query, *params)[0][0]


def nothing(query: str) -> None:
    """The query finds no row; shows a few of those it finds."""
    found = rows(query + " LIMIT 5")
    assert found == []


def test_the_bank_has_a_head_office_branches_with_teams_and_enough_managers():
    teams = Branch.objects.filter(level="team")

    assert Branch.objects.filter(level="head_office").count() == 1
    assert Branch.objects.filter(level="branch").count() >= 3
    for branch in Branch.objects.filter(level="branch"):
        assert teams.filter(parent=branch).count() >= 2
    assert User.objects.filter(role="rm").count() >= 12
    assert set(User.objects.values_list("role", flat=True)) == set(ROLES)


def test_customers_carry_the_number_of_their_manager_or_unit():
    nothing(
        "SELECT c.id FROM customers_customer c JOIN core_branch b ON b.id = c.branch_id "
        "LEFT JOIN core_user u ON u.id = c.manager_id "
        "WHERE c.scope_no <> coalesce(u.scope_no, b.scope_lo)"
    )
    nothing(
        "SELECT c.id FROM customers_customer c LEFT JOIN customers_customerassignment a "
        "ON a.customer_id = c.id AND upper_inf(a.during) "
        "WHERE c.manager_id IS DISTINCT FROM a.manager_id"
    )


def test_every_manager_looks_after_a_fair_share():
    loads = rows(
        "SELECT count(c.id) FROM core_user u LEFT JOIN customers_customer c ON c.manager_id = u.id "
        "WHERE u.role = 'rm' GROUP BY u.id"
    )

    assert min(load for (load,) in loads) >= 30
    assert max(load for (load,) in loads) <= 300


def test_all_trades_parties_states_and_size_classes_occur():
    trades = set(TradeProfile.objects.values_list("key", flat=True))

    assert set(Customer.objects.exclude(trade=None).values_list("trade", flat=True)) == trades
    assert len(trades) == 30
    for field, choices in (
        ("party_type", Customer.PartyType),
        ("relation_state", Customer.RelationState),
    ):
        assert set(Customer.objects.values_list(field, flat=True)) == set(choices.values)
    assert {"medium", "small", "micro"} <= set(
        Customer.objects.values_list("size_class", flat=True)
    )


def test_all_classes_and_buckets_of_arrears_occur():
    classes = set(Loan.objects.filter(balance_amount__gt=0).values_list("five_class", flat=True))
    days = [
        days
        for (days,) in rows(
            "SELECT max(%s - due_on) FROM customers_instalment "
            "WHERE paid_on IS NULL AND due_on < %s GROUP BY loan_id",
            AS_OF,
            AS_OF,
        )
    ]
    buckets = {min((day - 1) // 30 + 1, 7) for day in days}

    assert classes == {"normal", "special_mention", "substandard", "doubtful", "loss"}
    assert buckets == {1, 2, 3, 4, 5, 6, 7}


def test_bad_loans_are_a_realistic_share():
    share = number(
        "SELECT 100 * sum(balance_amount) FILTER (WHERE five_class IN "
        "('substandard', 'doubtful', 'loss')) / sum(balance_amount) FROM customers_loan"
    )

    assert 0.5 <= share <= 4


def test_the_class_is_at_least_what_the_days_past_due_ask_for():
    nothing(
        f"""
        SELECT l.id, l.five_class, d.days FROM customers_loan l JOIN (
            SELECT loan_id, max(date '{AS_OF}' - due_on) AS days
            FROM customers_instalment
            WHERE paid_on IS NULL AND due_on < date '{AS_OF}' GROUP BY loan_id
        ) d ON d.loan_id = l.id
        WHERE array_position(ARRAY['normal', 'special_mention', 'substandard', 'doubtful', 'loss'],
                             l.five_class::text)
            < CASE WHEN d.days > 360 THEN 5 WHEN d.days > 270 THEN 4 WHEN d.days > 90 THEN 3
                   WHEN d.days > 7 THEN 2 ELSE 1 END
        """
    )


def test_codes_numbers_and_mobiles_are_valid():
    codes = list(Customer.objects.exclude(uscc="").values_list("uscc", flat=True))
    identifiers = list(CustomerIdentifier.objects.all()[:400])
    contacts = list(Contact.objects.exclude(mobile_ciphertext=None)[:400])

    assert len(codes) > 1_000
    assert all(map(is_uscc, codes))
    assert all(is_citizen_number(open_identifier(row)) for row in identifiers)
    assert all(is_mobile(open_mobile(row)) for row in contacts)


def test_schedules_sum_to_the_principal_and_balances_to_what_is_unpaid():
    nothing(
        "SELECT l.id FROM customers_loan l JOIN customers_instalment i ON i.loan_id = l.id "
        "GROUP BY l.id HAVING sum(i.principal_amount) <> l.principal_amount "
        "OR coalesce(sum(i.principal_amount) FILTER (WHERE i.paid_on IS NULL), 0) "
        "<> l.balance_amount"
    )
    nothing(
        "SELECT l.id FROM customers_loan l LEFT JOIN customers_repayment r ON r.loan_id = l.id "
        "GROUP BY l.id HAVING l.principal_amount - coalesce(sum(r.principal_amount), 0) "
        "<> l.balance_amount"
    )


def test_a_farm_pays_principal_only_in_the_season_or_at_the_end():
    """Scenario 5: a seasonal schedule pays 0 before the harvest month."""
    outside = number(
        "SELECT count(*) FROM customers_loan l JOIN customers_instalment i ON i.loan_id = l.id "
        "JOIN customers_customer c ON c.id = l.customer_id "
        "JOIN core_tradeprofile t ON t.key = c.trade_id "
        "WHERE l.repayment_mode = 'seasonal' AND i.principal_amount > 0 "
        "AND t.season[extract(month FROM i.due_on)] * 12 < 1.1 AND i.due_on < l.matures_on"
    )
    seasonal = number("SELECT count(*) FROM customers_loan WHERE repayment_mode = 'seasonal'")

    early_payoffs = number(
        "SELECT count(*) FROM customers_loan WHERE repayment_mode = 'seasonal' "
        "AND closed_on < matures_on"
    )

    assert seasonal > 20
    assert outside <= early_payoffs


@pytest.mark.parametrize(
    "impossible",
    [
        "customers_instalment WHERE paid_on < due_on",
        "customers_instalment WHERE paid_on > date '{day}' OR interest_amount < 0",
        "customers_instalment i JOIN customers_loan l "
        "ON l.id = i.loan_id WHERE i.due_on <= l.drawn_on",
        "customers_repayment r JOIN customers_loan l "
        "ON l.id = r.loan_id WHERE r.paid_on <= l.drawn_on",
        "customers_repayment WHERE paid_on > date '{day}'",
        "customers_loan WHERE drawn_on > date '{day}' OR balance_amount < 0 OR rate > 0.1",
        "customers_loan WHERE (closed_on IS NOT NULL) <> (balance_amount = 0)",
        "customers_loan l JOIN customers_creditline c ON c.id = l.line_id "
        "WHERE l.principal_amount > c.limit_amount OR l.customer_id <> c.customer_id",
        "customers_loan l JOIN customers_customer c ON c.id = l.customer_id "
        "WHERE c.relation_state = 'prospect' OR l.drawn_on < c.customer_since",
        "customers_holding h JOIN customers_customer c ON c.id = h.customer_id "
        "WHERE c.relation_state = 'prospect' OR h.opened_on > date '{day}' "
        "OR h.opened_on < c.customer_since - 28 OR h.closed_on < h.opened_on "
        "OR h.closed_on > date '{day}'",
        "customers_lineuse WHERE average_used_amount > peak_used_amount + 0.01 "
        "OR peak_used_amount > limit_amount",
        "customers_accountflow WHERE inflow_amount < 0 OR outflow_amount < 0 "
        "OR business_inflow_amount > inflow_amount OR payers > counterparties OR active_days > 31",
        "customers_accountflow f JOIN customers_customer c ON c.id = f.customer_id "
        "WHERE c.relation_state = 'prospect' OR f.ym > 24318",
        "customers_depositmonth WHERE end_amount < 0 OR minimum_amount < 0 "
        "OR minimum_amount > end_amount OR average_amount < minimum_amount",
        "customers_acquiringmonth WHERE payers > receipts OR received_amount <= 0",
        "customers_payrollmonth p JOIN customers_customer c ON c.id = p.customer_id "
        "WHERE p.heads = 0 OR p.wages_amount / p.heads NOT BETWEEN 2000 AND 20000 "
        "OR p.paid_on > date '{day}' OR c.party_type = 'individual'",
        "customers_invoice WHERE issued_on > date '{day}' OR net_amount = 0 "
        "OR sign(tax_amount) * sign(net_amount) < 0 OR length(number) <> 20",
        "customers_invoice i JOIN customers_customer c ON c.id = i.customer_id "
        "WHERE i.issued_on < c.founded_on - 31 OR c.party_type IN "
        "('individual', 'owner_person', 'farm_household')",
        "customers_customer WHERE founded_on > registered_on OR registered_on > date '{day}' "
        "OR customer_since > date '{day}' OR customer_since < founded_on",
        "customers_taxyear WHERE published_on > date '{day}' OR taxable_sales_amount < 0",
        "customers_bureausummary WHERE queried_on >= date '{day}' OR overdue_months > 24 "
        "OR (has_open_overdue AND worst_delay_days = 0)",
        "customers_publicrecord WHERE opened_on > date '{day}' OR closed_on > date '{day}'",
        "customers_declaredfact WHERE as_of > date '{day}' OR number < 0 "
        "AND key NOT IN ('net_profit', 'previous_net_profit', 'gross_margin', 'price_change_1y')",
        "(SELECT customer_id FROM customers_declaredfact WHERE starts_with(key, 'cost_') "
        "GROUP BY customer_id HAVING count(*) <> 8 OR sum(number) <> 1) cost_shares",
        "(SELECT customer_id FROM customers_settlemode GROUP BY customer_id, direction "
        "HAVING sum(share) <> 1) directions",
        "customers_declaredfact WHERE key IN ('gross_margin', 'cash_share') "
        "AND number NOT BETWEEN 0 AND 1",
        "customers_loanapplication WHERE decided_on > date '{day}' OR decided_on < applied_on "
        "OR (decision = 'pending') <> (decided_on IS NULL) OR asked_amount <= 0",
        "customers_touch WHERE at > timestamptz '{day} 23:59:59+08' "
        "OR extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 8 AND 19",
        "customers_relation WHERE from_on > date '{day}' OR share NOT BETWEEN 0 AND 1",
        "customers_consent WHERE until_on <= from_on OR from_on > date '{day}'",
    ],
)
def test_nothing_impossible_is_told(impossible):
    nothing(f"SELECT * FROM {impossible.format(day=AS_OF)}")  # 24318 is 2026-07


def test_the_account_adds_up_from_month_to_month():
    nothing(
        "SELECT d.customer_id, d.ym FROM customers_depositmonth d "
        "JOIN customers_depositmonth b ON b.customer_id = d.customer_id AND b.ym = d.ym - 1 "
        "JOIN customers_accountflow f ON f.customer_id = d.customer_id AND f.ym = d.ym "
        "WHERE b.end_amount + f.inflow_amount - f.outflow_amount <> d.end_amount"
    )


def test_payroll_heads_stay_within_the_staff():
    nothing(
        "SELECT p.customer_id FROM customers_payrollmonth p JOIN customers_declaredfact f "
        "ON f.customer_id = p.customer_id AND f.key = 'employees' "
        "WHERE p.ym = (SELECT max(ym) FROM customers_payrollmonth) AND p.heads > f.number + 1"
    )


def test_a_sale_within_the_bank_is_the_purchase_of_the_other():
    pairs = number(
        "SELECT count(*) FROM customers_invoice s JOIN customers_customer seller "
        "ON seller.id = s.customer_id JOIN customers_customer buyer ON buyer.name = s.counterparty "
        "JOIN customers_invoice p ON p.customer_id = buyer.id AND p.side = 'P' "
        "AND p.number = s.number AND p.issued_on = s.issued_on AND p.net_amount = s.net_amount "
        "AND p.tax_amount = s.tax_amount AND p.counterparty = seller.name WHERE s.side = 'S'"
    )
    linked = number("SELECT count(DISTINCT customer_id) FROM customers_chainlink WHERE is_core")
    twice = rows(
        "SELECT number FROM customers_invoice WHERE side = 'S' GROUP BY number HAVING count(*) > 1"
    )

    assert pairs > 500
    assert linked > 30
    assert twice == []


def test_owners_control_firms_that_name_them():
    owners = Customer.objects.filter(party_type="owner_person").count()

    controlled = number(
        "SELECT count(*) FROM customers_relation r "
        "JOIN customers_customer o ON o.id = r.customer_id "
        "JOIN customers_customer f ON f.id = r.other_id "
        "WHERE r.kind = 'controls' AND f.legal_rep_name = o.name AND r.share > 0.5"
    )

    assert controlled == owners > 50


def test_the_receipts_of_a_trade_follow_its_season():
    """Measured at trades that are paid at once, so that nothing shifts the season."""
    wrong = rows(
        """
        WITH m AS (
            SELECT c.trade_id, (f.ym %% 12) + 1 AS month, avg(f.received_amount) AS money
            FROM customers_acquiringmonth f JOIN customers_customer c ON c.id = f.customer_id
            JOIN core_tradeprofile t ON t.key = c.trade_id
            WHERE t.receivable_days_high <= 15 AND c.party_type <> 'owner_person'
            GROUP BY 1, 2),
        r AS (SELECT m.trade_id, corr(m.money, t.season[m.month]) AS fit,
                     max(t.season[m.month]) / min(t.season[m.month]) AS swing, count(*) AS months
              FROM m JOIN core_tradeprofile t ON t.key = m.trade_id GROUP BY 1)
        SELECT trade_id, fit, swing FROM r WHERE months = 12 AND swing > 1.5 AND fit < 0.3
        """
    )
    measured = number("SELECT count(*) FROM core_tradeprofile WHERE receivable_days_high <= 15")

    assert measured >= 5
    assert wrong == []


def test_every_feature_of_knowledge_is_uneven():
    """Some customers are known well, some hardly, some from long ago."""
    known = dict(
        rows(
            "SELECT CASE WHEN n >= 30 THEN 'well' WHEN n >= 8 THEN 'partly' ELSE 'hardly' END, "
            "count(*) FROM (SELECT c.id, count(f.id) AS n FROM customers_customer c "
            "LEFT JOIN customers_declaredfact f ON f.customer_id = c.id GROUP BY 1) k GROUP BY 1"
        )
    )
    old = number(
        "SELECT count(DISTINCT customer_id) FROM customers_declaredfact "
        "WHERE source = 'visit' AND as_of < date '2025-07-15'"
    )

    assert min(known.get(level, 0) for level in ("well", "partly", "hardly")) > 100
    assert old > 50


def test_each_family_opens_within_the_window():
    opened = dict(
        rows(
            "SELECT family, count(*) FROM customers_holding WHERE opened_on >= date '2024-07-01' "
            "GROUP BY 1"
        )
    )

    assert len(opened) >= 17
    assert min(count for family, count in opened.items() if family != "student_loan") >= 10


def test_every_invoice_belongs_to_a_customer():
    """The database does not check this key row by row."""
    nothing(
        "SELECT i.customer_id FROM customers_invoice i "
        "WHERE NOT EXISTS (SELECT FROM customers_customer c WHERE c.id = i.customer_id)"
    )


def test_keys_of_the_bank_hold_and_are_back_after_the_load():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    keys = number(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' "
        "AND conrelid = 'customers_holding'::regclass AND convalidated"
    )
    pieces = number("SELECT count(*) FROM pg_indexes WHERE indexname = 'customer_pieces'")

    assert keys >= 1
    assert pieces == 1
