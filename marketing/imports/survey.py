"""The lines of a market survey as a file (CUS-5)."""

from __future__ import annotations

from customers.imports.spec import Column, ImportKind
from customers.imports.types import Choice, Listed, Share, Whole, Words
from customers.models import Customer
from marketing.models import SurveyLine

KIND_WORDS = (
    ("wholesale_retail", "批发零售", "Wholesale and retail"),
    ("production_processing", "生产加工", "Production and processing"),
    ("catering", "餐饮服务", "Catering"),
    ("other_services", "其他服务", "Other services"),
    ("agri_processing", "涉农生产加工", "Farming and farm processing"),
)
AGE_WORDS = (
    ("<25", "25岁以下", "Under 25"),
    ("25-34", "25-34岁", "25 to 34"),
    ("35-44", "35-44岁", "35 to 44"),
    ("45-54", "45-54岁", "45 to 54"),
    ("55+", "55岁及以上", "55 and over"),
)

SURVEY_LINES = ImportKind(
    key="survey_lines",
    zh="市场调研数据",
    en="Survey lines",
    family="records",
    model=SurveyLine,
    key_columns=("party_type", "survey_kind", "industry", "age_band"),
    note_zh="个体工商户按行业、按经营者年龄各一张表，小微企业按五类各一张表；每行只填一项分类。占比可留空。",
    note_en="Sole traders by trade and by age, small firms by the five kinds; one split a line. "
    "The share may be left out.",
    columns=(
        Column(
            "party_type",
            "主体类型",
            "Party type",
            Choice(
                Customer.PartyType,
                aliases={"小微企业": "company", "企业": "company", "个体户": "sole_trader"},
                keywords=(("个体", "sole_trader"), ("企业", "company")),
            ),
            required=True,
            also=("类型", "市场主体"),
            samples=("小微企业", "个体工商户", "个体工商户"),
        ),
        Column(
            "survey_kind",
            "经营类别",
            "Kind",
            Listed(KIND_WORDS, aliases={"批发和零售": "wholesale_retail", "餐饮": "catering"}),
            also=("类别", "五类"),
            samples=("批发零售", "", ""),
        ),
        Column(
            "industry",
            "行业",
            "Industry",
            Words(80),
            also=("行业代码", "行业名称"),
            samples=("", "F", ""),
            note_zh="国标代码或名称（GB/T 4754-2017）",
            note_en="Code or name of GB/T 4754-2017",
        ),
        Column(
            "age_band",
            "经营者年龄段",
            "Operator's age",
            Listed(AGE_WORDS, aliases={"25以下": "<25", "55以上": "55+", "55岁以上": "55+"}),
            also=("年龄段", "经营者年龄"),
            samples=("", "", "35-44岁"),
        ),
        Column(
            "count",
            "户数",
            "Count",
            Whole(),
            required=True,
            also=("数量", "存量户数"),
            samples=("3200", "5100", "4300"),
        ),
        Column(
            "share",
            "占比",
            "Share",
            Share(),
            also=("比例",),
            samples=("", "", ""),
            note_zh="可留空；与户数算得的占比相差超过0.5个百分点时拒收",
            note_en="May be blank; refused when more than 0.5 points off the counts",
        ),
        Column(
            "new_count",
            "近12个月新设户数",
            "New in 12 months",
            Whole(),
            also=("新设户数", "新增户数"),
            samples=("310", "620", ""),
        ),
    ),
)
