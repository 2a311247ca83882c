"""A second factor, where the bank switches it on: a password alone no longer opens the door."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from tests.factories import make_user

PASSWORD = "eight-words-are-long"


@pytest.fixture
def guarded(client, settings):
    """A manager with an authenticator app, at the log-in page; gives the code it shows now."""
    settings.MFA_SUPPORTED_TYPES = ["totp"]
    user = make_user("rm")
    user.set_password(PASSWORD)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)

    def code(steps_ago=0):
        counter = next(iter(yield_hotp_counters_from_time())) - steps_ago
        return format_hotp_value(hotp_value(secret, counter))

    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return code


def is_inside(client):
    return client.get(reverse("core:home")).status_code == 200


def test_the_password_alone_does_not_sign_in(guarded, client):
    assert not is_inside(client)


def test_the_code_of_the_app_signs_in(guarded, client):
    client.post(reverse("mfa_authenticate"), {"code": guarded()})

    assert is_inside(client)


def test_an_old_code_is_refused(guarded, client):
    minutes = 10 * 60 // 30

    client.post(reverse("mfa_authenticate"), {"code": guarded(steps_ago=minutes)})

    assert not is_inside(client)
