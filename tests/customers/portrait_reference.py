"""The features again, in plain Python over the fact rows: what the SQL has to agree with."""

import math
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from crm.core.months import month_start
from customers import models as m
from customers.services.portrait_parameters import lunar_weights
from tests.customers.portrait_facts import LAST, TODAY


def window(rows, months, skip=0, last=LAST):
    """The rows of the months of a window."""
    return [row for row in rows if last - months - skip < row.ym <= last - skip]


def total(rows, name):
    """The sum of what is there; None of nothing."""
    values = [float(getattr(row, name)) for row in rows if getattr(row, name) is not None]
    return sum(values) if values else None


def mean(values):
    """The mean; None of nothing."""
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def share(part, whole, less=0.0):
    """part / whole - less; None where it has no meaning."""
    return None if part is None or not whole else part / whole - less


def months_of(model, customer):
    """The rows of a monthly fact, oldest first."""
    return list(model.objects.filter(customer=customer).order_by("ym"))


def flow_features(customer):
    """H07, H08, H09 and what hangs on them."""
    rows = [row for row in months_of(m.AccountFlow, customer) if LAST - 24 < row.ym <= LAST]
    for row in rows:
        told = row.business_inflow_amount
        row.business = float(row.inflow_amount if told is None else told)
    if not rows:
        return {}
    covered = min(12, LAST - rows[0].ym + 1)
    year = window(rows, 12)
    even = [row.business / season_weight(customer, row.ym) for row in year]
    middle = sum(even) / covered
    spread = math.sqrt(max(sum(x * x for x in even) / covered - middle**2, 0))
    before = {skip: total(window(rows, 3, skip), "business") for skip in (0, 3, 12, 15)}
    return {
        "inflow_month_12m": sum(row.business for row in year) / covered,
        "inflow_trend": share(before[0] or 0, before[12], 1) if rows[0].ym <= LAST - 14 else None,
        "inflow_trend_before": share(before[3] or 0, before[15], 1)
        if rows[0].ym <= LAST - 17
        else None,
        "inflow_cv_12m": spread / middle if covered >= 6 and middle > 0 else None,
        "active_months_12m": len([row for row in year if row.business > 0]),
    }


def season_weight(customer, ym):
    """The weight of a month of the trade's year; 1 is even."""
    return (customer.trade.season[ym % 12] * 12 or 1) if customer.trade else 1


def monthly_features(customer):
    """H03, H04, H10-H13 and the heads."""
    lines = months_of(m.LineUse, customer)
    deposits = months_of(m.DepositMonth, customer)
    takings = months_of(m.AcquiringMonth, customer)
    wages = months_of(m.PayrollMonth, customer)
    insured = months_of(m.SocialSecurityMonth, customer)
    power = months_of(m.ElectricityMonth, customer)
    channel = months_of(m.ChannelMonth, customer)
    used = [float(row.average_used_amount / row.limit_amount) for row in window(lines, 6)]
    peaks = [float(row.peak_used_amount / row.limit_amount) for row in window(lines, 12)]
    kwh = [window(power, 12), window(power, 12, 12)]
    taken = total(window(takings, 3), "received_amount")
    heads = total(window(wages, 3), "heads")
    return {
        "line_utilisation_6m": mean(used),
        "peak_utilisation_12m": max(peaks, default=None),
        "months_over_90_12m": len([peak for peak in peaks if peak > 0.9]) if peaks else None,
        "deposit_average_3m": mean([float(r.average_amount) for r in window(deposits, 3)]),
        "acquiring_month_3m": None if taken is None else taken / 3,
        "acquiring_receipts_3m": total(window(takings, 3), "receipts"),
        "mean_wage_3m": share(total(window(wages, 3), "wages_amount"), heads),
        "digital_days_3m": total(window(channel, 3), "active_days"),
        "electricity_change": share(total(kwh[0], "kwh"), total(kwh[1], "kwh"), 1)
        if len(kwh[0]) == len(kwh[1]) == 12
        else None,
        "employees": max(
            [r.heads for r in [*window(insured, 3), *window(wages, 3)]]
            + [value for value in [best_fact(customer, "employees")] if value is not None],
            default=None,
        ),
    }


def best_fact(customer, key, column="number", as_of=TODAY):
    """The newest valid value of the best quality (spec b.1)."""
    facts = m.DeclaredFact.objects.filter(
        customer=customer, key=key, is_withdrawn=False, as_of__lte=as_of
    )
    facts = list(facts)
    if not facts:
        return None
    newest = max(fact.as_of for fact in facts)
    near = [fact for fact in facts if (newest - fact.as_of).days <= 180]
    order = ["verified", "declared", "estimated"]
    near.sort(key=lambda fact: (order.index(fact.quality), -fact.as_of.toordinal(), -fact.pk))
    value = getattr(near[0], column)
    return float(value) if column == "number" else value or None


TOLD_NUMBERS = {
    "premises_area": "premises_area",
    "controller_industry_years": "controller_industry_years",
    "speed_need": "speed_need",
    "price_sensitivity": "price_sensitivity",
    "property_value": "guarantee_property",
    "competitor_amount": "competitor_amount",
    "competitor_rate": "competitor_rate",
    "credit_score": "credit_score",
    "total_assets": "total_assets",
}
TOLD_WORDS = {
    "premises": "premises",
    "controller_education": "controller_education",
    "family_in_business": "family_in_business",
    "wanted_purpose": "wanted_purpose",
    "competitor_lender": "competitor_lender",
    "service_manner": "service_manner",
    "credit_grade": "credit_grade",
    "cross_check_verdict": "cross_check_verdict",
}
PLEDGES = ("property", "movables", "receivables", "guarantors")


def told_features(customer):
    """B08, B09, N03-N06, N10, N11, C01, C04 and C10: what somebody stated or proved."""
    found = {name: best_fact(customer, key) for name, key in TOLD_NUMBERS.items()}
    found |= {name: best_fact(customer, key, "text") for name, key in TOLD_WORDS.items()}
    pledges = [best_fact(customer, f"guarantee_{name}") for name in PLEDGES]
    known = [value for value in pledges if value is not None]
    debts, assets = (best_fact(customer, f"total_{name}") for name in ("liabilities", "assets"))
    capital = best_fact(customer, "registered_capital")
    if capital is None and customer.registered_capital_amount is not None:
        capital = float(customer.registered_capital_amount)
    start = best_fact(customer, "start_on", "day") or customer.founded_on or customer.registered_on
    return found | {
        "guarantee_value": sum(known) if known else None,
        "debt_ratio": share(debts, assets),
        "registered_capital": capital,
        "paid_in_ratio": share(best_fact(customer, "paid_in_capital"), capital),
        "competitor_matures_on": best_fact(customer, "competitor_matures_on", "day"),
        "years_in_business": years_since(start),
    }


def outside_features(customer):
    """C02, C03, C07, B10 and the last visit."""
    summaries = m.BureauSummary.objects.filter(
        customer=customer, queried_on__lte=TODAY, expires_on__gt=TODAY
    )
    summary = summaries.order_by("-queried_on").first()
    taxes = m.TaxYear.objects.filter(customer=customer, published_on__lte=TODAY)
    tax = taxes.order_by("-year").first()
    titles = m.Certificate.objects.filter(customer=customer, valid_from__lte=TODAY)
    valid = [t for t in titles if t.valid_to is None or t.valid_to >= TODAY]
    return {
        "bureau_has_overdue": summary.has_open_overdue if summary else None,
        "lenders": summary.lenders if summary else None,
        "hard_queries_6m": summary.hard_queries_6m if summary else None,
        "tax_grade": tax.grade if tax else None,
        "certificate_expires_on": min((t.valid_to for t in valid if t.valid_to), default=None),
    }


def lending_features(customer):
    """H01, H02, H05, H06, H14, balances and applications."""
    start, until = month_start(LAST - 23), month_start(LAST + 1)
    parts = list(m.Instalment.objects.filter(customer=customer, loan__drawn_on__lte=TODAY))
    due = [part for part in parts if start <= part.due_on < until]
    on_time = [part for part in due if part.paid_on and part.paid_on <= part.due_on]
    seen = [part for part in parts if start <= part.due_on <= TODAY]
    delays = [(min(part.paid_on or TODAY, TODAY) - part.due_on).days for part in seen]
    open_parts = [
        part for part in parts if part.due_on < TODAY and (not part.paid_on or part.paid_on > TODAY)
    ]
    paid = [r for r in m.Repayment.objects.filter(customer=customer) if r.paid_on <= TODAY]
    window_paid = [r for r in paid if start <= r.paid_on < until]
    principal = sum(float(r.principal_amount) for r in window_paid)
    early = sum(float(r.principal_amount) for r in window_paid if r.early_days > 30)
    has_had = any(loan.drawn_on <= TODAY for loan in customer_loans(customer))
    asked = m.LoanApplication.objects.filter(customer=customer, applied_on__gte=start)
    asked = [a for a in asked if a.applied_on < until]
    approved = [a for a in asked if a.decision == "approved" and a.decided_on <= TODAY]
    return {
        "applications_24m": len(asked),
        "approval_rate_24m": share(len(approved), len(asked)),
        "on_time_share_24m": share(len(on_time), len(due)),
        "longest_delay_days_24m": max([0, *delays]) if delays else None,
        "days_past_due": max([(TODAY - part.due_on).days for part in open_parts], default=0)
        if has_had
        else None,
        "overdue_amount": sum(float(p.principal_amount + p.interest_amount) for p in open_parts)
        if has_had
        else None,
        "early_repayment_share_24m": share(early, principal),
        "loan_balance": open_balance(customer, paid),
    }


def open_balance(customer, paid):
    """What is still owed on the loans that are open on the day; None of a mere prospect."""
    loans = [loan for loan in customer_loans(customer) if loan.drawn_on <= TODAY]
    if not loans and customer.relation_state == "prospect":
        return None
    found = 0.0
    for loan in loans:
        if loan.closed_on is None or loan.closed_on > TODAY:
            repaid = sum(float(r.principal_amount) for r in paid if r.loan_id == loan.pk)
            found += max(float(loan.principal_amount) - repaid, 0)
    return found


def customer_loans(customer):
    """All loans of a customer."""
    return m.Loan.objects.filter(customer=customer)


def invoice_features(customer):
    """I01 to I15."""
    rows = [r for r in m.Invoice.objects.filter(customer=customer) if r.ym <= LAST]
    if not rows:
        return {}
    first, end = min(r.ym for r in rows), max(r.ym for r in rows)
    valid = [r for r in rows if not r.is_void]
    sales = [r for r in valid if r.side == "S"]
    bought = [r for r in valid if r.side == "P"]
    year = window(sales, 12, last=end)
    covered = min(12, end - first + 1)
    by_month = defaultdict(float)
    for r in year:
        by_month[r.ym] += float(r.net_amount)
    out, inward = total(year, "net_amount"), total(window(bought, 12, last=end), "net_amount")
    plus = sum(float(r.net_amount) for r in year if r.net_amount > 0)
    red = -sum(float(r.net_amount) for r in year if r.net_amount < 0)
    voids = [r for r in rows if r.side == "S" and r.is_void and end - 12 < r.ym <= end]
    days = sorted({r.issued_on for r in sales})
    gaps = [
        (later - earlier).days
        for earlier, later in pairwise(days)
        if month_start(end - 11) <= later < month_start(end + 1)
    ]
    old = total(window(sales, 12, 12, last=end), "net_amount")
    quarter = total(window(sales, 3, last=end), "net_amount") or 0
    weights = lunar_weights(end)
    like = sum(
        float(r.net_amount) * weights[end - r.ym] for r in sales if end - r.ym < len(weights)
    )
    peak = max(by_month.items(), key=lambda item: item[1], default=None)
    newest = max((r.issued_on for r in valid if end - 24 < r.ym), default=None)
    two_years = first <= end - 23
    return {
        "sales_month_12m": (out or 0) / covered,
        "purchases_month_12m": (inward or 0) / covered,
        "value_added_12m": out - inward if year and window(bought, 12, last=end) else None,
        "sales_growth_12m": share(out or 0, max(old or 0, 0), 1) if two_years else None,
        "sales_growth_lunar": share(quarter, max(like, 0), 1) if first <= end - 16 else None,
        "sales_peak_month": peak[0] % 12 + 1 if covered == 12 and out and out > 0 else None,
        "void_rate_12m": share(len(voids), len(voids) + len(year)),
        "return_rate_12m": share(red, plus),
        "invoices_12m": len(year),
        "months_without_sales_12m": covered - len({r.ym for r in year}),
        "longest_silence_days_12m": max(gaps, default=None),
        "last_activity_on": newest,
        "days_since_activity": (TODAY - newest).days if newest else None,
        **partner_features("buyer", sales, end, two_years_known=first <= end - 11),
        **partner_features("supplier", bought, end, two_years_known=first <= end - 11),
    }


def partner_features(name, rows, end, *, two_years_known):
    """Shares, concentration, arrival and loss of one side's counterparties."""
    year, months = defaultdict(float), defaultdict(set)
    for r in window(rows, 24, last=end):
        months[r.counterparty].add(r.ym)
        if r.ym > end - 12:
            year[r.counterparty] += float(r.net_amount)
    amounts = sorted((value for value in year.values() if value > 0), reverse=True)
    whole = sum(amounts)
    known = two_years_known and window(rows, 12, last=end)
    new = [who for who, seen in months.items() if min(seen) > end - 6]
    lost = [who for who, seen in months.items() if end - 18 < max(seen) <= end - 6]
    return {
        f"top1_{name}_share_12m": share(amounts[0] if amounts else None, whole),
        f"top5_{name}_share_12m": share(sum(amounts[:5]) if amounts else None, whole),
        f"{name}_hhi_12m": share(sum(x * x for x in amounts) if amounts else None, whole * whole),
        f"{name}s_12m": len(amounts) or None,
        f"new_{name}s_6m": len(new) if known else None,
        f"lost_{name}s_6m": len(lost) if known else None,
    }


def record_features(customer):
    """C08 and the places with them."""
    rows = [r for r in m.PublicRecord.objects.filter(customer=customer) if r.opened_on <= TODAY]
    if not rows and customer.registry_status == "unknown":
        return dict.fromkeys(("open_enforcements", "penalties_24m", "lawsuits_24m"))
    still = [r for r in rows if r.closed_on is None or r.closed_on > TODAY]
    since = month_start(LAST - 23)
    return {
        "open_enforcements": len([r for r in still if r.kind == "enforcement"]),
        "penalties_24m": len([r for r in rows if r.kind == "penalty" and r.opened_on >= since]),
        "lawsuits_24m": len([r for r in rows if r.kind == "lawsuit" and r.opened_on >= since]),
    }


def years_since(day):
    """Years from a day to today."""
    return None if day is None else (TODAY - day) / timedelta(days=365.25)


def all_features(customer):
    """Everything this reference knows."""
    return {
        **flow_features(customer),
        **monthly_features(customer),
        **lending_features(customer),
        **invoice_features(customer),
        **record_features(customer),
        **told_features(customer),
        **outside_features(customer),
    }
