"""Invoices of both sides."""

from __future__ import annotations

from customers.imports.spec import Column, ImportKind, Touches, customer_columns
from customers.imports.types import Choice, Code, Day, Flag, Money, Words
from customers.models import Invoice

SIDES = {
    "销项": "S",
    "销售": "S",
    "销项发票": "S",
    "销售发票": "S",
    "开具": "S",
    "sales": "S",
    "out": "S",
    "进项": "P",
    "采购": "P",
    "进项发票": "P",
    "采购发票": "P",
    "取得": "P",
    "purchases": "P",
    "in": "P",
}
VOID = {
    "作废": True,
    "已作废": True,
    "作废发票": True,
    "void": True,
    "有效": False,
    "有效发票": False,
    "正常": False,
    "红冲": False,
    "valid": False,
}

KINDS = (
    ImportKind(
        key="invoices",
        zh="发票",
        en="Invoices",
        family="records",
        model=Invoice,
        key_columns=("customer_id", "issued_on", "side", "number", "code"),
        touches=Touches.DAY,
        touch_column="issued_on",
        any_of=(("customer_no", "uscc"),),
        defaults={"code": ""},
        columns=(
            *customer_columns(),
            Column(
                "side",
                "进销方向",
                "Side",
                Choice(Invoice.Side, aliases=SIDES),
                required=True,
                also=("方向", "发票方向", "进项销项"),
                samples=("销项", "进项"),
            ),
            Column(
                "code",
                "发票代码",
                "Invoice code",
                Code(12),
                samples=("3300191130", ""),
                note_zh="数电发票没有代码，留空",
                note_en="Fully digital invoices have none: leave it blank",
            ),
            Column(
                "number",
                "发票号码",
                "Invoice number",
                Code(20),
                required=True,
                also=("发票号", "数电票号码", "数电发票号码"),
                samples=("12345678", "26332000000012345678"),
            ),
            Column(
                "issued_on",
                "开票日期",
                "Issued on",
                Day(past=True),
                required=True,
                also=("日期", "开具日期", "开票时间"),
                samples=("2026-09-18", "2026-10-09"),
            ),
            Column(
                "counterparty",
                "对方名称",
                "Counterparty",
                Words(120),
                required=True,
                also=("购方名称", "销方名称", "购买方名称", "销售方名称", "对方单位", "交易对手"),
                samples=("宁波某某贸易有限公司", "苏州某某钢材有限公司"),
            ),
            Column(
                "net_amount",
                "金额",
                "Amount without tax",
                Money(signed=True),
                required=True,
                also=("不含税金额", "合计金额"),
                samples=("10000.00", "-2500.00"),
                note_zh="红字发票为负数",
                note_en="Negative for red-letter invoices",
            ),
            Column(
                "tax_amount",
                "税额",
                "Tax",
                Money(signed=True),
                required=True,
                also=("合计税额",),
                samples=("1300.00", "-325.00"),
            ),
            Column(
                "is_void",
                "是否作废",
                "Void",
                Flag(words=VOID),
                also=("发票状态", "状态", "作废标志", "作废"),
                samples=("否", "否"),
            ),
        ),
    ),
)
