"""How customers buy and settle, as lists: the entities of category 3 (spec c)."""

from customers.imports.network import BY_CUSTOMER, WORD_COLUMNS
from customers.imports.spec import Column, ImportKind, customer_columns
from customers.imports.types import Choice, Day, Money, Share, Whole, Words
from customers.models import ProcureMode, Quality, SettleMode, Source

TOLD = (
    Column(
        "as_of",
        "截至日期",
        "As of",
        Day(past=True),
        required=True,
        samples=("2026-09-30", "2026-09-30"),
    ),
    Column(
        "ended_on",
        "有效至",
        "Held until",
        Day(),
        samples=("", ""),
        note_zh="留空表示仍有效",
        note_en="blank: it still holds",
    ),
    *WORD_COLUMNS,
    Column("source", "来源", "Source", Choice(Source), samples=("visit", "")),
    Column("quality", "可信度", "Quality", Choice(Quality), samples=("declared", "")),
)
DEFAULTS = {"source": Source.IMPORT.value, "quality": Quality.DECLARED.value}

KINDS = (
    ImportKind(
        key="procure_modes",
        zh="采购模式",
        en="Manners of purchase",
        family="parties",
        model=ProcureMode,
        key_columns=("customer_id", "item", "mode"),
        any_of=BY_CUSTOMER,
        ordered=(("as_of", "ended_on"),),
        defaults=DEFAULTS,
        columns=(
            *customer_columns(),
            Column(
                "item",
                "品目",
                "Item",
                Words(80),
                required=True,
                also=("货物", "原料"),
                samples=("冷轧板", "面粉"),
            ),
            Column(
                "mode",
                "采购方式",
                "Manner of purchase",
                Choice(
                    ProcureMode.Mode,
                    keywords=(
                        ("合同", "contract"),
                        ("预付", "prepay"),
                        ("代销", "consignment"),
                        ("平台", "platform"),
                        ("网", "platform"),
                        ("团", "group_buy"),
                        ("集采", "group_buy"),
                        ("现", "spot"),
                    ),
                ),
                required=True,
                samples=("年度合同", "现货"),
            ),
            Column(
                "batch_amount",
                "单次采购金额",
                "Amount of one purchase",
                Money(),
                samples=("85000", "3200"),
            ),
            Column(
                "every_days",
                "采购间隔天数",
                "Days between purchases",
                Whole(low=1, high=3650),
                samples=("30", "7"),
            ),
            Column(
                "price_term",
                "定价方式",
                "Price term",
                Choice(
                    ProcureMode.PriceTerm,
                    keywords=(
                        ("固定", "fixed"),
                        ("随行", "market"),
                        ("返利", "stepped"),
                        ("事后", "open"),
                    ),
                ),
                samples=("随行就市", ""),
            ),
            *TOLD,
        ),
    ),
    ImportKind(
        key="settle_modes",
        zh="结算模式",
        en="Manners of settlement",
        family="parties",
        model=SettleMode,
        key_columns=("customer_id", "direction", "mode", "bank"),
        any_of=BY_CUSTOMER,
        ordered=(("as_of", "ended_on"),),
        defaults=DEFAULTS,
        note_zh="同一方向各项占比合计100%。",
        note_en="The shares of one direction add up to 100 %.",
        columns=(
            *customer_columns(),
            Column(
                "direction",
                "方向",
                "Direction",
                Choice(SettleMode.Direction, keywords=(("收", "in"), ("付", "out"))),
                required=True,
                also=("收付",),
                samples=("收款", "付款"),
            ),
            Column(
                "mode",
                "结算方式",
                "Manner of payment",
                Choice(
                    SettleMode.Mode,
                    keywords=(
                        ("现金", "cash"),
                        ("转账", "transfer"),
                        ("扫码", "qr"),
                        ("微信", "qr"),
                        ("支付宝", "qr"),
                        ("票", "bill"),
                        ("平台", "platform"),
                        ("赊", "credit"),
                    ),
                ),
                required=True,
                samples=("扫码", "转账"),
            ),
            Column("share", "占比", "Share", Share(), required=True, samples=("60%", "100%")),
            Column("term_days", "账期天数", "Days of credit", Whole(high=3650), samples=("", "30")),
            Column(
                "bank",
                "使用银行",
                "Bank used",
                Choice(
                    SettleMode.Bank,
                    keywords=(
                        ("本行", "ours"),
                        ("我行", "ours"),
                        ("他行", "other"),
                        ("不", "none"),
                        ("无", "none"),
                    ),
                ),
                required=True,
                samples=("我行", "他行"),
            ),
            *TOLD,
        ),
    ),
)
