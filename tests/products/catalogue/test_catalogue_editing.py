"""Writing a product and its drafts on the page: kept, told what is missing, two writers."""

import re

import pytest

from products.models import ProductVersion
from products.services.catalogue import draft_from, edit_draft, submit_version
from tests.products.factories import (
    make_fee,
    make_product,
    make_version,
)

LIST = "/products/"
REVIEW = "/products/review/"


def page(client, url, user, **options):
    client.force_login(user)
    return client.get(url, **options)


def submitted(maker, code="WC01", **fields):
    draft = draft_from(by=maker, version_id=make_version(make_product(code)).pk)
    values = {"change_note": "下调利率上限", "spread_max_bp": 120} | fields
    edit_draft(by=maker, version_id=draft.pk, revision=1, values=values)
    return submit_version(by=maker, version_id=draft.pk)


def sent_back_form(html):
    """What the browser would send: every control of the page's form as it stands."""
    found = {}
    body = html[html.index("data-guard") :]
    for tag in re.findall(r"<input[^>]*>", body):
        values = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if values.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in values and values.get("type") != "submit":
            default = "on" if values.get("type") == "checkbox" else ""
            found.setdefault(values["name"], []).append(values.get("value", default))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', body, re.S):
        found[name] = [text]
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = chosen or [""]
    return found


# ---- the list ----


def test_a_new_product_is_written_from_its_code_to_its_first_draft(client, admins):
    client.force_login(admins[0])
    values = {
        "code": "WC10", "name_zh": "新贷", "name_en": "New loan", "tags": "小额，快速",
        "family": "working_capital_loan", "owner_line": "inclusive",
    }  # fmt: skip

    response = client.post("/products/new/", values)
    again = client.post("/products/new/", values)

    version = ProductVersion.objects.get()
    assert response.url == "/products/WC10/1/edit/"
    assert version.product.tags == ["小额", "快速"]
    assert again.status_code == 422
    assert "已存在" in again.content.decode()


@pytest.mark.parametrize("code", ["wc10", "new", "../x", "WC", "10", "WC 10"])
def test_a_code_is_letters_and_a_number(client, admins, code):
    client.force_login(admins[0])
    values = {"code": code, "name_zh": "新贷", "family": "loan", "owner_line": "retail"}

    response = client.post("/products/new/", values)

    assert response.status_code == 422


def test_the_form_sent_back_as_it_stands_changes_nothing(client, admins):
    version = make_version(
        make_product("WC01"), state="draft", amount_step="1000.00", amount_factor="0.3",
        loan_to_value={"home": "0.7"}, season_months=[10, 12], materials=["甲", "乙"],
        target_industries=["C33"], risk_weight="0.75", is_revolving=True,
        target_groups=["zjtx", "unheard_of"], repayment_modes=["revolving", "interest_first"],
    )  # fmt: skip
    make_fee(version)
    html = page(client, "/products/WC01/1/edit/", admins[0]).content.decode()

    response = client.post("/products/WC01/1/edit/", sent_back_form(html))

    assert response.status_code == 302, re.findall(
        r"field__error[^<]*<[^>]*>([^<]+)", response.content.decode()
    )
    version.refresh_from_db()
    assert (version.revision, version.fees.count()) == (1, 1)
    assert version.target_groups == ["zjtx", "unheard_of"]


def test_a_draft_is_kept_and_submitted_from_its_form(client, admins):
    draft = draft_from(by=admins[0], version_id=make_version(make_product("WC01")).pk)
    html = page(client, "/products/WC01/2/edit/", admins[0]).content.decode()
    values = sent_back_form(html) | {
        "amount_max": "50", "spread_max_bp": "140", "ltv_home": "65.5", "change_note": "提额",
        "fees-0-name_zh": "评估费", "fees-0-share": "0.3", "submit": "1",
    }  # fmt: skip

    response = client.post("/products/WC01/2/edit/", values)

    draft.refresh_from_db()
    assert response.url == "/products/WC01/2/"
    assert (draft.state, draft.amount_max, draft.spread_max_bp) == ("submitted", 500_000, 140)
    assert draft.loan_to_value == {"home": "0.655"}
    assert str(draft.fees.get().share) == "0.003000"


def test_an_incomplete_draft_is_kept_and_told_what_it_lacks(client, admins):
    client.force_login(admins[0])
    make_version(make_product("WC01"), state="draft", guarantee_modes=[])
    html = client.get("/products/WC01/1/edit/").content.decode()

    response = client.post(
        "/products/WC01/1/edit/", sent_back_form(html) | {"script": "先留着", "submit": "1"}
    )

    version = ProductVersion.objects.get()
    assert response.url == "/products/WC01/1/edit/"
    assert (version.state, version.script) == ("draft", "先留着")
    assert "担保方式" in client.get(response.url).content.decode()


def test_a_frozen_version_has_no_form(client, admins):
    version = submitted(admins[0])
    client.force_login(admins[0])

    shown = client.get("/products/WC01/2/edit/")
    sent = client.post("/products/WC01/2/edit/", {"spread_max_bp": "1"})

    version.refresh_from_db()
    assert (shown.url, sent.url) == ("/products/WC01/2/", "/products/WC01/2/")
    assert version.spread_max_bp == 120


def test_two_people_on_one_draft_see_both_changes_and_lose_none(client, admins):
    one, two = admins
    draft = draft_from(by=one, version_id=make_version(make_product("WC01")).pk)
    opened = sent_back_form(page(client, "/products/WC01/2/edit/", two).content.decode())
    edit_draft(
        by=one, version_id=draft.pk, revision=1, values={"spread_max_bp": 130, "script": "甲写的"}
    )

    response = client.post(
        "/products/WC01/2/edit/", opened | {"spread_max_bp": "140", "risk_warning": "乙写的"}
    )

    html = response.content.decode()
    assert response.status_code == 409
    for text in ("其他人保存了这份草稿", "+130 bp", "+140 bp", "甲写的", "乙写的"):
        assert text in html, text
    assert html.count("双方") >= 1
    draft.refresh_from_db()
    assert (draft.spread_max_bp, draft.revision) == (130, 2)

    merged = client.post("/products/WC01/2/edit/", sent_back_form(html))

    draft.refresh_from_db()
    assert merged.status_code == 302
    assert (draft.spread_max_bp, draft.script, draft.risk_warning) == (140, "甲写的", "乙写的")


def test_a_forged_base_counts_as_nothing_opened(client, admins):
    draft = draft_from(by=admins[0], version_id=make_version(make_product("WC01")).pk)
    opened = sent_back_form(page(client, "/products/WC01/2/edit/", admins[1]).content.decode())
    edit_draft(by=admins[0], version_id=draft.pk, revision=1, values={"spread_max_bp": 130})

    response = client.post("/products/WC01/2/edit/", opened | {"base": "forged"})

    assert response.status_code == 409


# ---- review ----
