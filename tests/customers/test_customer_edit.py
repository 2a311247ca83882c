"""Customers added and changed by hand: checks, look-alikes, two people on one row."""

import re

import pytest

from crm.core.models import AuditEntry, Job
from customers.models import Contact, Customer, CustomerAssignment, DeclaredFact, TouchedMonth
from customers.sealed import open_mobile
from customers.selectors.look_alikes import likeness, look_alikes
from customers.services.customer import Clash, ContactInput, add_customer, change_customer
from tests.architecture.samples import make_parameter
from tests.factories import make_customer, make_user

GOOD_CODE = "91110108MA01KPGK0L"
NO_CONTACTS = {"contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}


@pytest.fixture
def rm():
    return make_user("rm")


def form_of(client, url):
    """What the page would send back, as it stands."""
    html = client.get(url).content.decode()
    values = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    values = {name: value for name, value in values.items() if "DELETE" not in name}
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.S):
        values[name] = next(iter(re.findall(r'value="([^"]*)" selected', body)), "")
    values.pop("is_do_not_contact", None)
    return values


def test_a_new_customer_is_the_prospect_of_whoever_added_it(client, rm):
    client.force_login(rm)
    values = {
        "name": "济南 恒丰 (精密) 五金厂",
        "party_type": "company",
        "registry_status": "active",
        "uscc": GOOD_CODE.lower(),
        "founded_on": "2019-04-01",
        "registered_capital_amount": "2000000",
        "contacts-TOTAL_FORMS": 1,
        "contacts-INITIAL_FORMS": 0,
        "contacts-0-name": "陈恒",
        "contacts-0-role": "owner",
        "contacts-0-is_decision_maker": "on",
        "contacts-0-mobile": "138 5311 2345",
    }

    response = client.post("/customers/new/", values)

    customer = Customer.objects.get()
    assert response.url == f"/customers/{customer.pk}/"
    assert customer.name == "济南 恒丰 （精密） 五金厂"
    assert (customer.manager, customer.scope_no) == (rm, rm.scope_no)
    assert (customer.relation_state, customer.uscc) == ("prospect", GOOD_CODE)
    assert customer.name_initials == "jnhfjmwjc"
    contact = Contact.objects.get()
    assert contact.mobile_masked == "138****2345"
    assert b"13853112345" not in bytes(contact.mobile_ciphertext)
    assert open_mobile(contact) == "13853112345"
    assignment = CustomerAssignment.objects.get()
    assert (assignment.manager, assignment.during.upper) == (rm, None)
    facts = {fact.key: fact.number or fact.day for fact in DeclaredFact.objects.all()}
    assert facts["registered_capital"] == 2_000_000
    assert str(facts["start_on"]) == "2019-04-01"
    assert TouchedMonth.objects.filter(customer=customer).exists()
    assert Job.objects.filter(kind="portraits.refresh").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "91110108MA01KPGK0"),
        ("uscc", "9111010800000000IO"),
        ("name", "　 "),
        ("registered_capital_amount", "-1"),
        ("founded_on", "2026-02-30"),
        ("contacts-0-mobile", "12345678901"),
        ("industry", "9999"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, rm, field, value):
    client.force_login(rm)
    values = {"name": "恒丰五金", "party_type": "company", "registry_status": "active"}
    values |= {"contacts-TOTAL_FORMS": 1, "contacts-INITIAL_FORMS": 0}
    values |= {"contacts-0-name": "陈恒", "contacts-0-role": "owner"}

    response = client.post("/customers/new/", values | {field: value})

    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert not Customer.objects.exists()


def test_an_equal_credit_code_is_refused_and_names_the_keeper_only(client):
    keeper, rm = make_user("rm", full_name="李敏"), make_user("rm")
    make_customer(keeper, name="济南恒丰精密五金厂", uscc=GOOD_CODE)
    client.force_login(rm)
    values = {"name": "另一家", "party_type": "company", "registry_status": "active"}

    response = client.post("/customers/new/", values | {"uscc": GOOD_CODE} | NO_CONTACTS)

    html = response.content.decode()
    assert response.status_code == 422
    assert "李敏" in html
    assert "恒丰" not in html


def test_roles_that_do_not_edit_are_refused(client):
    lead = make_user("team_lead")
    customer = make_customer(branch=lead.branch)
    client.force_login(lead)

    assert client.get("/customers/new/").status_code == 403
    assert client.post(f"/customers/{customer.pk}/edit/", {}).status_code == 403


def test_a_change_is_written_once_with_its_facts(client, rm):
    customer = make_customer(rm, name="恒丰五金", registered_capital_amount=100)
    client.force_login(rm)
    values = form_of(client, f"/customers/{customer.pk}/edit/") | NO_CONTACTS

    client.post(
        f"/customers/{customer.pk}/edit/", values | {"registered_capital_amount": "3000000"}
    )

    customer.refresh_from_db()
    assert customer.registered_capital_amount == 3_000_000
    assert (customer.version, customer.updated_by) == (2, rm)
    assert DeclaredFact.objects.get().number == 3_000_000


def test_saving_without_a_change_changes_nothing(client, rm):
    customer = make_customer(rm, name="恒丰五金")
    client.force_login(rm)
    values = form_of(client, f"/customers/{customer.pk}/edit/") | NO_CONTACTS

    response = client.post(f"/customers/{customer.pk}/edit/", values)

    customer.refresh_from_db()
    assert response.status_code == 302
    assert customer.version == 1
    assert not TouchedMonth.objects.exists()


def test_two_people_on_one_row_clash_and_nothing_is_lost(client):
    rm = make_user("rm")
    officer = make_user("risk_officer", rm.branch)
    customer = make_customer(rm, name="恒丰五金", address="旧址1号", legal_rep_name="陈一")
    client.force_login(rm)
    mine = form_of(client, f"/customers/{customer.pk}/edit/") | NO_CONTACTS
    change_customer(
        customer_id=customer.pk,
        version=1,
        values={"address": "新址2号", "legal_rep_name": "陈二"},
        by=officer,
    )

    response = client.post(
        f"/customers/{customer.pk}/edit/",
        mine | {"legal_rep_name": "陈三", "registry_kind": "个体"},
    )

    html = response.content.decode()
    customer.refresh_from_db()
    assert response.status_code == 409
    assert customer.legal_rep_name == "陈二"  # nothing written
    assert all(word in html for word in ("陈一", "陈二", "陈三", "旧址1号", "新址2号", "个体"))
    again = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    assert again["legal_rep_name"] == "陈三"  # mine kept in the form
    assert again["registry_kind"] == "个体"
    assert again["address"] == "新址2号"  # theirs kept where I changed nothing
    assert again["version"] == "2"


def test_after_a_clash_the_second_save_goes_through(client):
    rm = make_user("rm")
    customer = make_customer(rm, name="恒丰五金", address="旧址1号")
    client.force_login(rm)
    mine = form_of(client, f"/customers/{customer.pk}/edit/") | NO_CONTACTS
    change_customer(customer_id=customer.pk, version=1, values={"address": "新址2号"}, by=rm)
    url = f"/customers/{customer.pk}/edit/"
    html = client.post(url, mine | {"legal_rep_name": "陈三"}).content.decode()
    again = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    chosen = {"party_type": "company", "registry_status": "unknown"}

    response = client.post(url, again | chosen | NO_CONTACTS)

    customer.refresh_from_db()
    assert response.status_code == 302
    assert (customer.address, customer.legal_rep_name) == ("新址2号", "陈三")


def test_the_service_refuses_an_old_version(rm):
    customer = make_customer(rm)
    change_customer(customer_id=customer.pk, version=1, values={"address": "甲"}, by=rm)

    with pytest.raises(Clash):
        change_customer(customer_id=customer.pk, version=1, values={"address": "乙"}, by=rm)

    customer.refresh_from_db()
    assert customer.address == "甲"


def test_an_empty_mobile_keeps_the_number_on_record(rm):
    contact = ContactInput(name="陈恒", role="owner", mobile="13853112345")
    customer = add_customer(
        values={"name": "恒丰五金", "party_type": "company"}, contacts=[contact], by=rm
    )
    row = Contact.objects.get()

    change_customer(
        customer_id=customer.pk,
        version=1,
        values={},
        contacts=[ContactInput(name="陈恒", role="owner", email="a@b.cn", pk=row.pk)],
        by=rm,
    )

    row.refresh_from_db()
    assert (open_mobile(row), row.email) == ("13853112345", "a@b.cn")


def test_a_mobile_is_shown_masked_and_revealed_with_a_reason(client, rm):
    """ROL-4, rules.md 12."""
    make_parameter(key="mask.reveals_per_day", value="3", unit="count")
    contact = ContactInput(name="陈恒", role="owner", mobile="13853112345")
    customer = add_customer(
        values={"name": "恒丰五金", "party_type": "company"}, contacts=[contact], by=rm
    )
    row = Contact.objects.get()
    client.force_login(rm)

    page = client.get(f"/customers/{customer.pk}/profile/").content.decode()
    shown = client.post(f"/reveal/customers.contact_mobile/{row.pk}/", {"reason": "约定上门时间"})

    assert "13853112345" not in page
    assert "138****2345" in page
    assert "13853112345" in shown.content.decode()
    assert AuditEntry.objects.filter(event="core.revealed", actor=rm).exists()


def test_another_managers_mobile_cannot_be_revealed(client):
    keeper, rm = make_user("rm"), make_user("rm")
    keeper.refresh_from_db()
    add_customer(
        values={"name": "恒丰五金", "party_type": "company"},
        contacts=[ContactInput(name="陈恒", role="owner", mobile="13853112345")],
        by=keeper,
    )
    client.force_login(rm)

    response = client.post(
        f"/reveal/customers.contact_mobile/{Contact.objects.get().pk}/", {"reason": "约定上门时间"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("济南恒丰精密五金厂", "济南恒丰精密五金有限公司", True),
        ("济南恒丰精密五金厂", "济南恒丰精蜜五金厂", True),
        ("济南恒丰精密五金厂", "青岛锦绣服装有限公司", False),
        ("恒丰", "恒大", False),
        ("", "恒丰", False),
    ],
)
def test_names_are_alike_or_not(one, other, is_alike):
    assert (likeness(one, "", other, "") >= 85) is is_alike


def test_look_alikes_are_named_within_reach_and_masked_beyond(client):
    """DAT-7."""
    other, rm = make_user("rm", full_name="李敏"), make_user("rm")
    make_customer(other, name="济南恒丰精密五金厂")
    make_customer(rm, name="济南恒丰精密五金坊")
    client.force_login(rm)

    html = client.get("/customers/duplicates/", {"name": "济南恒丰精密五金店"}).content.decode()

    assert "济南恒丰精密五金坊" in html
    assert "济南恒丰精密五金厂<" not in html
    assert "李敏" in html


def test_a_customer_is_not_its_own_look_alike(rm):
    customer = make_customer(rm, name="济南恒丰精密五金厂", uscc=GOOD_CODE)

    found = look_alikes(user=rm, name=customer.name, uscc=customer.uscc, but=customer.pk)

    assert found == []
