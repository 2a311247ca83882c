"""Pages and API of competitors: who reads, who writes, what they show and what they cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.models import RuleParameter
from products.models import Competitor, CompetitorNote, CompetitorProduct
from tests.factories import make_customer, make_user
from tests.products.competing import make_competitor, make_market, make_record
from tests.products.factories import make_version

URL = "/products/competitors/"
D = Decimal
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def market():
    make_market()


def signed_in(client, role="rm"):
    user = make_user(role)
    client.force_login(user)
    return user


def entries(**changed):
    """What the form of facts sends."""
    return {
        "name": "商户贷",
        "family": "working_capital_loan",
        "amount_min": "2",
        "amount_max": "50",
        "term_max_months": "12",
        "rate_min": "4.5",
        "rate_max": "6.8",
        "upfront_fee_share": "0.5",
        "guarantee_modes": ["credit"],
        "repayment_modes": ["interest_first", "revolving"],
        "conditions": "经营满 1 年\n老板人品好",
        "wanted_industries": "51，52 62",
        "source": "customer",
        "source_on": TODAY().isoformat(),
        "confidence": "medium",
        "evidence": "三户商户口述一致",
    } | changed


def test_the_list_tells_how_old_the_facts_are(client):
    signed_in(client)
    bank = make_competitor("东屿银行", style="抵押贷利率低")
    make_record(bank)
    old = make_record(
        bank,
        name="旧资料",
        source_on=TODAY() - timedelta(days=150),
        valid_until=TODAY() - timedelta(days=60),
    )

    html = client.get(URL).content.decode()

    assert "东屿银行" in html
    assert "1 条有效" in html
    assert "1 条已过期" in html
    assert f"facts/?like={old.pk}" in html  # asks to be looked at again


def test_the_list_names_the_days_that_facts_hold(client):
    signed_in(client)
    RuleParameter.objects.filter(key="competitor.valid_days").update(value="60")
    make_record(valid_until=TODAY())

    html = client.get("/products/competitors/").content.decode()

    assert "资料默认 60 天有效" in html


def test_a_number_that_no_record_has_starts_an_empty_form(client):
    signed_in(client)
    bank = make_competitor()

    answer = client.get(f"/products/competitors/{bank.pk}/facts/?like={'9' * 5000}")

    assert answer.status_code == 200


def test_a_fragment_has_the_rows_and_not_the_page(client):
    signed_in(client)
    make_record()

    page = client.get(URL).content.decode()
    fragment = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page
    assert "<html" not in fragment
    assert "<table" in fragment


def test_the_list_costs_the_same_with_more_competitors(client, same_queries):
    signed_in(client)
    make_record()

    same_queries(
        lambda: client.get(URL), grow=lambda: [make_record(make_competitor()) for _ in range(6)]
    )


def test_the_page_of_one_costs_the_same_with_more_records(client, same_queries):
    rm = signed_in(client)
    bank = make_competitor()
    make_record(bank, added_by=rm)

    same_queries(
        lambda: client.get(f"{URL}{bank.pk}/"),
        grow=lambda: [make_record(bank, added_by=make_user("rm")) for _ in range(6)],
    )


@pytest.mark.parametrize(
    ("role", "adds", "edits"),
    [
        ("rm", True, False),
        ("catalog_admin", True, True),
        ("branch_head", False, False),
        ("auditor", False, False),
    ],
)
def test_what_a_role_may_do_is_what_its_page_offers(client, role, adds, edits):
    signed_in(client, role)
    bank = make_competitor()
    row = make_record(bank)

    html = client.get(f"{URL}{bank.pk}/").content.decode()
    facts = client.get(f"{URL}{bank.pk}/facts/").status_code
    edit = client.get(f"/products/competitor-products/{row.pk}/edit/").status_code

    assert ("登记产品" in html) == adds
    assert (f"{URL}{bank.pk}/edit/" in html) == edits
    assert facts == (200 if adds else 403)
    assert edit == (200 if edits else 403)


def test_a_manager_writes_down_what_was_seen(client):
    rm, bank = signed_in(client), make_competitor()

    answer = client.post(f"{URL}{bank.pk}/facts/", entries())

    row = CompetitorProduct.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == row.get_absolute_url()
    assert (row.amount_min, row.amount_max) == (20000, 500000)
    assert (row.rate_min, row.rate_max) == (D("0.045"), D("0.068"))
    assert row.upfront_fee_share == D("0.005")
    assert row.wanted_industries == ["51", "52", "62"]
    assert [item["text"] for item in row.admission] == ["经营满 1 年", "老板人品好"]
    assert row.valid_until == TODAY() + timedelta(days=90)
    assert row.added_by == rm
    html = client.get(row.get_absolute_url()).content.decode()
    assert "三户商户口述一致" in html
    assert "2–50 万元" in html


def test_a_refresh_starts_from_the_last_record_and_keeps_what_judges_a_condition(client):
    signed_in(client)
    clause = {"feature": "years_in_business", "op": ">=", "value": 1}
    known = make_record(
        name="商户贷",
        source_on=TODAY() - timedelta(days=80),
        admission=[{"text": "经营满 1 年", "condition": clause}],
    )
    url = f"{URL}{known.competitor_id}/facts/?like={known.pk}"

    form = client.get(url).content.decode()
    client.post(url, entries())

    assert 'value="商户贷"' in form
    newest = CompetitorProduct.objects.order_by("-pk").first()
    assert newest != known
    assert newest.admission[0]["condition"] == clause
    assert "condition" not in newest.admission[1]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"evidence": ""}, "依据"),
        ({"source_on": "2090-01-01"}, "不能晚于今天"),
        ({"rate_min": "7"}, "上限低于下限"),
        ({"rate_max": "120"}, "100"),
        ({"family": "gold"}, "gold"),
    ],
)
def test_wrong_entries_come_back_with_their_field(client, changed, told):
    signed_in(client)
    bank = make_competitor()

    answer = client.post(f"{URL}{bank.pk}/facts/", entries(**changed))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not CompetitorProduct.objects.exists()


def test_an_admin_corrects_and_a_stale_page_is_refused(client):
    signed_in(client, "catalog_admin")
    row = make_record()
    url = f"/products/competitor-products/{row.pk}/edit/"
    form = client.get(url).context["form"]
    sent = entries(name=row.name, seen=form["seen"].value())

    first = client.post(url, sent)
    second = client.post(url, sent | {"rate_min": "4.4"})

    row.refresh_from_db()
    assert first.status_code == 302
    assert second.status_code == 422
    assert "其他人刚改过" in second.content.decode()
    assert row.rate_min == D("0.045")


def test_an_admin_adds_and_changes_a_competitor(client):
    signed_in(client, "catalog_admin")

    added = client.post(f"{URL}new/", {"name": "东屿银行", "kind": "bank", "outlets": "3"})
    bank = Competitor.objects.get()
    page = client.get(f"{URL}{bank.pk}/edit/").context["form"]
    sent = {"name": "东屿银行", "kind": "bank", "outlets": "5", "seen": page["seen"].value()}
    client.post(f"{URL}{bank.pk}/edit/", sent)

    bank.refresh_from_db()
    assert added["Location"] == bank.get_absolute_url()
    assert bank.outlets == 5


def test_a_note_stands_under_its_topic(client):
    rm, bank = signed_in(client), make_competitor()

    note = {"topic": "risk", "text": "提前还款仍收服务费", "noted_on": TODAY().isoformat()}
    client.post(f"{URL}{bank.pk}/notes/", note)
    wrong = client.post(f"{URL}{bank.pk}/notes/", {"topic": "risk", "text": ""})

    html = client.get(f"{URL}{bank.pk}/").content.decode()
    assert "提前还款仍收服务费" in html
    assert rm.full_name in html
    assert wrong.status_code == 422
    assert CompetitorNote.objects.count() == 1


def test_who_told_us_is_named_only_to_those_who_see_the_customer(client):
    mine, other = make_user("rm"), make_user("rm")
    row = make_record(customer=make_customer(mine, name="恒丰五金厂"))

    client.force_login(mine)
    seen = client.get(row.get_absolute_url()).content.decode()
    client.force_login(other)
    unseen = client.get(row.get_absolute_url()).content.decode()

    assert "恒丰五金厂" in seen
    assert "恒丰五金厂" not in unseen


def test_a_record_that_is_not_there_is_not_found(client):
    signed_in(client)

    assert client.get("/products/competitor-products/99999999/").status_code == 404
    assert client.get(f"{URL}99999999/").status_code == 404


def test_the_api_lists_what_counts_and_never_who_told_us(client, same_queries):
    rm = signed_in(client)
    bank = make_competitor()
    make_record(bank, name="商户贷", source_on=TODAY() - timedelta(days=30))
    newest = make_record(bank, name="商户贷", customer=make_customer(rm))

    found = client.get("/api/v1/competitor-products/").json()["results"]

    assert [row["id"] for row in found] == [newest.pk]
    assert found[0]["age"] == "valid"
    assert "customer" not in found[0]
    same_queries(
        lambda: client.get("/api/v1/competitor-products/"),
        grow=lambda: [make_record(bank) for _ in range(5)],
    )


def test_the_api_adds_facts_once_and_names_what_is_wrong(client):
    signed_in(client)
    bank = make_competitor()
    body = {
        "competitor": bank.pk,
        "name": "秒贷",
        "family": "working_capital_loan",
        "rate_min": "0.0486",
        "source": "customer",
        "source_on": TODAY().isoformat(),
        "confidence": "low",
        "evidence": "客户手机截图",
    }
    url = "/api/v1/competitor-products/"

    first = client.post(url, body, content_type="application/json")
    second = client.post(url, body, content_type="application/json")
    wrong = client.post(url, body | {"evidence": " "}, content_type="application/json")
    future = client.post(url, body | {"source_on": "2090-01-01"}, content_type="application/json")

    assert first.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert wrong.status_code == 422
    assert "evidence" in wrong.json()["errors"]
    assert future.status_code == 422
    assert "source_on" in future.json()["errors"]


def test_the_api_keeps_to_the_roles(client):
    signed_in(client, "auditor")
    bank = make_competitor()
    note = {"competitor": bank.pk, "topic": "risk", "text": "x", "noted_on": TODAY().isoformat()}

    read = client.get("/api/v1/competitors/")
    add = client.post("/api/v1/competitor-notes/", note, content_type="application/json")
    new = client.post(
        "/api/v1/competitors/", {"name": "x", "kind": "bank"}, content_type="application/json"
    )

    assert read.status_code == 200
    assert (add.status_code, new.status_code) == (403, 403)


def test_the_record_leads_to_the_comparison_with_ours(client):
    signed_in(client)
    make_version()
    row = make_record()

    html = client.get(row.get_absolute_url()).content.decode()
    compared = client.get("/products/compare/", {"c1": f"p{row.pk}"}).content.decode()

    assert f"/products/compare/?c1=p{row.pk}" in html
    assert compared.count('scope="col"') == 2
