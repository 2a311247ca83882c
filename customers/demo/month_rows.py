"""Rows of the monthly facts and of invoices."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from customers.demo.draw import fen
from customers.demo.flows import Flows, Services
from customers.demo.invoices import Invoices
from customers.demo.latent import Latent
from customers.demo.parties import Placed
from customers.demo.plan import Flags, Plan, month_days, ym_of_days
from customers.demo.writer import Column, Sheets
from customers.models import (
    AccountFlow,
    AcquiringMonth,
    ChannelMonth,
    DepositMonth,
    ElectricityMonth,
    Invoice,
    PayrollMonth,
    SocialSecurityMonth,
)

YUAN_A_KWH = 0.72


class Months:
    """Writes tables of one row a customer and month."""

    def __init__(self, plan: Plan, placed: Placed, sheets: Sheets) -> None:
        self.plan, self.placed, self.sheets = plan, placed, sheets

    def add(self, model: type, where: Flags, columns: dict[str, Column]) -> None:
        """The months where there is something to say; each column is (customer, month)."""
        customer, month = np.nonzero(where)
        keys = {
            "customer_id": self.placed.ids[customer],
            "ym": self.plan.first_ym + month,
        }
        picked = {name: table[customer, month] for name, table in columns.items()}
        self.sheets.add(model, len(customer), keys | picked)


def add_flows(months: Months, flows: Flows) -> None:
    """The account and what lies on it."""
    silent = np.where(flows.is_active, flows.cash, np.nan)
    months.add(
        AccountFlow,
        flows.is_ours,
        {
            "inflow_amount": flows.inflow,
            "outflow_amount": flows.outflow,
            "business_inflow_amount": flows.business,
            "counterparties": np.where(flows.payers > 0, flows.partners, 0),
            "payers": flows.payers,
            "cash_share": silent,
            "active_days": flows.active_days,
        },
    )
    months.add(
        DepositMonth,
        flows.is_ours,
        {
            "average_amount": flows.average,
            "end_amount": flows.end,
            "minimum_amount": flows.lowest,
        },
    )


def add_services(months: Months, latent: Latent, made: Services, online: Flags) -> None:
    """Receipts, wages, insured heads, power, digital channels."""
    months.add(
        AcquiringMonth,
        made.receipts > 0,
        {
            "received_amount": made.receipts,
            "receipts": made.receipt_count,
            "payers": np.minimum(made.receipt_payers, made.receipt_count),
        },
    )
    starts = month_days(np.arange(months.plan.first_ym, months.plan.last_ym + 1))
    payday = starts[None, :] + (9 + latent.serial % 6)[:, None].astype("timedelta64[D]")
    months.add(
        PayrollMonth,
        made.wage_heads > 0,
        {"heads": made.wage_heads, "wages_amount": made.wages, "paid_on": payday},
    )
    months.add(SocialSecurityMonth, made.insured > 0, {"heads": made.insured})
    months.add(
        ElectricityMonth,
        made.kwh > 0,
        {
            "kwh": made.kwh,
            "billed_amount": fen(made.kwh * YUAN_A_KWH),
            "arrears_days": made.power_days_late,
        },
    )
    months.add(ChannelMonth, online, {"active_days": made.channel_days})


def add_invoices(
    sides: tuple[Invoices, Invoices],
    placed: Placed,
    names: list[str],
    pool: list[str],
    sheets: Sheets,
) -> int:
    """Sales and purchases; counterparties are outside firms or customers of the block."""
    called = pa.array(names + pool, type=pa.string())
    for side, rows in zip(("S", "P"), sides, strict=True):
        index = np.where(rows.partner >= 0, rows.partner, len(names) + rows.outside)
        sheets.add(
            Invoice,
            len(rows.customer),
            {
                "customer_id": placed.ids[rows.customer],
                "issued_on": rows.day,
                "side": side,
                "number": rows.number,
                "code": "",
                "ym": ym_of_days(rows.day),
                "counterparty": called.take(pa.array(index)),
                "net_amount": rows.net,
                "tax_amount": rows.tax,
                "is_void": rows.void,
            },
        )
    return sum(len(rows.customer) for rows in sides)
