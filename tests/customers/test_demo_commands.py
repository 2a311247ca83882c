"""What ``make_demo`` and ``demo_logins`` do and refuse."""

import json
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, identify_hasher
from django.core.management import CommandError, call_command

from crm.core.models import Job, User
from crm.core.roles import ROLES
from customers.demo.org import PASSWORD
from customers.models import Customer, Portrait, PortraitVersion
from tests.factories import make_customer, make_user


def run(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_a_bank_is_made_and_replaced_on_request():
    run("load_reference")
    run("make_demo", "--customers", "12", "--as-of", "2026-05-04")

    with pytest.raises(CommandError, match="has customers already"):
        run("make_demo", "--customers", "12")
    run("make_demo", "--customers", "15", "--as-of", "2026-05-04", "--reset")

    assert Customer.objects.count() == Portrait.objects.count() == 15
    assert Customer.objects.order_by("pk")[0].pk == 1


def test_the_quarter_made_up_before_today_leaves_nobody_a_to_do():
    run("load_reference")
    run("make_demo", "--customers", "30", "--as-of", "2026-05-04")

    assert PortraitVersion.objects.filter(is_material=True).exists()
    assert not Job.objects.filter(kind="portraits.tell").exists()


def test_there_is_one_log_in_a_role_and_it_works(settings):
    run("load_reference")
    run("make_demo", "--customers", "3", "--no-portraits")

    rows = json.loads(run("demo_logins", "--json"))

    assert {row["role"] for row in rows} == set(ROLES)
    for row in rows:
        assert set(row) >= {"role", "username", "password", "name", "unit"}
        user = authenticate(username=row["username"], password=row["password"])
        assert user is not None
        assert user.role == row["role"]


def test_a_demo_password_is_worth_nothing_outside_the_demo(settings):
    settings.PASSWORD_HASHERS = ["customers.demo.passwords.DemoPasswordHasher"]
    user = make_user("rm", password=PASSWORD)
    assert check_password(PASSWORD, user.password)

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

    assert not check_password(PASSWORD, User.objects.get(pk=user.pk).password)
    with pytest.raises(ValueError, match="demo_pbkdf2"):
        identify_hasher(user.password)


def test_nothing_is_made_or_removed_outside_the_demo(settings):
    settings.DEMO = False
    make_customer()

    for args in (["--customers", "3"], ["--customers", "3", "--reset"]):
        with pytest.raises(CommandError, match="DEMO=1"):
            run("make_demo", *args)
    with pytest.raises(CommandError, match="DEMO=1"):
        run("demo_logins")

    assert Customer.objects.count() == 1


def test_without_reference_data_it_says_what_to_load():
    with pytest.raises(CommandError, match="load_reference"):
        run("make_demo", "--customers", "3")

    assert not Customer.objects.exists()


@pytest.mark.parametrize("args", [["--customers", "0"], ["--months", "3"]])
def test_numbers_that_make_no_sense_are_refused(args):
    with pytest.raises(CommandError, match="takes"):
        run("make_demo", *args)


@pytest.mark.parametrize(("customers", "months"), [("1", "13"), ("2", "24"), ("31", "60")])
def test_small_banks_and_other_windows_can_be_made(customers, months):
    run("load_reference")

    run("make_demo", "--customers", customers, "--months", months, "--as-of", "2026-02-28")

    assert Customer.objects.count() == Portrait.objects.count() == int(customers)
