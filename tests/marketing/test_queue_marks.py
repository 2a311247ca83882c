"""What stands on the shelves of the workbench: put off, passed on, taken back, and by whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.services.task import add_task
from crm.core.workdays import is_working_day
from marketing.models import QueueMark
from marketing.selectors.queue import (
    QueueQuery,
    colleagues_of,
    queue_item,
    queue_page,
)
from marketing.services.queue import Said, do_item, pass_on, put_off, take_back
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.cared import make_care_task
from tests.marketing.factories import load_rules
from tests.marketing.queued import keys

URL = "/marketing/workbench/"


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.mark.parametrize("days", [1, 2, 3, 8])
def test_put_off_until_a_working_day_and_taken_back(rm, today, days):
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})
    until = today + timedelta(days=days)

    mark = put_off(source="task", ref=task.pk, until=until, by=rm, note="等客户回来")

    assert mark.until_on >= until
    assert is_working_day(mark.until_on)
    assert keys(rm, today) == []
    assert keys(rm, mark.until_on) == ["task"]
    assert keys(rm, today, shelf="put_off") == ["task"]
    take_back(mark_id=mark.pk, by=rm)
    assert keys(rm, today) == ["task"]


@pytest.mark.parametrize("days", [0, -1, 400])
def test_nothing_is_put_off_to_the_past_or_for_ever(rm, today, days):
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})

    with pytest.raises(DomainError) as error:
        put_off(source="task", ref=task.pk, until=today + timedelta(days=days), by=rm)

    assert error.value.status == 422


def test_passed_on_to_the_leader_it_stands_there_with_the_note(rm, today, client):
    leader = make_user("team_lead", rm.branch)
    customer = make_customer(rm, name="嘉禾五金")
    task = make_care_task(customer, due_on=today)

    pass_on(source="care", ref=task.pk, to=leader, by=rm, note="请一起去")

    assert keys(rm, today) == []
    assert keys(rm, today, shelf="passed_on") == ["care"]
    client.force_login(leader)
    html = client.get(URL).content.decode()
    assert "嘉禾五金" in html
    assert "请一起去" in html
    do_item(source="care", ref=task.pk, by=leader, said=Said("已同去"))
    task.refresh_from_db()
    assert task.state == "open"  # a leader's role does not close care tasks: it is reported back
    back = queue_page(user=rm, query=QueueQuery(), today=today).items[0]
    assert "已同去" in back.mark.note


def test_a_colleague_sees_name_and_note_only_and_reports_back(rm, today, client):
    """ROL-3: of another manager's customer nothing but existence and who looks after it."""
    colleague = make_user("rm", rm.branch)
    customer = make_customer(rm, name="嘉禾五金")
    make_portrait(customer, contribution_12m=987_654)
    task = make_care_task(customer, due_on=today)
    pass_on(source="care", ref=task.pk, to=colleague, by=rm, note="帮忙送合同")
    client.force_login(colleague)

    html = client.get(URL).content.decode()
    do_item(source="care", ref=task.pk, by=colleague, said=Said("合同已送"))

    assert "帮忙送合同" in html
    assert "98.8" not in html
    assert f"/customers/{customer.pk}/" not in html
    task.refresh_from_db()
    assert task.state == "open"
    back = queue_page(user=rm, query=QueueQuery(), today=today).items[0]
    assert "合同已送" in back.mark.note
    assert keys(colleague, today) == []


def test_a_shelf_says_how_many_more_stand_on_it(rm, today):
    for no in range(23):
        params = {"name": f"客户{no}", "limit": "20"}
        task = add_task("core.reveal_quota", owner=rm, params=params, unique_key=str(no))
        put_off(source="task", ref=task.pk, until=today + timedelta(days=1), by=rm)

    page = queue_page(user=rm, query=QueueQuery(shelf="put_off"), today=today)
    whole = queue_page(user=rm, query=QueueQuery(shelf="put_off", shown=40), today=today)

    assert (len(page.items), page.total, page.waiting) == (20, 23, 3)
    assert (len(whole.items), whole.waiting) == (23, 0)


def test_no_word_of_a_report_is_cut_off(rm, today):
    colleague = make_user("rm", rm.branch)
    task = make_care_task(make_customer(rm), due_on=today)
    pass_on(source="care", ref=task.pk, to=colleague, by=rm, note="帮忙送合同")
    most = 200 - len(f"{colleague.full_name}: ")

    with pytest.raises(DomainError) as error:
        do_item(source="care", ref=task.pk, by=colleague, said=Said("字" * (most + 1)))
    do_item(source="care", ref=task.pk, by=colleague, said=Said("字" * most))

    assert error.value.status == 422
    assert QueueMark.objects.get().note.endswith("字" * most)


def test_nobody_outside_the_unit_can_be_given_anything(rm, today):
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})
    stranger = make_user("rm", make_branch())

    with pytest.raises(DomainError):
        pass_on(source="task", ref=task.pk, to=stranger, by=rm, note="帮忙")

    with pytest.raises(QueueMark.DoesNotExist):
        queue_item(user=stranger, source="task", ref=task.pk, today=today)


def test_nothing_is_passed_on_to_whoever_has_no_list(rm, today):
    """A branch head starts at the board: an item would stand nowhere."""
    head, leader = make_user("branch_head", rm.branch), make_user("team_lead", rm.branch)
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})

    assert colleagues_of(user=rm) == [leader]
    with pytest.raises(DomainError):
        pass_on(source="task", ref=task.pk, to=head, by=rm, note="帮忙")


def test_nobody_acts_on_another_managers_item(rm, today, client):
    task = make_care_task(make_customer(rm), due_on=today)
    client.force_login(make_user("rm", rm.branch))

    for act in ("do", "put-off", "pass-on"):
        data = {"note": "x", "until": "2099-01-05", "to": rm.pk}
        answer = client.post(f"{URL}care/{task.pk}/{act}/", data)
        assert answer.status_code in (404, 422), act
    assert not QueueMark.objects.exists()
