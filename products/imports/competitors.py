"""Products of competitors as a file: one line is what somebody saw on one day (d.6)."""

from __future__ import annotations

from customers.features.declared import REPAYMENT_MODES
from customers.imports.spec import Column, ImportKind
from customers.imports.types import Choice, Day, Flag, Listed, Money, Quantity, Share, Whole, Words
from customers.models import ProductFamily
from products.imports.lists import Codes, Conditions, Several
from products.models import CompetitorProduct
from products.models.competitor import SeenIn
from products.models.terms import Channel, GuaranteeMode

REPAYMENT_WORDS = {
    "等额本息": "equal_instalment",
    "等额本金": "equal_principal",
    "先息后本": "interest_first",
    "按季还本": "quarterly_principal",
    "按季节还款": "seasonal",
    "随借随还": "revolving",
    "到期一次还本付息": "bullet",
}
GUARANTEE_WORDS = {"保证": "guarantee", "担保": "guarantee", "信用贷款": "credit"}
CHANNEL_WORDS = {"手机": "mobile", "网银": "online", "线上": "online", "柜面": "branch"}
MONTHS = Whole(high=600)

_WHAT = (
    Column(
        "competitor", "同业机构", "Competitor", Words(60), required=True, field="",
        also=("同业名称", "机构名称", "竞争对手"),
        samples=("某某农村商业银行", "某某农村商业银行"),
        note_zh="须已在同业页面登记", note_en="Known on the page of competitors",
    ),
    Column(
        "name", "产品名称", "Product", Words(60), required=True, also=("产品", "同业产品"),
        samples=("惠商贷", "小微快贷"),
    ),
    Column(
        "family", "产品类别", "Family", Choice(ProductFamily), required=True,
        also=("产品大类", "类别"), samples=("流动资金贷款", "working_capital_loan"),
    ),
)  # fmt: skip
_TERMS = (
    Column("amount_min", "最低额度", "Smallest amount", Money(), also=("额度下限",),
           samples=("20000", "")),
    Column("amount_max", "最高额度", "Largest amount", Money(), also=("额度上限", "额度"),
           samples=("50万", "3000000")),
    Column("term_min_months", "最短期限（月）", "Shortest term, months", MONTHS,
           also=("期限下限",), samples=("3", "")),
    Column("term_max_months", "最长期限（月）", "Longest term, months", MONTHS,
           also=("期限上限", "期限"), samples=("12", "36")),
    Column("is_revolving", "是否循环", "Revolving", Flag(), samples=("是", "")),
    Column("rate_min", "最低年利率", "Lowest yearly rate", Share(), also=("利率下限", "年利率"),
           samples=("4.5%", "3.65%")),
    Column("rate_max", "最高年利率", "Highest yearly rate", Share(), also=("利率上限",),
           samples=("6.8%", "")),
    Column("upfront_fee_share", "一次性费率", "Fee at the start", Share(), also=("手续费率",),
           samples=("", "0.5%")),
    Column("yearly_fee_amount", "年费", "Fee a year", Money(), also=("每年费用",),
           samples=("", "300")),
    Column("guarantee_modes", "担保方式", "Guarantee",
           Several(Choice(GuaranteeMode, GUARANTEE_WORDS)), also=("担保",),
           samples=("信用、保证", "mortgage")),
    Column("repayment_modes", "还款方式", "Repayment",
           Several(Listed.of(REPAYMENT_MODES, REPAYMENT_WORDS)), also=("还款",),
           samples=("先息后本、随借随还", "")),
    Column("processing_hours", "审批时效（小时）", "Decided within, hours", Whole(high=10_000),
           also=("审批时效", "时效"), samples=("48", "24")),
    Column("channels", "办理渠道", "Channels", Several(Choice(Channel, CHANNEL_WORDS)),
           also=("渠道",), samples=("手机银行", "")),
)  # fmt: skip
_WHO = (
    Column("admission", "准入条件", "Conditions of admission", Conditions(), also=("准入",),
           samples=("经营满1年；贷款机构不超过3家", "")),
    Column("min_years", "最低经营年限", "Years in business at least", Quantity(),
           samples=("1", "")),
    Column("max_lenders", "最多贷款机构数", "Lenders at most", Whole(high=100),
           samples=("3", "")),
    Column("wanted_industries", "偏好行业", "Industries wanted", Codes(), samples=("51、52", "C")),
    Column("limited_industries", "限制行业", "Industries limited", Codes(), samples=("", "")),
    Column("avoided_industries", "回避行业", "Industries avoided", Codes(), samples=("K", "")),
    Column("regions", "适用地区", "Regions", Codes(), also=("地区",), samples=("3304", "")),
)  # fmt: skip
_PROOF = (
    Column(
        "source", "信息来源", "Source",
        Choice(SeenIn, keywords=(("折页", "flyer"), ("官网", "web"), ("客户", "customer"))),
        required=True, also=("来源",), samples=("宣传折页", "web"),
    ),
    Column(
        "source_on", "采集日期", "Seen on", Day(past=True), required=True, also=("来源日期",),
        samples=("2026-11-02", "2026-11-05"),
    ),
    Column(
        "confidence", "可信度", "Confidence",
        Listed((("high", "高", "High"), ("medium", "中", "Medium"), ("low", "低", "Low"))),
        samples=("高", "medium"), note_zh="留空为中", note_en="Medium when blank",
    ),
    Column(
        "evidence", "佐证", "Evidence", Words(200), required=True, also=("证据", "依据"),
        samples=("网点折页照片", "官网产品页截图"),
    ),
    Column(
        "valid_until", "有效期至", "Valid until", Day(), also=("有效期",), samples=("", ""),
        note_zh="留空按参数推算", note_en="By the parameter when blank",
    ),
)  # fmt: skip

COMPETITOR_PRODUCTS = ImportKind(
    key="competitor_products",
    zh="同业产品",
    en="Competitor products",
    family="market",
    model=CompetitorProduct,
    key_columns=("import_key",),
    quiet=frozenset({"added_by_id"}),
    defaults={"confidence": "medium"},
    note_zh="每行是某日看到的一款同业产品，按机构、产品、采集日期识别；之后看到的另起一行，手工登记的不受影响。",
    note_en="A line is one product as seen on one day, known by competitor, product and day. What "
    "was seen later is another line; what people wrote by hand is left alone.",
    columns=(*_WHAT, *_TERMS, *_WHO, *_PROOF),
)
