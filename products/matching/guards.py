"""Rules that no version states because they hold for every credit: policy and red flags (d.4)."""

from __future__ import annotations

from crm.core.conditions import AnyOf, Clause, Not
from customers.features.demand import RED_FLAGS
from products.matching.book import Rule

INDUSTRY_EXIT = "industry_exit"
RED_FLAG = "red_flag"


def guards_of(*, is_credit: bool, is_renewal: bool, exits: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that come on top of a version's own; none for what is not credit."""
    if not is_credit:
        return ()
    found = [_industry_exit(exits)] if exits else []
    return (*found, *([] if is_renewal else [_red_flag()]))


def _industry_exit(exits: tuple[str, ...]) -> Rule:
    """An industry that is not known is not one the bank withdraws from."""
    allowed = AnyOf((Clause("industry_code", "missing"), Clause("industry_code", "not_in", exits)))
    return Rule(
        code=INDUSTRY_EXIT,
        text_zh="所属行业不在退出类名单",
        text_en="The bank does not withdraw from the industry",
        remedy_zh="行业政策调整后可重新匹配",
        remedy_en="Can be matched again when the industry policy changes",
        condition=allowed.to_data(),
    )


def _red_flag() -> Rule:
    flags = tuple(test.code for test in RED_FLAGS.tests)
    return Rule(
        code=RED_FLAG,
        text_zh="无红色预警（逾期、失信、被执行、征信逾期）",
        text_en="No red flag: overdue, dishonest-debtor list, enforcement, overdue elsewhere",
        remedy_zh="结清逾期或了结案件后可重新匹配；存量贷款可考虑续贷或重组",
        remedy_en="Settle the arrears or the case; renewal or restructuring stays open",
        condition=Not(Clause("red_flags", "has_any", flags)).to_data(),
    )
