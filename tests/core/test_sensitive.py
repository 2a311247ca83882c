"""Sensitive values: sealed, searched, masked, revealed (rules.md 10 and 12)."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from crm.core import crypto, identifiers, masking
from crm.core.models import AuditEntry, RuleParameter, Task
from crm.core.services import reveal
from tests.architecture.samples import make_parameter
from tests.factories import make_user


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43", "91330106MA2TE5T1XH", "92440305MA5ABCD27W",
        "91320583MA1K7P337H", "93410122MF3QRT182W",
    ],
)  # fmt: skip
def test_sample_credit_codes_are_valid_and_one_changed_character_is_not(code):
    """Scenario k.2."""
    assert identifiers.is_uscc(code)

    for place, character in enumerate(code[:17]):
        other = "1" if character != "1" else "2"
        assert not identifiers.is_uscc(code[:place] + other + code[place + 1 :]), place


def test_a_code_with_a_wrong_check_character_is_accepted_with_a_warning_only():
    assert identifiers.is_pilot_uscc("91350100M000100Y42")
    assert not identifiers.is_pilot_uscc("91350100M000100Y43")
    assert not identifiers.is_pilot_uscc("not a code")
    assert not identifiers.is_pilot_uscc("9135010OM000100Y42")


def test_a_citizen_number_needs_a_real_date_and_its_check_character():
    assert identifiers.is_citizen_number("11010519491231002X")
    assert not identifiers.is_citizen_number("110105194912310021")
    assert not identifiers.is_citizen_number("11010519490230002X")


def test_cards_and_mobiles():
    assert identifiers.is_bank_card("6222 0000 0000 0000 012")
    assert not identifiers.is_bank_card("6222000000000000013")
    assert identifiers.is_mobile("138-1234-5678")
    assert identifiers.is_mobile("１３８１２３４５６７８")
    assert not identifiers.is_mobile("12812345678")


@given(st.text(max_size=40))
def test_identifiers_answer_yes_or_no_for_any_text(text):
    for check in (
        identifiers.is_uscc,
        identifiers.is_pilot_uscc,
        identifiers.is_citizen_number,
        identifiers.is_bank_card,
        identifiers.is_mobile,
    ):
        assert check(text) in {True, False}


@given(st.text(min_size=1, max_size=60))
def test_what_is_sealed_opens_at_its_place_only(plain):
    here, there = crypto.place("t", "c", 1), crypto.place("t", "c", 2)

    sealed = crypto.encrypt(plain, where=here)

    assert crypto.decrypt(sealed, where=here) == plain
    assert plain not in sealed or len(plain) < 3
    with pytest.raises(crypto.CannotOpen):
        crypto.decrypt(sealed, where=there)


def test_the_same_value_is_sealed_differently_each_time_and_hashed_the_same():
    where = crypto.place("t", "c", 1)

    assert crypto.encrypt("138", where=where) != crypto.encrypt("138", where=where)
    assert crypto.keyed_hash("11010519491231002x", kind="citizen_no") == crypto.keyed_hash(
        " 11010519491231002X ", kind="citizen_no"
    )
    assert crypto.keyed_hash("1", kind="a") != crypto.keyed_hash("1", kind="b")


def test_a_lost_key_says_so(settings):
    sealed = crypto.encrypt("138", where="x")
    settings.FIELD_KEYS = {"other": b"1" * 32}

    with pytest.raises(crypto.CannotOpen):
        crypto.decrypt(sealed, where="x")


def test_rotation_moves_every_value_to_the_newest_key(settings):
    from django.db import connection

    where = [crypto.place("vault", "secret", pk) for pk in (1, 2)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE vault (id bigint PRIMARY KEY, secret text)")
        for pk in (1, 2):
            sealed = crypto.encrypt(f"value {pk}", where=where[pk - 1])
            cursor.execute("INSERT INTO vault VALUES (%s, %s)", [pk, sealed])
    settings.FIELD_KEYS = {"new": b"2" * 32, **settings.FIELD_KEYS}
    column = crypto.SealedColumn("vault", "secret")

    moved, again = crypto.rotate(column, batch=1), crypto.rotate(column)

    settings.FIELD_KEYS = {"new": settings.FIELD_KEYS["new"]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM vault ORDER BY id")
        opened = [crypto.decrypt(row[0], where=where[n]) for n, row in enumerate(cursor.fetchall())]
    assert (moved, again) == (2, 0)
    assert opened == ["value 1", "value 2"]


def test_masked_forms_of_the_rules():
    assert masking.mask("mobile", "13812345678") == "138****5678"
    assert masking.mask("citizen_no", "11010519491231002X") == "110105********002X"
    assert masking.mask("citizen_no", "11010519491231002X", in_list=True) == "1****************X"
    assert masking.mask("card_no", "6222000000000000012") == "622200******0012"
    assert masking.mask("card_no", "6222000000000000012", in_list=True) == "****0012"
    assert masking.mask("person", "欧阳娜娜") == "欧*"
    assert masking.mask("email", "li.min@example.cn") == "l***@example.cn"
    assert masking.mask("address", "浙江省杭州市西湖区文三路 90 号") == "浙江省杭州市西湖区****"
    assert masking.mask("amount", "670000") == "50-100万"
    assert masking.mask("mobile", None) == ""


@given(st.sampled_from(masking.MASKS.keys()), st.text(min_size=1, max_size=30))
def test_a_mask_never_shows_more_than_half_of_a_long_number(key, text):
    if key in {"amount", "address", "email"}:
        return
    shown = masking.mask(key, text)

    assert text not in shown or len(text) <= 2


@pytest.fixture
def phone_of_a_user(monkeypatch):
    """A value to reveal: the phone of a user, for whoever leads the unit."""
    from crm.core.catalogue import Catalogue
    from crm.core.models import User

    def load(user, pk):
        row = User.objects.get(pk=pk, branch=user.branch)
        return row, row.phone

    monkeypatch.setattr(reveal, "REVEALABLES", Catalogue("test"))
    reveal.revealable("test.phone", mask="mobile", load=load)
    RuleParameter.objects.filter(key="mask.reveals_per_day").delete()
    make_parameter(key="mask.reveals_per_day", value="3", unit="count")


def test_a_value_is_shown_once_with_a_reason_and_the_trail_does_not_hold_it(
    client, phone_of_a_user
):
    rm = make_user("rm", phone="13812345678")
    client.force_login(rm)
    url = f"/reveal/test.phone/{rm.pk}/"

    asked = client.get(url)
    shown = client.post(url, {"reason": "核对还款日"})

    entry = AuditEntry.objects.get(event="core.revealed")
    assert "13812345678" not in asked.content.decode()
    assert "13812345678" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert (entry.actor, entry.row_pk) == (rm, str(rm.pk))
    assert entry.details == {"field": "test.phone", "reason": "核对还款日"}


@pytest.mark.parametrize("reason", ["", "  ", "abc"])
def test_without_a_reason_nothing_is_shown(client, phone_of_a_user, reason):
    rm = make_user("rm", phone="13812345678")
    client.force_login(rm)

    response = client.post(f"/reveal/test.phone/{rm.pk}/", {"reason": reason})

    assert response.status_code == 422
    assert "13812345678" not in response.content.decode()


def test_somebody_elses_row_looks_like_a_missing_one(client, phone_of_a_user):
    client.force_login(make_user("rm"))
    foreign = make_user("rm", phone="13812345678")

    for pk in (foreign.pk, 999_999):
        assert client.post(f"/reveal/test.phone/{pk}/", {"reason": "why not"}).status_code == 404


@pytest.mark.parametrize(
    "role", ["team_lead", "branch_head", "auditor", "sys_admin", "catalog_admin"]
)
def test_roles_that_stay_masked_are_refused(client, phone_of_a_user, role):
    person = make_user(role, phone="13812345678")
    client.force_login(person)

    assert client.post(f"/reveal/test.phone/{person.pk}/", {"reason": "I want"}).status_code == 403


def test_a_mobile_stays_masked_for_a_risk_officer(client, phone_of_a_user):
    """rules.md 12: the owner only."""
    officer = make_user("risk_officer", phone="13812345678")
    client.force_login(officer)

    assert client.post(f"/reveal/test.phone/{officer.pk}/", {"reason": "I want"}).status_code == 403


def test_past_the_daily_quota_nothing_is_shown_and_the_auditor_is_told_once(
    client, phone_of_a_user
):
    rm, auditor = make_user("rm", phone="13812345678"), make_user("auditor")
    client.force_login(rm)
    url = f"/reveal/test.phone/{rm.pk}/"

    codes = [client.post(url, {"reason": "核对还款日"}).status_code for _number in range(5)]

    assert codes == [200, 200, 200, 409, 409]
    assert Task.objects.filter(owner=auditor, kind="core.reveal_quota").count() == 1


def test_the_first_key_is_the_one_that_encrypts():
    assert crypto.encrypt("x", where="y").startswith(next(iter(settings.FIELD_KEYS)) + ":")
