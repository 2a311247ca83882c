"""Units, people and stand-ins (spec j: ROL-2, ROL-5)."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.errors import DomainError
from crm.core.models import Branch, Task, User
from crm.core.services import org
from crm.core.services.numbering import place_person, renumber
from crm.core.services.task import add_task
from tests.factories import head_office, make_branch, make_user

TODAY = date(2026, 11, 21)


def covers(reach: list[tuple[int, int]], number: int) -> bool:
    return any(low <= number <= high for low, high in reach)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_each_role_reaches_its_part_of_the_tree():
    east, west = make_branch("东"), make_branch("西")
    team = make_branch("一队", parent=east, level="team")
    rm, colleague, stranger = make_user("rm", team), make_user("rm", team), make_user("rm", west)
    lead, head = make_user("team_lead", team), make_user("branch_head", east)
    risk, auditor = make_user("risk_officer", head_office()), make_user("auditor", head_office())
    admin = make_user("sys_admin", head_office())
    numbers = [fresh(person).scope_no for person in (rm, colleague, stranger)]

    seen = {
        person.role: [covers(fresh(person).reach(), number) for number in numbers]
        for person in (rm, lead, head, risk, auditor, admin)
    }

    assert seen == {
        "rm": [True, False, False],
        "team_lead": [True, True, False],
        "branch_head": [True, True, False],
        "risk_officer": [True, True, True],
        "auditor": [True, True, True],
        "sys_admin": [False, False, False],
    }


def test_somebody_who_left_sees_nothing():
    rm = make_user("rm", is_active=False)

    assert rm.reach() == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parents=st.lists(st.integers(0, 8), min_size=1, max_size=9), people=st.lists(st.integers(0, 9))
)
def test_numbers_nest_as_the_tree_does(db, parents, people):
    """Whatever the tree: intervals of siblings are apart, a child's lies inside its parent's, and
    everybody's number lies in the interval of the own unit but of no child unit."""
    with transaction.atomic():
        units = [Branch.objects.create(code="0", name="0", level="head_office")]
        for number, above in enumerate(parents, start=1):
            parent = units[above % len(units)]
            units.append(
                Branch.objects.create(code=str(number), name="u", level="team", parent=parent)
            )
        for number, where in enumerate(people):
            unit = units[where % len(units)]
            User.objects.create(username=f"u{number}", full_name="x", role="rm", branch=unit)

        renumber()

        found = {unit.pk: unit for unit in Branch.objects.all()}
        spans = sorted((unit.scope_lo, unit.scope_hi) for unit in found.values())
        assert len({low for low, _high in spans}) == len(found)
        for unit in found.values():
            if unit.parent_id:
                parent = found[unit.parent_id]
                assert parent.scope_lo < unit.scope_lo <= unit.scope_hi < parent.scope_hi
        numbers = list(User.objects.values_list("scope_no", "branch_id"))
        assert len({number for number, _unit in numbers}) == len(numbers)
        for number, unit_id in numbers:
            holders = [u for u in found.values() if u.scope_lo <= number <= u.scope_hi]
            assert max(holders, key=lambda unit: unit.scope_lo).pk == unit_id
        transaction.set_rollback(True)


def test_a_full_unit_is_given_new_room():
    unit = make_branch()
    people = [make_user("rm", unit) for _number in range(40)]

    numbers = [fresh(person).scope_no for person in people]

    unit = fresh(unit)
    assert len(set(numbers)) == 40
    assert all(unit.scope_lo < number <= unit.scope_hi for number in numbers)


def test_a_moved_branch_is_seen_from_its_new_place_at_once():
    old, new = make_branch("旧", level="region"), make_branch("新", level="region")
    moved = make_branch("迁", parent=old)
    rm = make_user("rm", moved)
    old_head, new_head = make_user("branch_head", old), make_user("branch_head", new)
    admin = make_user("sys_admin")
    task = add_task("core.reveal_quota", owner=fresh(rm), unique_key="follows")

    org.update_branch(
        by=admin, branch_id=moved.pk, name="迁", level="branch", parent=fresh(new), region_code=""
    )

    number = fresh(rm).scope_no
    assert covers(fresh(new_head).reach(), number)
    assert not covers(fresh(old_head).reach(), number)
    assert Task.objects.get(pk=task.pk).scope_no == number


def test_a_moved_person_takes_the_rows_along():
    here, there = make_branch(), make_branch()
    rm, head = make_user("rm", here), make_user("branch_head", there)
    task = add_task("core.reveal_quota", owner=rm, unique_key="follows")

    org.update_user(
        by=make_user("sys_admin"), user_id=rm.pk, full_name="x", role="rm", branch=fresh(there)
    )

    assert Task.objects.visible_to(fresh(head)).filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    ("level", "parent_level"), [("head_office", "branch"), ("branch", "team"), ("branch", "branch")]
)
def test_a_unit_hangs_below_a_higher_one_only(level, parent_level):
    parent = make_branch(level=parent_level)

    with pytest.raises(DomainError):
        org.create_branch(by=make_user("sys_admin"), code="N", name="n", level=level, parent=parent)


def test_a_unit_cannot_stand_below_itself():
    top = make_branch(level="region")
    below = make_branch(parent=top)

    with pytest.raises(DomainError):
        org.update_branch(
            by=make_user("sys_admin"), branch_id=top.pk, name="x", level="region",
            parent=below, region_code="",
        )  # fmt: skip


def test_a_unit_with_people_is_not_closed():
    unit = make_branch()
    make_user("rm", unit)

    with pytest.raises(DomainError):
        org.close_branch(by=make_user("sys_admin"), branch_id=unit.pk)


def test_nobody_closes_the_own_account_or_changes_the_own_role():
    admin = make_user("sys_admin")

    with pytest.raises(DomainError):
        org.deactivate_user(by=admin, user_id=admin.pk)
    with pytest.raises(DomainError):
        org.update_user(
            by=admin, user_id=admin.pk, full_name="x", role="auditor", branch=admin.branch
        )


def test_work_left_behind_keeps_an_account_open(monkeypatch):
    rm = make_user("rm")
    monkeypatch.setattr(org, "LEAVING_CHECKS", [lambda user: "3 customers are left."])

    with pytest.raises(DomainError, match="3 customers"):
        org.deactivate_user(by=make_user("sys_admin"), user_id=rm.pk)


def test_a_closed_account_is_signed_out_at_once(client):
    rm = make_user("rm")
    client.force_login(rm)

    org.deactivate_user(by=make_user("sys_admin"), user_id=rm.pk)

    assert client.get("/").status_code == 302


def test_a_stand_in_sees_the_absent_colleagues_rows_on_those_days_only():
    """ROL-2: dates, approver, automatic end."""
    unit = make_branch()
    away, helper, head = (
        make_user("rm", unit),
        make_user("rm", unit),
        make_user("branch_head", unit),
    )
    days = {"first": TODAY, "last": TODAY + timedelta(days=3)}
    cover = org.request_cover(by=away, absent=away, stand_in=helper, reason="年假", **days)
    before_approval = fresh(helper).reach(on=TODAY)

    org.approve_cover(by=fresh(head), cover_id=cover.pk)

    number = fresh(away).scope_no
    seen = [
        covers(fresh(helper).reach(on=TODAY + timedelta(days=offset)), number)
        for offset in (-1, 0, 3, 4)
    ]
    assert not covers(before_approval, number)
    assert seen == [False, True, True, False]


def test_a_stand_in_is_approved_by_the_head_above_and_by_nobody_else():
    unit = make_branch()
    away, helper = make_user("rm", unit), make_user("rm", unit)
    other_head = make_user("branch_head")
    cover = org.request_cover(
        by=away, absent=away, stand_in=helper, first=TODAY, last=TODAY, reason="x"
    )

    for person in (away, helper, other_head):
        with pytest.raises(DomainError):
            org.approve_cover(by=fresh(person), cover_id=cover.pk)


def test_the_head_finds_a_to_do_until_it_is_decided():
    unit = make_branch()
    away, helper, head = (
        make_user("rm", unit),
        make_user("rm", unit),
        make_user("branch_head", unit),
    )
    cover = org.request_cover(
        by=fresh(away), absent=fresh(away), stand_in=helper, first=TODAY, last=TODAY, reason="x"
    )
    before = list(Task.objects.filter(owner=head).values_list("state", flat=True))

    org.approve_cover(by=fresh(head), cover_id=cover.pk)

    assert before == ["open"]
    assert Task.objects.get(owner=head).state == "done"


def test_two_stand_ins_at_a_time_are_refused():
    unit = make_branch()
    away, one, two = (make_user("rm", unit) for _number in range(3))
    org.request_cover(by=away, absent=away, stand_in=one, first=TODAY, last=TODAY, reason="x")

    with pytest.raises(DomainError):
        org.request_cover(by=away, absent=away, stand_in=two, first=TODAY, last=TODAY, reason="x")


def test_an_ended_stand_in_sees_nothing_more():
    unit = make_branch()
    away, helper, head = (
        make_user("rm", unit),
        make_user("rm", unit),
        make_user("branch_head", unit),
    )
    last = TODAY + timedelta(days=9)
    cover = org.request_cover(
        by=away, absent=away, stand_in=helper, first=TODAY, last=last, reason="x"
    )
    org.approve_cover(by=fresh(head), cover_id=cover.pk)

    org.end_cover(by=away, cover_id=cover.pk, on=TODAY + timedelta(days=2))
    org.end_cover(by=away, cover_id=cover.pk, on=TODAY + timedelta(days=2))

    number = fresh(away).scope_no
    assert covers(fresh(helper).reach(on=TODAY + timedelta(days=1)), number)
    assert not covers(fresh(helper).reach(on=TODAY + timedelta(days=2)), number)


def test_a_new_user_gets_a_password_that_must_be_changed(client):
    user, password = org.create_user(
        by=make_user("sys_admin"), username="new", full_name="新人", role="rm", branch=make_branch()
    )
    assert client.login(username="new", password=password)

    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/password/change/"
    assert User.objects.get(pk=user.pk).scope_no


def test_a_changed_password_opens_the_pages(client):
    _user, password = org.create_user(
        by=make_user("sys_admin"), username="new", full_name="新人", role="rm", branch=make_branch()
    )
    client.login(username="new", password=password)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": password, "password1": "an0ther-long-1", "password2": "an0ther-long-1"},
    )

    assert client.get("/").status_code == 200


def test_the_administrator_makes_a_user_through_the_page(client):
    client.force_login(make_user("sys_admin"))
    unit = make_branch()
    fields = {"username": "zhang", "full_name": "张三", "role": "rm", "branch": unit.pk}

    html = client.post("/users/new/", fields).content.decode()

    user = User.objects.get(username="zhang")
    password = html.split('data-copy="')[1].split('"')[0]
    assert user.check_password(password)


def test_the_auditor_reads_users_and_changes_none(client):
    client.force_login(make_user("auditor"))
    person = make_user("rm")

    page = client.get(f"/users/{person.pk}/")
    answer = client.post(f"/users/{person.pk}/deactivate/")

    assert page.status_code == 200
    assert "/edit/" not in page.content.decode()
    assert answer.status_code == 403
    assert fresh(person).is_active


def test_the_user_list_costs_the_same_with_more_people(client, same_queries):
    client.force_login(make_user("sys_admin"))
    unit = make_branch()

    same_queries(
        lambda: client.get("/users/"), grow=lambda: [make_user("rm", unit) for _n in range(10)]
    )


def test_the_fragment_of_the_user_list_is_not_a_whole_page(client):
    client.force_login(make_user("sys_admin"))

    html = client.get("/users/?search=nobody", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html


def test_placing_again_changes_nothing():
    rm = make_user("rm")
    number = fresh(rm).scope_no

    renumber()
    before = fresh(rm).scope_no
    renumber()

    assert number
    assert fresh(rm).scope_no == before
    place_person(rm)
