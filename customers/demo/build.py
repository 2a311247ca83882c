"""Builds the demo bank block by block: states, then what follows from them, then COPY."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from crm.core.months import month_start
from crm.core.partitions import ensure_partitions
from customers import models
from customers.demo import credit_rows, ledger_told, month_rows, papers, parties, ties, told
from customers.demo.bulk import without_keys
from customers.demo.flows import account_flows, services
from customers.demo.invoices import draw_invoices, issues_invoices
from customers.demo.latent import Latent, draw_latent
from customers.demo.lending import choose_arrears, draw_down, draw_facilities
from customers.demo.names import Names, draw_names, outside_firms
from customers.demo.needs import Held, hold_products
from customers.demo.org import Staff, build_staff
from customers.demo.plan import BLOCK, Floats, Plan, month_days
from customers.demo.reference import Reference, load_reference_arrays, season_by_month
from customers.demo.repay import by_month, pay, principal_moves
from customers.demo.schedule import make_schedules
from customers.demo.writer import Keys, Sheets

LOADED = (
    models.Customer, models.Contact, models.CustomerIdentifier, models.CustomerAssignment,
    models.TerritoryMember, models.Relation, models.ChainLink, models.Consent, models.Certificate,
    models.Holding, models.LoanApplication, models.CreditLine, models.Loan, models.Instalment,
    models.Repayment, models.Collateral, models.AccountFlow, models.DepositMonth, models.LineUse,
    models.AcquiringMonth, models.PayrollMonth, models.SocialSecurityMonth,
    models.ElectricityMonth, models.ChannelMonth, models.Invoice, models.TaxYear,
    models.BureauSummary, models.PublicRecord, models.DeclaredFact, models.Touch,
    models.ProcureMode, models.SettleMode,
)  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class World:
    """What all blocks share."""

    ref: Reference
    season: Floats
    staff: Staff
    outside: list[str]
    templates: dict[str, int]


@transaction.atomic
def build_bank(plan: Plan, say: Say) -> Counter[str]:
    """The bank and its customers are in the database, whole or not at all; rows by table."""
    ref = load_reference_arrays()
    invoices = models.Invoice._meta.db_table
    ensure_partitions([invoices], first=month_start(plan.first_ym), last=plan.as_of)
    with without_keys(LOADED):
        staff = build_staff(plan)
        season = season_by_month(ref.trades, plan.months_and_history())
        world = World(ref, season, staff, outside_firms(plan), papers.consent_templates())
        rows = _fill(plan, world, say)
        say("keys and indexes")
    return rows


def _fill(plan: Plan, world: World, say: Say) -> Counter[str]:
    """Every block is in the database, one after the other."""
    keys, sheets = Keys(), Sheets()
    rows: Counter[str] = Counter()
    began = time.monotonic()
    for block in range(-(-plan.customers // BLOCK)):
        fill_block(plan, block, world, keys, sheets)
        rows.update(sheets.copy())
        done = min((block + 1) * BLOCK, plan.customers)
        rate = done / (time.monotonic() - began)
        say(f"{done:,} / {plan.customers:,} customers, {sum(rows.values()):,} rows, {rate:,.0f}/s")
    keys.settle()
    return rows


def fill_block(plan: Plan, block: int, world: World, keys: Keys, sheets: Sheets) -> None:
    """All rows of one block are in ``sheets``."""
    ref = world.ref
    latent = draw_latent(plan, block, ref, world.season)
    names = draw_names(plan, block, latent, ref)
    held = hold_products(plan, block, latent, ref)
    lent = draw_facilities(plan, block, latent, held)
    choose_arrears(plan, block, latent, lent)
    placed = parties.place_customers(plan, block, latent, names, world.staff, keys)
    _add_parties(plan, block, latent, names, placed, world, sheets, keys)
    loans = draw_down(plan, block, latent, lent)
    trade = latent.trade[loans.customer]
    made = make_schedules(
        loans, lent.mode[loans.facility], lent.rate[loans.facility], ref.trades.season[trade]
    )
    paid = pay(plan, block, latent, loans, made)
    book = credit_rows.make_book(latent, lent, loans, made, paid, keys)
    credit_rows.add_credit(plan, block, latent, book, placed, sheets, keys)
    end = _add_months(plan, block, latent, held, book, placed, world, sheets)
    credit_rows.add_holdings(plan, latent, held, book, end, placed, sheets)
    _add_papers(plan, block, latent, names, book, placed, world, sheets, keys)


def _add_parties(
    plan: Plan, block: int, latent: Latent, names: Names, placed: parties.Placed, world: World,
    sheets: Sheets, keys: Keys,
) -> None:  # fmt: skip
    parties.add_customers(plan, latent, names, placed, world.ref, sheets)
    parties.add_contacts(plan, block, latent, names, placed, sheets, keys)
    parties.add_identifiers(plan, block, latent, names, placed, sheets, keys)
    parties.add_assignments(plan, block, latent, placed, world.staff, sheets)
    parties.add_territories(plan, block, latent, names, placed, world.ref, world.staff, sheets)


def _add_months(
    plan: Plan, block: int, latent: Latent, held: Held, book: credit_rows.Book,
    placed: parties.Placed, world: World, sheets: Sheets,
) -> Floats:  # fmt: skip
    """Flows, services and channels; returns the last balance of each account, in fen."""
    moves = principal_moves(book.loans, book.made, book.paid)
    loan, column = np.nonzero(book.paid.is_paid)
    interest = by_month(
        plan,
        book.loans.customer[loan],
        book.paid.paid_on[loan, column],
        book.made.interest[loan, column].astype(float),
        latent.size,
    )
    flows = account_flows(plan, block, latent, world.ref, moves, interest)
    months = month_rows.Months(plan, placed, sheets)
    month_rows.add_flows(months, flows)
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 1))
    online = held.is_open("online_payment", starts)
    month_rows.add_services(months, latent, services(plan, block, latent, world.ref, held), online)
    return np.where(flows.is_ours[:, -1], flows.end[:, -1], 0)


def _add_papers(
    plan: Plan, block: int, latent: Latent, names: Names, book: credit_rows.Book,
    placed: parties.Placed, world: World, sheets: Sheets, keys: Keys,
) -> None:  # fmt: skip
    """Invoices, ties, consents, tax, bureau, courts, and what was told."""
    shares = issues_invoices(plan, block, latent)
    sides = draw_invoices(plan, block, latent, world.ref, shares, len(world.outside))
    month_rows.add_invoices(sides, placed, names.name, world.outside, sheets)
    ties.add_relations(plan, block, latent, book, placed, sheets)
    ties.add_chains(plan, latent, names, placed, world.ref, sides, world.outside, sheets, keys)
    ties.add_certificates(plan, block, latent, placed, world.ref, sheets)
    known = told.draw_knowledge(plan, block, latent)
    consent = papers.add_consents(
        plan, block, latent, names, book, shares, placed, world.templates, sheets, keys
    )
    papers.add_tax_years(plan, block, latent, shares, placed, sheets)
    papers.add_bureau(plan, block, latent, book, consent, known.elsewhere, placed, sheets)
    papers.add_records(plan, block, latent, book, placed, sheets)
    more = ledger_told.ledger_facts(plan, block, latent, known, world.ref)
    told.add_facts(plan, block, latent, known, book.debt, placed, world.ref, sheets, more)
    ledger_told.add_settlement(plan, block, latent, known, placed, world.ref, sheets)
    told.add_touches(plan, block, latent, known, placed, sheets)
