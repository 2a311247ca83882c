"""The list as a file: same rows as the page, reason, watermark, cap, bands, no formulas."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from crm.core.models import AuditEntry
from marketing.services import opportunities_export
from marketing.views import opportunity_file
from tests.factories import make_branch, make_user
from tests.marketing.deals import make_offer, today_deal
from tests.marketing.factories import load_rules

FILE = "/marketing/pipeline/list/file/"
READERS = ("rm", "team_lead", "branch_head", "risk_officer", "auditor")


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm", full_name="李敏")


def sheet_of(answer):
    """The cells of the file: three lines about it, the heads, the rows."""
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()], sheet


def rows_of(answer):
    """Each row by its heads."""
    cells, _sheet = sheet_of(answer)
    return [dict(zip(cells[3], line, strict=True)) for line in cells[4:]]


def test_the_file_holds_the_rows_of_the_list_in_its_order(client, rm):
    today = timezone.localdate()
    for number, (name, family) in enumerate(
        (("甲厂", "payroll"), ("乙厂", "loan"), ("丙厂", "payroll"), ("丁厂", "payroll"))
    ):
        due = today + timedelta(days=10 - number)
        today_deal(rm, name, family=family, pipeline="other", stage_due_on=due, stage="lead")
    today_deal(make_user("rm", make_branch()), "别家厂", family="payroll")
    client.force_login(rm)

    answer = client.post(FILE, {"query": "?family=payroll", "reason": "季度商机核对"})

    assert [row["客户"] for row in rows_of(answer)] == ["丁厂", "丙厂", "甲厂"]
    assert answer["Content-Disposition"] == 'attachment; filename="opportunities.xlsx"'
    assert answer["Cache-Control"] == "no-store"


def test_amounts_are_bands_for_whoever_asks_and_days_are_days(client, rm):
    """DAT-4: what is confidential leaves the bank masked."""
    offer = make_offer()
    today_deal(
        rm, "甲厂", amount=1_234_500, version_chosen=offer, expected_on=date(2026, 12, 20),
        probability=0.25,
    )  # fmt: skip
    client.force_login(rm)

    answer = client.post(FILE, {"query": "", "reason": "季度商机核对"})

    row = rows_of(answer)[0]
    told = [row[head] for head in ("额度", "产品", "可能性", "客户经理", "下一步")]
    assert told == ["100-500万", offer.product.name, 0.25, "李敏", "送方案"]
    assert row["预计日期"].date() == date(2026, 12, 20)
    assert row["商机天数"] == 0
    assert "1234500" not in str(sheet_of(answer)[0])


def test_who_took_it_when_why_and_what_was_filtered_is_told_and_on_record(client, rm):
    """DAT-4."""
    today_deal(rm, "甲厂", stage_due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(rm)

    cells, sheet = sheet_of(client.post(FILE, {"query": "?overdue=1", "reason": " 季度  核对 "}))

    assert "李敏" in cells[0][0] and rm.username in cells[0][0]
    assert sheet.oddFooter.center.text == cells[0][0]
    assert "在办" in cells[1][0] and cells[2][0] == "共 1 条"
    entry = AuditEntry.objects.get(event="marketing.opportunities_exported")
    assert (entry.actor, entry.details) == (
        rm, {"rows": 1, "query": "?overdue=1", "reason": "季度 核对"},
    )  # fmt: skip


@pytest.mark.parametrize(("state", "heads"), [("won", {"结束日期"}), ("lost", {"流失去向"})])
def test_what_is_closed_has_its_own_columns(client, rm, state, heads):
    lost = {"lost_reason": "competitor", "lost_to": "邻行"} if state == "lost" else {}
    today_deal(rm, "甲厂", state=state, closed_at=timezone.now(), **lost)
    today_deal(rm, "乙厂")
    client.force_login(rm)

    rows = rows_of(client.post(FILE, {"query": f"?state={state}", "reason": "季度商机核对"}))

    assert [row["客户"] for row in rows] == ["甲厂"]
    assert heads <= set(rows[0])
    assert rows[0].get("流失去向") == lost.get("lost_to")


def test_a_longer_list_is_cut_at_the_cap_and_both_dialog_and_file_say_so(client, rm, monkeypatch):
    for module in (opportunities_export, opportunity_file):
        monkeypatch.setattr(module, "ROW_CAP", 3)
    for number in range(5):
        today_deal(rm, f"排队{number}厂")
    client.force_login(rm)

    dialog = client.get(FILE).content.decode()
    cells, _sheet = sheet_of(client.post(FILE, {"query": "", "reason": "季度商机核对"}))

    assert "一次最多导出前 3 行" in dialog
    assert len(cells) == 4 + 3
    assert cells[2][0] == "仅含前 3 行，列表未导完：请缩小筛选范围后分批导出。"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)"])
def test_no_text_of_the_file_is_a_formula(client, rm, start):
    today_deal(rm, f"{start}公司", next_action=start)
    client.force_login(rm)

    _cells, sheet = sheet_of(client.post(FILE, {"query": "", "reason": "季度商机核对"}))

    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("reason", ["", "  ", "好"])
def test_without_a_reason_there_is_no_file(client, rm, reason):
    client.force_login(rm)

    answer = client.post(FILE, {"query": "?overdue=1", "reason": reason})

    assert answer.status_code == 422
    assert 'value="?overdue=1"' in answer.content.decode()
    assert not AuditEntry.objects.filter(event="marketing.opportunities_exported").exists()


@pytest.mark.parametrize("role", READERS)
def test_whoever_may_not_export_sees_no_button_and_gets_no_file(client, rm, role):
    from crm.core.roles import Can

    today_deal(rm, "甲厂")
    reader = rm if role == "rm" else make_user(role, rm.branch)
    client.force_login(reader)

    page = client.get("/marketing/pipeline/list/").content.decode()
    answer = client.post(FILE, {"query": "", "reason": "季度商机核对"})

    may = reader.can(Can.EXPORT_CUSTOMERS)
    assert (FILE in page) == may
    assert answer.status_code == (200 if may else 403)


def test_a_file_costs_the_same_with_more_rows(client, rm, same_queries):
    today_deal(rm)
    client.force_login(rm)

    same_queries(
        lambda: client.post(FILE, {"query": "", "reason": "季度商机核对"}),
        grow=lambda: [today_deal(rm, f"新厂{n}") for n in range(5)],
    )
