"""A portrait knows its day and nothing later; the same day gives the same numbers again."""

from datetime import timedelta
from decimal import Decimal

from crm.core.months import ym_of
from customers import models as m
from customers.selectors.portrait_page_as_of import parameters_needed, portrait_of_day
from customers.services import portrait, rollups
from customers.services.portrait_parameters import lunar_weights, run_parameters
from tests.customers.portrait_facts import TODAY, compute, make_bank, row

LATER = TODAY + timedelta(days=40)
LATER_YM = ym_of(LATER)


def poison(customer):
    """Facts of every kind that nobody knows on the day of the portrait."""
    ids = {"customer": customer, "ym": LATER_YM}
    much = Decimal(99_000_000)
    m.AccountFlow.objects.update_or_create(
        **ids, defaults={"inflow_amount": much, "outflow_amount": much}
    )
    for model, values in (
        (m.DepositMonth, {"average_amount": much, "end_amount": much}),
        (
            m.LineUse,
            {"limit_amount": much, "average_used_amount": much, "peak_used_amount": much},
        ),
        (m.AcquiringMonth, {"received_amount": much, "receipts": 9_999}),
        (m.PayrollMonth, {"heads": 9_999, "wages_amount": much}),
        (m.SocialSecurityMonth, {"heads": 9_999}),
        (m.ElectricityMonth, {"kwh": much}),
        (m.ChannelMonth, {"active_days": 31}),
    ):
        model.objects.update_or_create(**ids, defaults=values)
    for side in ("S", "P"):
        m.Invoice.objects.create(
            customer=customer,
            issued_on=LATER,
            side=side,
            number="poison",
            ym=LATER_YM,
            counterparty="poison",
            net_amount=much,
            tax_amount=0,
        )
    poison_lending(customer, much)
    poison_records(customer, much)


def poison_lending(customer, much):
    """A later loan with all that hangs on it."""
    line = m.CreditLine.objects.create(
        customer=customer,
        line_no=f"poison{customer.pk}",
        family="loan",
        limit_amount=much,
        granted_on=LATER,
        expires_on=LATER + timedelta(days=900),
        guarantee_mode="credit",
    )
    loan = m.Loan.objects.create(
        customer=customer,
        line=line,
        loan_no=f"poison{customer.pk}",
        family="loan",
        principal_amount=much,
        balance_amount=much,
        rate=1,
        drawn_on=LATER,
        matures_on=LATER + timedelta(days=9),
        repayment_mode="bullet",
        guarantee_mode="credit",
        five_class="loss",
        is_first_loan=True,
        is_renewal=True,
    )
    m.Instalment.objects.create(
        customer=customer,
        loan=loan,
        seq=1,
        due_on=LATER + timedelta(days=9),
        principal_amount=much,
        interest_amount=much,
    )
    m.Repayment.objects.create(
        customer=customer,
        loan=m.Loan.objects.exclude(pk=loan.pk).get(customer=customer),
        repayment_no=f"poison{customer.pk}",
        paid_on=LATER,
        principal_amount=much,
        interest_amount=much,
        early_days=900,
    )
    m.LoanApplication.objects.create(
        customer=customer,
        application_no=f"poison{customer.pk}",
        applied_on=LATER,
        family="loan",
        asked_amount=much,
        decision="refused",
        decided_on=LATER,
    )
    m.Collateral.objects.create(
        customer=customer,
        collateral_no=f"poison{customer.pk}",
        kind="home",
        value_amount=much,
        loan_to_value=1,
        valued_on=LATER,
    )
    m.Holding.objects.create(
        customer=customer, contract_no=f"poison{customer.pk}", family="wealth", opened_on=LATER
    )


def poison_records(customer, much):
    """Later facts from outside, and later settings by hand."""
    m.BureauSummary.objects.create(
        customer=customer,
        queried_on=LATER,
        expires_on=LATER + timedelta(days=90),
        has_open_overdue=True,
        overdue_months=24,
        lenders=99,
        hard_queries_6m=99,
        debt_amount=much,
        outside_guarantee_amount=much,
    )
    m.TaxYear.objects.create(
        customer=customer,
        year=LATER.year,
        grade="D",
        taxable_sales_amount=much,
        published_on=LATER,
    )
    for kind in ("lawsuit", "enforcement", "dishonest", "abnormal", "penalty", "tax_arrears"):
        m.PublicRecord.objects.create(
            customer=customer, kind=kind, number="poison", opened_on=LATER
        )
    m.Certificate.objects.create(customer=customer, kind="zjtx", valid_from=LATER)
    m.Touch.objects.create(
        customer=customer, channel="wecom", at=f"{LATER}T08:00:00+08:00", has_reached=True
    )
    for key, value in (("employees", 9_999), ("annual_revenue", much), ("wanted_amount", much)):
        m.DeclaredFact.objects.create(
            customer=customer,
            key=key,
            number=value,
            as_of=LATER,
            source="visit",
            quality="verified",
        )
    m.ChainLink.objects.create(
        customer=customer,
        side="buyer",
        counterparty_name="poison",
        position="upstream",
        is_core=True,
        as_of=LATER,
        source="visit",
        quality="verified",
    )


def test_no_feature_looks_ahead():
    customers = make_bank(5, customers=4)
    compute()
    before = {customer.pk: row(customer) for customer in customers}

    for customer in customers:
        poison(customer)
    compute()

    changed = {
        (customer.pk, key): (value, row(customer)[key])
        for customer in customers
        for key, value in before[customer.pk].items()
        if row(customer)[key] != value
    }
    assert changed == {}


def test_the_same_day_gives_the_same_numbers_years_later():
    customers = make_bank(6, customers=3)
    compute()
    kept = {customer.pk: row(customer) for customer in customers}
    for customer in customers:
        poison(customer)
    rollups.rebuild()
    portrait.run_full(as_of=TODAY + timedelta(days=400))

    named, version = run_parameters(TODAY, parameters_needed())
    for customer in customers:
        again = portrait_of_day(customer, TODAY, named, version)
        for key, value in kept[customer.pk].items():
            assert getattr(again, key) == value, key


def test_a_second_run_changes_nothing():
    customers = make_bank(7, customers=3)
    compute()
    first = [row(customer) for customer in customers]
    versions = m.PortraitVersion.objects.count()

    outcome = portrait.run_full(as_of=TODAY)

    assert outcome.moved == []
    assert [row(customer) for customer in customers] == first
    assert m.PortraitVersion.objects.count() == versions


def test_the_lunar_quarter_of_the_year_before_is_shifted_with_spring_festival():
    end = ym_of(TODAY.replace(year=2020, month=3, day=1))  # New Year: 2019-02-05, 2020-01-25

    weights = lunar_weights(end)

    # The quarter's lunar days of the year before run from 2019-01-12 to 2019-04-12.
    days = {ago: weight for ago, weight in enumerate(weights) if weight}
    assert sorted(days) == [11, 12, 13, 14]
    assert round(days[11] * 30) == 12
    assert round(days[14] * 31) == 20
