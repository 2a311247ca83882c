"""Rows of holdings, lines, loans with their schedules and repayments, use of lines, collateral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from customers.demo.draw import Column, fen, text_numbers, words
from customers.demo.latent import EXISTING, Latent
from customers.demo.lending import (
    GUARANTEES,
    LENDING,
    MODES,
    PROGRAMMES,
    Drawdowns,
    Facilities,
)
from customers.demo.needs import FAMILIES, Held
from customers.demo.parties import Placed
from customers.demo.plan import Days, Floats, Ints, Plan, add_months, month_days
from customers.demo.repay import CLASSES, Payments, principal_moves, used_by_month
from customers.demo.schedule import Schedules
from customers.demo.writer import Keys, Sheets
from customers.models import (
    Collateral,
    CreditLine,
    Holding,
    Instalment,
    LineUse,
    Loan,
    LoanApplication,
    Repayment,
)

NAT = np.datetime64("NaT")
LINE_YEARS = 3
HAS_LINE = np.array([PROGRAMMES[family].has_line for family in LENDING])
PRODUCTS = {
    "payment_settlement": "PS01", "account_card": "AC01", "online_payment": "OP02",
    "acquiring": "OP01", "payroll": "PY01", "deposit": "DP02", "wealth": "WM01",
    "insurance": "IS01", "ecommerce": "EC01", "credit_card": "CC01", "guarantee_letter": "",
} | {family: programme.product for family, programme in PROGRAMMES.items()}  # fmt: skip


@dataclass
class Book:
    """The credit side of a block, and the keys its rows got."""

    lent: Facilities
    loans: Drawdowns
    made: Schedules
    paid: Payments
    loan_ids: Ints
    debt: Floats  # yuan owed to us, by customer


def make_book(
    latent: Latent, lent: Facilities, loans: Drawdowns, made: Schedules, paid: Payments, keys: Keys
) -> Book:
    """The book with its keys."""
    debt = np.bincount(loans.customer, paid.balance / 100, latent.size)
    return Book(lent, loans, made, paid, keys.take(Loan, len(loans.customer)), debt)


def add_credit(
    plan: Plan, block: int, latent: Latent, book: Book, placed: Placed, sheets: Sheets, keys: Keys
) -> None:
    """Lines, loans, instalments, repayments, use of lines, collateral and applications."""
    line_ids = _add_lines(plan, latent, book, placed, sheets, keys)
    _add_loans(latent, book, placed, line_ids, sheets)
    _add_instalments(book, placed, sheets)
    _add_repayments(latent, book, placed, sheets)
    _add_line_use(plan, latent, book, placed, sheets)
    _add_collateral(plan, block, latent, book, placed, sheets)
    _add_applications(plan, block, latent, book, placed, sheets)


def _add_lines(
    plan: Plan, latent: Latent, book: Book, placed: Placed, sheets: Sheets, keys: Keys
) -> pa.Array:
    """One line a facility of the families that have lines; granted anew every three years."""
    lent = book.lent
    rows = np.flatnonzero(HAS_LINE[lent.family])
    ids = keys.take(CreditLine, len(rows))
    years = (plan.today - lent.opened[rows]).astype(np.int64) // (365 * LINE_YEARS)
    granted = add_months(lent.opened[rows], np.maximum(years, 0) * 12 * LINE_YEARS)
    expires = add_months(granted, np.full(len(rows), 12 * LINE_YEARS))
    ends = lent.ends[rows]
    expires = np.where(np.isnat(ends), expires, np.maximum(np.minimum(expires, ends), granted + 1))
    sheets.add(
        CreditLine,
        len(rows),
        {
            "id": ids,
            "customer_id": placed.ids[lent.customer[rows]],
            "line_no": _numbered("L", latent.serial[lent.customer[rows]], lent.family[rows]),
            "family": words(LENDING, lent.family[rows]),
            "limit_amount": fen(lent.limit[rows]),
            "granted_on": granted,
            "expires_on": expires,
            "guarantee_mode": words(GUARANTEES, lent.guarantee[rows]),
        },
    )
    of_facility = np.full(len(lent.customer), -1)
    of_facility[rows] = ids
    return pa.array(of_facility, mask=of_facility < 0)


def _numbered(prefix: str, serial: Ints, *parts: Ints) -> pa.Array:
    """Contract numbers: a letter, the customer's serial, then what tells its contracts apart."""
    return text_numbers(prefix, (serial + 1, 9), *((part, 3) for part in parts))


def _add_loans(
    latent: Latent, book: Book, placed: Placed, line_ids: pa.Array, sheets: Sheets
) -> None:
    loans, lent, facility = book.loans, book.lent, book.loans.facility
    again = (loans.number > 0) & (lent.term[facility] == 12)
    sheets.add(
        Loan,
        len(loans.customer),
        {
            "id": book.loan_ids,
            "customer_id": placed.ids[loans.customer],
            "loan_no": loan_numbers(latent, book),
            "line_id": line_ids.take(pa.array(facility)),
            "family": words(LENDING, lent.family[facility]),
            "product_code": words([PRODUCTS[f] for f in LENDING], lent.family[facility]),
            "principal_amount": fen(loans.principal),
            "balance_amount": book.paid.balance,
            "rate": lent.rate[facility],
            "drawn_on": loans.drawn,
            "matures_on": loans.matures,
            "closed_on": book.paid.closed,
            "repayment_mode": words(MODES, lent.mode[facility]),
            "guarantee_mode": words(GUARANTEES, lent.guarantee[facility]),
            "five_class": words(CLASSES, book.paid.five_class),
            "is_first_loan": _first(latent, book),
            "is_renewal": again,
        },
    )


def loan_numbers(latent: Latent, book: Book) -> pa.Array:
    """One number a loan."""
    loans = book.loans
    family = book.lent.family[loans.facility]
    return _numbered("D", latent.serial[loans.customer], family, loans.number)


def _first(latent: Latent, book: Book) -> np.ndarray:
    """The first drawdown here of customers that never borrowed elsewhere."""
    loans = book.loans
    day = np.full(latent.size, np.datetime64("9999-01-01"))
    np.minimum.at(day, book.lent.customer, book.lent.opened)
    fresh = latent.serial % 2 == 0
    return (loans.number == 0) & (loans.drawn == day[loans.customer]) & fresh[loans.customer]


def _add_instalments(book: Book, placed: Placed, sheets: Sheets) -> None:
    loan, column = np.nonzero(book.made.is_row)
    sequence = np.cumsum(book.made.is_row, axis=1)[loan, column]
    sheets.add(
        Instalment,
        len(loan),
        {
            "customer_id": placed.ids[book.loans.customer[loan]],
            "loan_id": book.loan_ids[loan],
            "seq": sequence,
            "due_on": book.made.due[loan, column],
            "principal_amount": book.made.principal[loan, column],
            "interest_amount": book.made.interest[loan, column],
            "paid_on": book.paid.paid_on[loan, column],
        },
    )


def _add_repayments(latent: Latent, book: Book, placed: Placed, sheets: Sheets) -> None:
    made, loans = book.made, book.loans
    loan, column = np.nonzero(book.paid.is_paid & (made.principal + made.interest > 0))
    early = (loans.matures[loan] - made.due[loan, column]).astype(np.int64)
    is_early = made.due[loan, column] == loans.cut[loan]
    numbers = pa.compute.binary_join_element_wise(
        loan_numbers(latent, book).take(pa.array(loan)), text_numbers("", (column + 1, 2)), "-"
    )
    sheets.add(
        Repayment,
        len(loan),
        {
            "customer_id": placed.ids[loans.customer[loan]],
            "repayment_no": numbers,
            "loan_id": book.loan_ids[loan],
            "paid_on": book.paid.paid_on[loan, column],
            "principal_amount": made.principal[loan, column],
            "interest_amount": made.interest[loan, column],
            "early_days": np.where(is_early, np.maximum(early, 0), 0),
        },
    )


def _add_line_use(plan: Plan, latent: Latent, book: Book, placed: Placed, sheets: Sheets) -> None:
    """A month's use of all lines of a customer, from what was drawn and repaid."""
    lent = book.lent
    rows = np.flatnonzero(HAS_LINE[lent.family])
    average, peak = used_by_month(
        plan, principal_moves(book.loans, book.made, book.paid), len(lent.customer)
    )
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 1))
    ends = np.where(np.isnat(lent.ends[rows]), np.datetime64("9999-01-01"), lent.ends[rows])
    is_open = (lent.opened[rows, None] < starts + 31) & (ends[:, None] > starts)
    limit = fen(lent.limit[rows])[:, None] * is_open
    totals = np.zeros((3, latent.size, plan.months))
    for total, part in zip(totals, (limit, average[rows], peak[rows]), strict=True):
        np.add.at(total, lent.customer[rows], np.where(is_open, np.minimum(part, limit), 0))
    customer, month = np.nonzero(totals[0] > 0)
    sheets.add(
        LineUse,
        len(customer),
        {
            "customer_id": placed.ids[customer],
            "ym": plan.first_ym + month,
            "limit_amount": totals[0][customer, month].astype(np.int64),
            "average_used_amount": np.rint(totals[1][customer, month]).astype(np.int64),
            "peak_used_amount": np.maximum(totals[1], totals[2])[customer, month].astype(np.int64),
        },
    )


def _add_collateral(
    plan: Plan, block: int, latent: Latent, book: Book, placed: Placed, sheets: Sheets
) -> None:
    dice = plan.rng(block, "collateral").random((latent.size, 2))
    lent = book.lent
    secured = np.isin(lent.guarantee, (1, 2)) & np.isin(lent.family, np.flatnonzero(HAS_LINE))
    rows = np.flatnonzero(secured | (lent.guarantee == 1))
    customer = lent.customer[rows]
    loan_to_value = np.where(lent.guarantee[rows] == 1, 0.7, 0.5)
    value = lent.limit[rows] / loan_to_value * (1.0 + 0.6 * dice[customer, 0])
    valued = lent.opened[rows] - (5 + 40 * dice[customer, 1]).astype("timedelta64[D]")
    kinds = np.where(lent.guarantee[rows] == 1, 0, 1 + latent.serial[customer] % 2)
    sheets.add(
        Collateral,
        len(rows),
        {
            "customer_id": placed.ids[customer],
            "collateral_no": _numbered("K", latent.serial[customer], lent.family[rows]),
            "kind": words(("property", "receivables", "equipment"), kinds),
            "value_amount": fen(np.round(value, -3)),
            "loan_to_value": loan_to_value,
            "valued_on": valued,
            "released_on": lent.ends[rows],
        },
    )


def _add_applications(
    plan: Plan, block: int, latent: Latent, book: Book, placed: Placed, sheets: Sheets
) -> None:
    """What was asked for each loan, and what was refused, withdrawn or is still open."""
    dice = plan.rng(block, "applications")
    loans, lent = book.loans, book.lent
    chance = dice.random((len(loans.customer), 2))
    asked_on = loans.drawn - (3 + 22 * chance[:, 0]).astype("timedelta64[D]")
    decided = asked_on + ((loans.drawn - asked_on).astype(np.int64) // 2).astype("timedelta64[D]")
    asked = loans.principal * np.where(chance[:, 1] < 0.3, 1.3, 1.0)
    granted: dict[str, Column] = {
        "customer_id": placed.ids[loans.customer],
        "application_no": loan_numbers(latent, book),
        "applied_on": asked_on,
        "family": words(LENDING, lent.family[loans.facility]),
        "asked_amount": fen(np.round(asked, -3)),
        "asked_months": loans.term,
        "purpose": words(
            ("stock", "equipment", "fit_out", "farm_season", "expansion"),
            _purpose(lent.family[loans.facility], loans.customer),
        ),
        "decision": "approved",
        "decided_on": decided,
    }
    sheets.add(LoanApplication, len(loans.customer), granted)
    _add_refused(plan, block, latent, placed, sheets)


def _purpose(family: Ints, customer: Ints) -> Ints:
    """Equipment, fit-out, the season for the families made for them; else mostly stock."""
    special = {"fixed_asset_loan": 1, "startup_guaranteed_loan": 2, "farm_production_loan": 3}
    by_family = np.array([special.get(name, 0) for name in LENDING])[family]
    return np.where((by_family == 0) & (customer % 6 == 0), 4, by_family)


def _add_refused(plan: Plan, block: int, latent: Latent, placed: Placed, sheets: Sheets) -> None:
    dice = plan.rng(block, "refused")
    chance = dice.random((latent.size, 4))
    odds = 0.05 + 0.05 * (latent.traits["appetite"] > 0.5) + 0.08 * (latent.traits["quality"] < -1)
    may = (latent.state == EXISTING) & (latent.kind < 6) & (latent.revenue[:, -1] > 0)
    rows = np.flatnonzero(may & (chance[:, 0] < odds))
    state = np.where(chance[rows, 1] < 0.10, 2, np.where(chance[rows, 1] < 0.28, 1, 0))
    days = np.where(state == 2, 1 + 12 * chance[rows, 2], 25 + 600 * chance[rows, 2]).astype(int)
    days = np.minimum(days, np.maximum(latent.since_months[rows] * 30 - 5, 1))
    applied = plan.today - days.astype("timedelta64[D]")
    decided = np.where(state == 2, NAT, np.minimum(applied + 9, plan.today))
    sheets.add(
        LoanApplication,
        len(rows),
        {
            "customer_id": placed.ids[rows],
            "application_no": _numbered("R", latent.serial[rows]),
            "applied_on": applied,
            "family": words(("working_capital_loan", "loan"), (latent.kind[rows] >= 2).astype(int)),
            "asked_amount": fen(np.round(latent.yearly[rows] * (0.1 + 0.3 * chance[rows, 3]), -4))
            + 1_000_000,
            "asked_months": 12,
            "purpose": "stock",
            "decision": words(("refused", "withdrawn", "pending"), state),
            "decided_on": decided,
        },
    )


def add_holdings(
    plan: Plan, latent: Latent, held: Held, book: Book, end: Ints, placed: Placed, sheets: Sheets
) -> None:
    """Every product held, with its balance; ``end`` is fen on the account at the last month end."""
    opened, closed = held.opened.copy(), held.closed.copy()
    balance = np.full(opened.shape, np.nan)
    _credit_holdings(book, opened, closed, balance)
    place = {family: number for number, family in enumerate(FAMILIES)}
    spread = (latent.serial % 29) / 29
    balance[:, place["deposit"]] = np.round(latent.yearly * (0.01 + 0.06 * spread), -3) + 1_000
    balance[:, place["wealth"]] = np.round(latent.yearly * (0.02 + 0.08 * spread), -4) + 10_000
    balance[:, place["credit_card"]] = np.round(500 + 30_000 * spread**2, 2)
    for family in ("payment_settlement", "account_card"):
        balance[:, place[family]] = end / 100
    customer, family_no = np.nonzero(~np.isnat(opened))
    is_closed = ~np.isnat(closed[customer, family_no])
    amounts = np.where(is_closed, 0.0, balance[customer, family_no])
    sheets.add(
        Holding,
        len(customer),
        {
            "customer_id": placed.ids[customer],
            "contract_no": _numbered("H", latent.serial[customer], family_no),
            "family": words(FAMILIES, family_no),
            "product_code": words([PRODUCTS[f] for f in FAMILIES], family_no),
            "opened_on": opened[customer, family_no],
            "closed_on": closed[customer, family_no],
            "balance_amount": amounts,
            "balance_on": month_days(np.array([plan.last_ym + 1]))[0].astype(object),
        },
    )


def _credit_holdings(book: Book, opened: Days, closed: Days, balance: Floats) -> None:
    """Credit is held from the day of the facility until its last loan is paid."""
    lent, loans = book.lent, book.loans
    owed = np.bincount(loans.facility, book.paid.balance / 100, len(lent.customer))
    last = np.full(len(lent.customer), np.datetime64("1900-01-01"))
    done = np.where(np.isnat(book.paid.closed), np.datetime64("1900-01-01"), book.paid.closed)
    np.maximum.at(last, loans.facility, done)
    column = np.array([FAMILIES.index(family) for family in LENDING])[lent.family]
    opened[lent.customer, column] = lent.opened
    ended = np.where(owed > 0, NAT, np.maximum(np.maximum(lent.ends, last), lent.opened))
    ended = np.where(np.isnat(lent.ends), NAT, ended)
    closed[lent.customer, column] = ended
    balance[lent.customer, column] = owed
