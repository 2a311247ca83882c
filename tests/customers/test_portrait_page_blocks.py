"""The portrait page: every block shows the real figures, and each figure opens its rows."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from crm.core.models import User
from crm.core.parameters import parameters
from customers import models as m
from customers.features.catalogue import COLUMNS, FEATURES, weighted_features
from customers.selectors.portrait_page import Month
from customers.selectors.portrait_page_missing import is_asked, missing_features, weight_of
from customers.views.portrait.charts import flow_chart
from tests.customers.portrait_page import (
    EARLIER,
    LAST,
    TODAY,
    add_flows,
    add_sales,
    compute,
    make_firm,
    row_of,
    tell,
)
from tests.factories import make_customer, make_user

ALWAYS_KNOWN = {"applied_24m > 0", "repaid_24m > 0"}
FRAGMENT = {"HX-Request": "true"}


def words(html):
    """The text of a page, blanks collapsed."""
    return re.sub(r"\s+", " ", unescape(strip_tags(html.replace("<", " <")))).strip()


def read(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def chart_of(html):
    """The data of the first chart."""
    found = re.search(
        r'<script[^>]*type="application/json"[^>]*>(\{"categories".*?)</script>', html
    )
    return json.loads(found[1])


@pytest.fixture
def firm(client):
    """A firm with flows, invoices and told facts; its manager is signed in."""
    customer = make_firm()
    add_flows(customer)
    add_sales(customer)
    tell(customer, "employees", 18)
    tell(customer, "competitor_lender", "Rival Bank")
    compute(customer)
    client.force_login(customer.manager)
    return customer


def test_the_monthly_inflow_is_the_mean_of_the_twelve_months(client, firm):
    expected = (11 * 120_000 + 3 * 120_000) / 12  # 140,000

    text = words(read(client, f"/customers/{firm.pk}/"))

    assert float(row_of(firm).inflow_month_12m) == expected
    assert "月均结算流入 14 万元" in text


def test_the_rows_behind_the_inflow_add_up_to_twelve_times_the_figure(client, firm):
    html = read(client, f"/customers/{firm.pk}/figures/inflow_month_12m/")
    table = html[html.index("<tbody") : html.index("</tfoot>")]

    rows = re.findall(r"<tr><td>(\d{4}-\d\d)</td>", table)

    assert len(rows) == 12
    assert rows[0] == "2026-10"
    assert "合计 168 万元" in words(table)  # 12 x 14


def test_void_invoices_are_shown_and_not_added_up(client, firm):
    html = read(client, f"/customers/{firm.pk}/figures/sales_month_12m/")

    expected = 36 * 10_000 - 10_000 - 15_000  # one void, one red-letter of half the amount

    assert float(row_of(firm).sales_month_12m) == pytest.approx(expected / 12, abs=0.01)
    assert "33.5 万元" in words(html[html.index("<tfoot") :])
    assert "更早的记录" in html


def test_the_next_page_of_rows_begins_where_the_first_ended(client, firm):
    numbers, url = [], f"/customers/{firm.pk}/figures/sales_month_12m/"
    while url:
        html = unescape(read(client, url))
        body = html[html.index("<tbody") : html.index("</tbody>")]
        numbers += re.findall(r">(\d{9,})<", body)
        found = re.search(r'href="([^"]+after=[^"]+)"', html)
        url = found and found[1]

    assert len(numbers) == 36
    assert len(set(numbers)) == 36


def test_a_month_of_the_chart_opens_the_rows_of_that_month_only(client, firm):
    html = read(client, f"/customers/{firm.pk}/months/invoices/2026-10/")

    assert html.count('nowrap">2026-10-0') == 3
    assert 'nowrap">2026-09' not in html


def test_the_chart_holds_24_months_in_ten_thousands(client, firm):
    html = read(client, f"/customers/{firm.pk}/")

    found = re.search(
        r'<script[^>]*type="application/json"[^>]*>(\{"categories".*?)</script>', html
    )
    data = json.loads(found[1])

    assert len(data["categories"]) == 24
    assert data["series"][0]["data"] == [12.0] * 23 + [36.0]
    assert data["hrefs"][-1].endswith("/months/flows/2026-10/")


def test_the_median_of_the_peers_is_a_dashed_line_where_there_are_peers():
    months = [Month(LAST - 1, inflow=90_000.0, peers=70_000.0), Month(LAST, peers=80_000.0)]

    inflow, _outflow, peers = flow_chart(months, 7)["series"]

    assert inflow["data"] == [9.0, None]
    assert (peers["data"], peers["dashed"]) == ([7.0, 8.0], True)


def test_buyers_stand_with_their_share_of_the_year(client, firm):
    text = words(read(client, f"/customers/{firm.pk}/"))

    # 12 invoices of Buyer 0; one of Buyer 1 is a return; one of Buyer 2 is void
    total = 120_000 + 110_000 - 5_000 + 110_000
    assert float(row_of(firm).top1_buyer_share_12m) == pytest.approx(120_000 / total, abs=1e-6)
    assert "Buyer 0 12 万元 36%" in text
    assert "Buyer 2 11 万元 33%" in text


def test_a_told_fact_names_its_source_day_and_quality(client, firm):
    text = words(read(client, f"/customers/{firm.pk}/figures/employees/"))

    assert "18 人" in text
    assert "可信度 申报" in text or "可信度" in text
    assert "数据截至" in text
    assert "2026-08-21" in text


def test_every_figure_of_the_catalogue_opens(client, firm):
    refused = [
        column.key
        for column in COLUMNS
        if column.label
        and client.get(f"/customers/{firm.pk}/figures/{column.key}/").status_code != 200
    ]

    assert refused == []


def test_the_list_of_a_dimension_is_complete_and_asks_for_what_is_missing(client, firm):
    html = read(client, f"/customers/{firm.pk}/dimensions/need/")

    need = [feature for feature in FEATURES if feature.dimension == "need"]
    assert all(f"/figures/{feature.key}/" in html for feature in need)
    assert "如果需要资金，大概要多少？" in html
    assert "Rival Bank" in html


def test_what_is_missing_explains_the_completeness_of_every_customer(demo_bank):
    for portrait in m.Portrait.objects.all():
        snapshot = parameters(portrait.as_of)
        known = sum(
            weight_of(feature, snapshot)
            for feature in weighted_features()
            if getattr(portrait, feature.key) is not None
            and (feature.applies in ALWAYS_KNOWN or is_asked(feature, portrait, snapshot))
        )
        missing = sum(item.weight for item in missing_features(portrait, snapshot))

        told = 100 * known / (known + missing)
        assert portrait.completeness == pytest.approx(told, abs=0.06), portrait.customer_id


def test_a_fragment_is_a_dialog_and_its_page_is_whole(client, firm):
    for path in ("figures/stage", "dimensions/basic", "months/flows/2026-10"):
        url = f"/customers/{firm.pk}/{path}/"

        fragment = client.get(url, headers=FRAGMENT).content.decode()
        page = client.get(url).content.decode()

        assert "<dialog" in fragment
        assert "<html" not in fragment
        assert "<html" in page


def test_unknown_figures_dimensions_and_months_are_not_there(client, firm):
    paths = ("figures/nothing", "dimensions/other", "months/flows/2026-13", "months/tax/2026-10")

    assert [client.get(f"/customers/{firm.pk}/{path}/").status_code for path in paths] == [404] * 4


def test_the_page_takes_at_most_twenty_queries_whatever_the_size(client, same_queries):
    rm = make_user("rm")
    firm = make_firm(rm)
    add_flows(firm, months=6)
    add_sales(firm, months=6, a_month=1)
    compute(firm, as_of=EARLIER)
    compute(firm)
    client.force_login(rm)
    url = f"/customers/{firm.pk}/"

    def grow():
        others = [make_customer(rm) for _ in range(5)]
        for number in range(200):
            m.Invoice.objects.create(
                customer=firm,
                issued_on=date(2026, 10, 9),
                side="P",
                number=f"9{number:06d}",
                ym=LAST,
                counterparty=f"Supplier {number}",
                net_amount=Decimal(1000),
                tax_amount=0,
            )
        compute(firm, *others)

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 20
    same_queries(lambda: client.get(url), grow=grow)


def test_a_customer_without_portrait_can_be_computed_now(client):
    firm = make_firm()
    client.force_login(firm.manager)

    html = read(client, f"/customers/{firm.pk}/")

    assert "暂无画像" in html
    assert f"/customers/{firm.pk}/recompute/" in html


def test_a_person_without_any_facts_has_a_page_that_says_what_to_ask(client):
    person = make_firm(party_type="individual", relation_state="prospect", founded_on=None)
    compute(person)
    client.force_login(person.manager)

    text = words(read(client, f"/customers/{person.pk}/"))

    assert "暂无账户流水和发票" in text
    assert "未达授信申请要求" in text
    assert "能否授权我行查询征信" in text


def test_the_english_page_has_no_chinese_of_ours(client, firm):
    User.objects.filter(pk=firm.manager_id).update(language="en")
    for path in ("", "versions/", "figures/stage/", "dimensions/credit/", "months/flows/2026-10/"):
        html = read(client, f"/customers/{firm.pk}/{path}")
        main = html[html.index("<main") : html.index("</main>")]
        shown = words(re.sub(re.escape(str(firm.branch)) + "|" + firm.manager.full_name, "", main))

        assert re.findall(r"[\u4e00-\u9fff]+", shown) == [], path


def test_an_auditor_reads_bands_and_no_amount(client, firm):
    client.force_login(make_user("auditor"))

    html = read(client, f"/customers/{firm.pk}/")
    rows = read(client, f"/customers/{firm.pk}/figures/inflow_month_12m/")

    assert "10-50万" in html
    assert "14 万元" not in words(html)
    assert chart_of(html)["series"][0]["data"] == [33.33] * 23 + [100]
    assert "12 万元" not in words(rows)
    assert "/recompute/" not in html
    assert row_of(firm).as_of == TODAY
