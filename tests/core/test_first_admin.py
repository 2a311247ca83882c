"""A new server has nobody who could make the first user on a page."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm.core.models import Branch, User


def test_the_first_administrator_signs_in_and_must_choose_a_password(capsys):
    call_command("first_admin", "admin", bank="禾源银行总行")

    password = capsys.readouterr().out.split()[1]
    client = Client()
    answer = client.post("/accounts/login/", {"login": "admin", "password": password})
    assert answer.status_code == 302
    assert client.get("/users/")["Location"].startswith("/accounts/password/change/")
    user = User.objects.get()
    assert user.role == "sys_admin"
    assert user.branch == Branch.objects.get(name="禾源银行总行")


def test_it_is_refused_where_there_are_users(capsys):
    call_command("first_admin", "admin")

    with pytest.raises(CommandError):
        call_command("first_admin", "second")

    assert User.objects.count() == 1
