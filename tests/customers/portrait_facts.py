"""Small banks of random facts, the same from the same seed, for tests of rollups and portraits."""

import random
from datetime import date, timedelta
from decimal import Decimal

from crm.core.models import IndustryCode, SizeStandard, TradeProfile
from crm.core.months import month_start, ym_of
from crm.core.services.reference import load_reference
from customers import models as m
from customers.services import portrait_run, rollups
from tests.customers.derive import seed_parameters
from tests.factories import make_branch, make_customer

TODAY = date(2026, 11, 21)
LAST = ym_of(TODAY) - 1
DECLARED_NUMBERS = (
    "employees",
    "annual_revenue",
    "total_assets",
    "total_liabilities",
    "net_profit",
)


def yuan(rng, low, high):
    """An amount with two decimals."""
    return Decimal(rng.randint(low * 100, high * 100)) / 100


def make_reference():
    """One trade with a season, its industry, the size bounds of industry, the parameters."""
    if not TradeProfile.objects.exists():
        load_reference()
    seed_parameters()
    assert IndustryCode.objects.exists() and SizeStandard.objects.exists()


def make_bank(seed=1, customers=8, **fields):
    """Customers with facts of every kind; returns them."""
    make_reference()
    rng = random.Random(seed)
    branch = make_branch()
    made = []
    for number in range(customers):
        customer = make_customer(
            branch=branch,
            industry_id="3311" if number % 2 else "5211",
            trade_id="metal_parts" if number % 2 else "grocery",
            registered_on=TODAY - timedelta(days=rng.randint(100, 5000)),
            registry_status=m.Customer.RegistryStatus.ACTIVE,
            relation_state=rng.choice(["existing", "existing", "prospect"]),
            **fields,
        )
        add_months(rng, customer)
        add_invoices(rng, customer)
        add_lending(rng, customer)
        add_declared(rng, customer)
        made.append(customer)
    return made


def add_months(rng, customer, months=range(LAST - 25, LAST + 2)):
    """Some months of every monthly feed, with gaps, the open month included."""
    for ym in months:
        ids = {"customer": customer, "ym": ym}
        if rng.random() < 0.85:
            business = yuan(rng, 0, 90_000) if rng.random() < 0.8 else None
            m.AccountFlow.objects.create(
                inflow_amount=yuan(rng, 0, 100_000),
                outflow_amount=yuan(rng, 0, 100_000),
                business_inflow_amount=business,
                cash_share=Decimal("0.25"),
                **ids,
            )
        if rng.random() < 0.8:
            m.DepositMonth.objects.create(
                average_amount=yuan(rng, 0, 50_000), end_amount=yuan(rng, 0, 50_000), **ids
            )
        if rng.random() < 0.7:
            m.LineUse.objects.create(
                limit_amount=Decimal(100_000),
                average_used_amount=yuan(rng, 0, 100_000),
                peak_used_amount=yuan(rng, 50_000, 100_000),
                **ids,
            )
        if rng.random() < 0.6:
            m.AcquiringMonth.objects.create(
                received_amount=yuan(rng, 0, 9_000), receipts=rng.randint(1, 99), payers=7, **ids
            )
        if rng.random() < 0.6:
            m.PayrollMonth.objects.create(
                heads=rng.randint(1, 30), wages_amount=yuan(rng, 10_000, 90_000), **ids
            )
        if rng.random() < 0.5:
            m.SocialSecurityMonth.objects.create(heads=rng.randint(1, 30), **ids)
        if rng.random() < 0.9:
            m.ElectricityMonth.objects.create(kwh=yuan(rng, 100, 900), **ids)
        if rng.random() < 0.5:
            m.ChannelMonth.objects.create(active_days=rng.randint(0, 20), **ids)


def add_invoices(rng, customer, months=range(LAST - 27, LAST + 2)):
    """A few invoices a month on both sides, with void and red-letter ones and silent months."""
    rows = []
    for ym in months:
        if rng.random() < 0.15:
            continue
        for number in range(rng.randint(1, 7)):
            side = rng.choice("SSP")
            red = rng.random() < 0.08
            amount = yuan(rng, 1, 20_000)
            day = month_start(ym) + timedelta(days=rng.randint(0, 27))
            rows.append(
                m.Invoice(
                    customer=customer,
                    issued_on=day,
                    side=side,
                    number=f"{ym}{number}",
                    ym=ym,
                    counterparty=f"{side}-{rng.randint(1, 8)}",
                    net_amount=-amount if red else amount,
                    tax_amount=Decimal(0),
                    is_void=rng.random() < 0.1,
                )
            )
    m.Invoice.objects.bulk_create(rows)


def add_lending(rng, customer):
    """A loan with its schedule and repayments, applications, a line, a pledge, records."""
    drawn = TODAY - timedelta(days=rng.randint(200, 700))
    loan = m.Loan.objects.create(
        customer=customer,
        loan_no=f"L{customer.pk}",
        family="working_capital_loan",
        principal_amount=Decimal(240_000),
        balance_amount=Decimal(0),
        rate=Decimal("0.045"),
        drawn_on=drawn,
        matures_on=drawn + timedelta(days=730),
        repayment_mode="equal_principal",
        guarantee_mode="credit",
        five_class="normal",
    )
    for seq in range(1, 25):
        due = drawn + timedelta(days=30 * seq)
        late = rng.choice([0, 0, 0, 5, 40])
        paid = due + timedelta(days=late)
        is_paid = paid <= TODAY and rng.random() < 0.95
        m.Instalment.objects.create(
            customer=customer,
            loan=loan,
            seq=seq,
            due_on=due,
            principal_amount=Decimal(10_000),
            interest_amount=Decimal(800),
            paid_on=paid if is_paid else None,
        )
        if is_paid:
            m.Repayment.objects.create(
                customer=customer,
                repayment_no=f"R{loan.pk}-{seq}",
                loan=loan,
                paid_on=paid,
                principal_amount=Decimal(10_000),
                interest_amount=Decimal(800),
                early_days=rng.choice([0, 0, 31]),
            )
    for number in range(rng.randint(0, 3)):
        applied = TODAY - timedelta(days=rng.randint(0, 900))
        m.LoanApplication.objects.create(
            customer=customer,
            application_no=f"A{customer.pk}-{number}",
            applied_on=applied,
            family="working_capital_loan",
            asked_amount=yuan(rng, 10_000, 90_000),
            asked_months=rng.choice([6, 12]),
            decision=rng.choice(["approved", "refused", "pending"]),
            decided_on=applied + timedelta(days=5),
        )
    m.PublicRecord.objects.create(
        customer=customer,
        kind=rng.choice(["lawsuit", "enforcement", "penalty"]),
        number=f"P{customer.pk}",
        opened_on=TODAY - timedelta(days=rng.randint(1, 900)),
        closed_on=rng.choice([None, TODAY - timedelta(days=1), TODAY + timedelta(days=9)]),
    )


def add_declared(rng, customer):
    """Facts told, seen or proved at different days."""
    for key in DECLARED_NUMBERS:
        for source in rng.sample(["visit", "statement", "registry"], rng.randint(0, 3)):
            m.DeclaredFact.objects.create(
                customer=customer,
                key=key,
                number=rng.randint(1, 500),
                as_of=TODAY - timedelta(days=rng.randint(1, 500)),
                source=source,
                quality=rng.choice(["verified", "declared", "estimated"]),
            )


def compute(as_of=TODAY):
    """Rollups and portraits of everybody, as the nightly run makes them."""
    rollups.rebuild()
    portrait_run.run_twice_if_first(as_of=as_of)


def row(customer):
    """The stored portrait as a dict, what tells of the run left out."""
    skipped = {"computed_at", "trigger", "version_no", "parameters"}
    stored = m.Portrait.objects.filter(pk=customer.pk).values().get()
    return {key: value for key, value in stored.items() if key not in skipped}
