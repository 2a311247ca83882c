"""Rows of consents, tax years, bureau summaries and public records."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np

from customers.demo.credit_rows import Book
from customers.demo.draw import fen, words
from customers.demo.latent import LOST, PROSPECT, Latent
from customers.demo.names import Names
from customers.demo.parties import Placed
from customers.demo.plan import Flags, Ints, Plan, ym_of_days
from customers.demo.writer import Keys, Sheets
from customers.models import BureauSummary, Consent, ConsentTemplate, PublicRecord, TaxYear

# key, title, wording, purposes, kinds of data, separate
TEMPLATES = (
    (
        "customer_data",
        "客户信息使用授权书",
        "本人（本单位）同意贵行为提供金融服务收集、使用与本业务有关的经营信息。",
        ["service", "marketing"],
        ["profile", "account"],
        False,
    ),
    (
        "credit_report",
        "征信查询授权书",
        "本人（本单位）同意贵行查询、使用本人（本单位）的信用报告，用于贷款审批和贷后管理。",
        ["credit"],
        ["bureau"],
        True,
    ),
    (
        "business_data",
        "涉税及经营数据授权书",
        "本单位同意贵行获取本单位的发票、纳税、社保和用电信息，用于授信评估和贷后管理。",
        ["credit", "monitoring"],
        ["invoice", "tax", "social_security", "electricity"],
        True,
    ),
)
TAX_PUBLISHED = (4, 30)  # month and day of the year after


def consent_templates() -> dict[str, int]:
    """The wordings exist; their keys."""
    found = {}
    for key, title, body, purposes, kinds, separate in TEMPLATES:
        defaults = {
            "title": title,
            "body": body,
            "purposes": purposes,
            "data_kinds": kinds,
            "is_separate": separate,
        }
        row, _made = ConsentTemplate.objects.get_or_create(key=key, version=1, defaults=defaults)
        found[key] = row.pk
    return found


def add_consents(
    plan: Plan, block: int, latent: Latent, names: Names, book: Book, shares: Flags, placed: Placed,
    templates: dict[str, int], sheets: Sheets, keys: Keys,
) -> Ints:  # fmt: skip
    """Who agreed to what; returns the key of each customer's bureau consent, 0 without one."""
    dice = plan.rng(block, "consents")
    borrows = np.zeros(latent.size, dtype=bool)
    borrows[book.lent.customer] = True
    wanted = {
        "customer_data": (latent.state != PROSPECT) & (dice.random(latent.size) < 0.85),
        "credit_report": borrows,
        "business_data": shares,
    }
    bureau = np.zeros(latent.size, dtype=np.int64)
    start = np.where(np.isnat(placed.since), plan.today - 120, placed.since)
    for key, agreed in wanted.items():
        rows = np.flatnonzero(agreed)
        ids = keys.take(Consent, len(rows))
        recent = plan.today - (10 + dice.random(latent.size) * 600).astype("timedelta64[D]")
        from_on = np.maximum(start, recent)[rows]
        withdrawn = np.where(dice.random(latent.size) < 0.012, plan.today, np.datetime64("NaT"))
        sheets.add(
            Consent,
            len(rows),
            {
                "id": ids,
                "customer_id": placed.ids[rows],
                "template_id": templates[key],
                "person_name": [names.person[n] for n in rows.tolist()],
                "channel": words(("branch", "mobile", "visit"), latent.serial[rows] % 3),
                "evidence_sha256": [
                    hashlib.sha256(f"{key}{n}".encode()).hexdigest()
                    for n in latent.serial[rows].tolist()
                ],
                "from_on": from_on,
                "until_on": from_on + 730,
                "withdrawn_at": withdrawn[rows].astype("datetime64[s]"),
            },
        )
        if key == "credit_report":
            bureau[rows] = ids
    return bureau


def add_tax_years(
    plan: Plan, block: int, latent: Latent, shares: Flags, placed: Placed, sheets: Sheets
) -> None:
    """Grades and sales of the years that the tax office has published, for those who share them."""
    chance = plan.rng(block, "tax").random((latent.size, 4))
    months = plan.months_and_history()
    start_year = placed.started.astype("datetime64[Y]").astype(np.int64) + 1970
    last = plan.as_of.year - 1
    if plan.as_of < date(plan.as_of.year, *TAX_PUBLISHED):
        last -= 1
    for back in range(3):
        year = last - back
        inside = (months // 12) == year
        rows = np.flatnonzero(shares & (start_year <= year))
        if inside.sum() < 6 or len(rows) == 0:
            continue
        seen = latent.revenue[rows][:, inside].sum(axis=1) * 12 / inside.sum()
        sales = seen * (1 - 0.6 * latent.cash_share[rows])
        score = latent.traits["quality"][rows] + chance[rows, back] - 0.5
        grade = np.searchsorted([-1.9, -1.0, 0.9], score, side="right")
        grade = np.where(year - start_year[rows] < 2, 4, grade)
        arrears = np.where((grade == 0) & (chance[rows, 3] < 0.4), np.round(sales * 0.004, 2), 0.0)
        sheets.add(
            TaxYear,
            len(rows),
            {
                "customer_id": placed.ids[rows],
                "year": year,
                "grade": words(("D", "C", "B", "A", "M"), grade),
                "taxable_sales_amount": fen(sales),
                "paid_amount": fen(sales * (0.012 + 0.02 * chance[rows, 3])),
                "arrears_amount": fen(arrears),
                "published_on": date(year + 1, *TAX_PUBLISHED),
            },
        )


def add_bureau(
    plan: Plan, block: int, latent: Latent, book: Book, consent: Ints, elsewhere: np.ndarray,
    placed: Placed, sheets: Sheets,
) -> None:  # fmt: skip
    """The newest summary of each borrower; ``elsewhere`` is yuan owed to other banks."""
    dice = plan.rng(block, "bureau")
    rows = np.flatnonzero((consent > 0) & (latent.state != LOST))
    age = np.minimum(3 + dice.random(latent.size)[rows] * 200, 30 * latent.since_months[rows] - 1)
    queried = plan.today - np.maximum(age, 1).astype("timedelta64[D]")
    stop = latent.stop_days[rows]
    since = stop - np.maximum(age, 1)
    is_open = (stop > 0) & (since > 0)
    weak = np.clip(-latent.traits["quality"][rows], 0, 3)
    past = dice.poisson(0.25 + 0.9 * weak)
    months = np.minimum(np.where(is_open, past + 1 + since / 30, past), 24).astype(np.int64)
    delay = np.where(is_open, since, np.minimum(months * 9, 85)).astype(np.int64)
    lenders = (book.debt[rows] > 0).astype(int) + np.where(
        elsewhere[rows] > 0, 1 + dice.poisson(0.8 + 0.7 * weak), 0
    )
    guarantees = np.where(dice.random(len(rows)) < 0.12, latent.yearly[rows] * 0.12, 0)
    sheets.add(
        BureauSummary,
        len(rows),
        {
            "customer_id": placed.ids[rows],
            "queried_on": queried,
            "expires_on": queried + 90,
            "has_open_overdue": is_open,
            "overdue_months": months,
            "worst_delay_days": delay,
            "lenders": np.maximum(lenders, 1),
            "hard_queries_6m": dice.poisson(
                np.exp(-0.1 + 0.5 * latent.traits["appetite"][rows] + 0.3 * weak)
            ),
            "debt_amount": fen(np.round(book.debt[rows] + elsewhere[rows], 2)),
            "outside_guarantee_amount": fen(np.round(guarantees, -4)),
            "consent_id": consent[rows],
        },
    )


def add_records(
    plan: Plan, block: int, latent: Latent, book: Book, placed: Placed, sheets: Sheets
) -> None:
    """Courts follow unpaid loans; a few penalties and listings besides, mostly settled."""
    chance = plan.rng(block, "records").random((latent.size, 6))
    stop = latent.stop_days
    business = ~latent.is_person
    weak = latent.traits["quality"] < -0.9
    cases = (
        ("lawsuit", (stop > 100) & (chance[:, 0] < 0.7), np.minimum(stop - 70, 300), False),
        ("enforcement", (stop > 190) & (chance[:, 1] < 0.65), np.minimum(stop - 160, 200), False),
        ("dishonest", (stop > 360) & (chance[:, 2] < 0.6), np.minimum(stop - 330, 120), False),
        ("lawsuit", (stop == 0) & weak & (chance[:, 3] < 0.05), 200 + latent.serial % 400, True),
        ("penalty", business & (chance[:, 4] < 0.012), 40 + latent.serial % 600, True),
        ("abnormal", business & weak & (chance[:, 5] < 0.02), 30 + latent.serial % 300, False),
    )
    for number, (kind, who, ago, settled) in enumerate(cases):
        rows = np.flatnonzero(who & (latent.age_months > 12))
        opened = plan.today - np.maximum(ago[rows], 3).astype("timedelta64[D]")
        closed = np.where(settled & (opened < plan.today - 130), opened + 120, np.datetime64("NaT"))
        year = (ym_of_days(opened) // 12).tolist()
        amount = np.maximum(book.debt[rows], latent.yearly[rows] * 0.01)
        sheets.add(
            PublicRecord,
            len(rows),
            {
                "customer_id": placed.ids[rows],
                "kind": kind,
                "number": [
                    f"（{y}）浙04民初{1000 + n % 9000}号-{number}"
                    for y, n in zip(year, latent.serial[rows].tolist(), strict=True)
                ],
                "opened_on": opened,
                "closed_on": closed,
                "amount": fen(np.round(np.where(kind == "abnormal", 0, amount), 2)),
                "text": "",
            },
        )
