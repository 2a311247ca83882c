"""A declared or recommended list of the coordination mechanism as a file (e.10)."""

from __future__ import annotations

from customers.imports.parties import PARTY_WORDS
from customers.imports.spec import Column, ImportKind
from customers.imports.types import Choice, Code, Day, Money, Uscc, Words
from customers.models import Customer
from marketing.models import CoordinationItem

COORDINATION_LIST = ImportKind(
    key="coordination_list",
    zh="融资协调机制清单",
    en="Coordination list",
    family="parties",
    model=CoordinationItem,
    key_columns=("customer_id", "list_no"),
    blank_keeps=True,
    adds_customers=True,
    note_zh="按统一社会信用代码识别。尚不认识的企业记为潜在客户，归网格客户经理，否则归所在机构；"
    "撤销导入时清单行撤回，之后无人动过的潜在客户一并撤回，其余保留并说明。",
    note_en="Firms are known by their credit code. An unknown one becomes a prospect of the grid's "
    "manager, else of the unit. Undoing takes the lines back, and the prospects nobody touched "
    "since; it says which stay.",
    columns=(
        Column(
            "list_no",
            "清单批次",
            "List",
            Code(40),
            required=True,
            also=("清单编号", "批次", "批次号"),
            samples=("2026-11-01", "2026-11-01"),
        ),
        Column(
            "kind",
            "清单类型",
            "Kind of list",
            Choice(
                CoordinationItem.Kind,
                keywords=(("推荐", "recommended"), ("申报", "declared")),
            ),
            required=True,
            also=("类型",),
            samples=("推荐清单", "申报清单"),
        ),
        Column(
            "uscc",
            "统一社会信用代码",
            "Unified social credit code",
            Uscc(),
            required=True,
            field="",
            also=("信用代码", "社会信用代码"),
            samples=("91330106MA2TE5T1XH", "92330481MA2B3C4D5D"),
        ),
        Column(
            "name",
            "企业名称",
            "Name",
            Words(120),
            field="",
            also=("名称", "客户名称", "经营主体名称"),
            samples=("杭州某某精密机械有限公司", "海宁市某某餐饮店"),
            note_zh="尚不认识的企业必填",
            note_en="Needed for a firm we do not know yet",
        ),
        Column(
            "party_type",
            "客户类型",
            "Party type",
            Choice(Customer.PartyType, keywords=PARTY_WORDS),
            field="",
            also=("主体类型",),
            samples=("", "个体工商户"),
        ),
        Column(
            "region",
            "地区",
            "Region",
            Words(80),
            field="",
            also=("行政区划", "区划代码", "区县"),
            samples=("", ""),
            note_zh="区划代码或全称",
            note_en="Division code or full name",
        ),
        Column(
            "town",
            "乡镇街道",
            "Town",
            Words(60),
            also=("镇街", "乡镇", "街道"),
            samples=("某某街道", "某某镇"),
        ),
        Column(
            "grid",
            "网格编号",
            "Grid cell",
            Code(24),
            field="",
            also=("网格",),
            samples=("", ""),
        ),
        Column(
            "branch",
            "管户机构",
            "Branch",
            Code(20),
            field="",
            also=("机构", "机构号"),
            samples=("", ""),
            note_zh="机构编号；留空时按网格，否则归所选机构",
            note_en="Unit code; by grid when blank, else the unit chosen",
        ),
        Column(
            "address",
            "经营地址",
            "Operating address",
            Words(200),
            field="",
            also=("地址",),
            samples=("", ""),
        ),
        Column(
            "received_on",
            "收到日期",
            "Received on",
            Day(past=True),
            required=True,
            also=("接收日期", "下发日期", "推送日期"),
            samples=("2026-11-02", "2026-11-02"),
        ),
        Column(
            "wanted_amount",
            "融资需求金额",
            "Amount wanted",
            Money(),
            also=("需求金额", "申请金额"),
            samples=("1000000.00", "300000.00"),
        ),
        Column(
            "source_team",
            "工作专班",
            "Work team",
            Words(80),
            also=("来源", "推荐单位"),
            samples=("某某区工作专班", ""),
        ),
    ),
)
