"""The customer list: who sees what, whole page and fragment, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import SavedList
from tests.factories import make_branch, make_customer, make_portrait, make_user

URL = "/customers/"


def shown(client, **query):
    return client.get(URL, query, headers={"HX-Request": "true"}).content.decode()


def test_an_rm_sees_own_customers_only(client):
    mine, other = make_user("rm"), make_user("rm")
    make_customer(mine, name="恒丰精密五金厂")
    make_customer(other, name="锦绣服装有限公司")
    client.force_login(mine)

    html = client.get(URL).content.decode()

    assert "恒丰精密五金厂" in html
    assert "锦绣服装有限公司" not in html


@pytest.mark.parametrize("role", ["catalog_admin", "sys_admin"])
def test_roles_without_customers_are_refused(client, role):
    client.force_login(make_user(role))

    assert client.get(URL).status_code == 403


def test_a_branch_head_sees_the_whole_branch_and_an_auditor_the_bank(client):
    branch, elsewhere = make_branch(), make_branch()
    team = make_branch(parent=branch, level="team")
    make_customer(make_user("rm", team), name="甲商行")
    make_customer(branch=branch, name="乙商行")
    make_customer(make_user("rm", elsewhere), name="丙商行")

    client.force_login(make_user("branch_head", branch))
    html = shown(client)
    client.force_login(make_user("auditor"))
    whole = shown(client)

    assert "甲商行" in html
    assert "乙商行" in html
    assert "丙商行" not in html
    assert "丙商行" in whole


def test_a_fragment_has_the_rows_and_not_the_page(client):
    rm = make_user("rm")
    make_customer(rm, name="恒丰精密五金厂")
    client.force_login(rm)

    page, fragment = client.get(URL).content.decode(), shown(client)

    assert "<html" in page
    assert "<html" not in fragment
    assert "恒丰精密五金厂" in fragment


def test_the_list_costs_the_same_with_more_rows(client, same_queries):
    rm = make_user("rm")
    for _ in range(60):
        make_customer(rm)
    client.force_login(rm)

    same_queries(lambda: client.get(URL), grow=lambda: [make_customer(rm) for _ in range(60)])


def test_the_list_takes_at_most_twelve_queries(client):
    head = make_user("branch_head")
    for _ in range(3):
        make_customer(branch=head.branch)
    client.force_login(head)

    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"relation": "prospect", "size": "micro", "q": "测试", "sort": "-created"})

    assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)


def test_filters_narrow_and_chips_take_them_away(client):
    rm = make_user("rm")
    for name, relation, size in (
        ("甲商行", "existing", "micro"),
        ("乙商行", "existing", "small"),
        ("丙商行", "prospect", "micro"),
    ):
        make_portrait(make_customer(rm, name=name, relation_state=relation), size_class=size)
    client.force_login(rm)

    both = shown(client, relation="existing", size="micro")
    either = shown(client, size=["micro", "small"])

    assert "甲商行" in both
    assert "乙商行" not in both
    assert "丙商行" not in both
    assert 'href="?relation=existing"' in both  # the chip that takes the size away
    assert all(name in either for name in ("甲商行", "乙商行", "丙商行"))


def test_a_filter_with_nonsense_values_shows_nothing_or_all_but_never_fails(client):
    client.force_login(make_user("branch_head"))

    for query in ({"branch": "x"}, {"manager": "99999999999"}, {"industry": "'"}, {"at": "%%%"},
                  {"sort": "nope"}, {"f": "a:b"}, {"f": "::"}, {"territory": "-1"},
                  {"at": "WyJ4Iiwic3EiXQ"}):  # fmt: skip
        assert client.get(URL, query).status_code == 200


def test_paging_walks_all_rows_in_the_page_itself(client):
    rm = make_user("rm")
    names = {make_customer(rm).name for _ in range(120)}
    client.force_login(rm)

    seen, url = [], URL
    while url:
        html = client.get(url).content.decode()
        seen += [name for name in names if f">{name}</a>" in html]
        following = html.partition('rel="next" href="')[2].partition('"')[0]
        url = URL + following.replace("&amp;", "&") if following else ""

    assert sorted(seen) == sorted(names)


def test_another_managers_customer_is_named_only_by_its_keeper(client):
    """ROL-3: existence and owner name, to avoid double calls."""
    keeper, rm = make_user("rm", full_name="李敏"), make_user("rm")
    make_customer(keeper, name="济南恒丰精密五金厂", uscc="91370100MA3C0XJ123")
    client.force_login(rm)

    by_code = shown(client, q="91370100MA3C0XJ123")
    by_part = shown(client, q="恒丰")

    assert "李敏" in by_code
    assert "恒丰精密五金厂" not in by_code
    assert "李敏" not in by_part


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("loan_balance:ge:50万", {"甲"}),
        ("loan_balance:le:50万", {"乙"}),
        ("inflow_trend:le:-20", {"甲"}),
        ("inflow_trend:ge:10%", {"乙"}),
        ("tags:is:overdue", {"甲"}),
        ("tags:not:overdue", {"乙"}),
        ("stage:not:growth", {"乙"}),
        ("last_visit_on:ge:2026-06-01", {"甲"}),
        ("is_dishonest:is:1", {"乙"}),
        ("loan_balance:missing:", {"丙"}),
        ("loan_balance:known:", {"甲", "乙"}),
        ("loan_balance:ge:abc", {"甲", "乙", "丙"}),  # cannot be read: left out
        ("no_such_feature:ge:1", {"甲", "乙", "丙"}),
    ],
)
def test_any_portrait_feature_filters(client, clause, names):
    rm = make_user("rm")
    first = {"loan_balance": 800_000, "inflow_trend": -0.3, "tags": ["overdue"], "stage": "growth"}
    second = {"loan_balance": 100_000, "inflow_trend": 0.2, "tags": [], "stage": "decline"}
    make_portrait(
        make_customer(rm, name="甲商行"), **first, last_visit_on="2026-08-01", is_dishonest=False
    )
    make_portrait(
        make_customer(rm, name="乙商行"), **second, last_visit_on="2026-01-01", is_dishonest=True
    )
    make_customer(rm, name="丙商行")  # no portrait yet
    client.force_login(rm)

    html = shown(client, f=clause)

    assert {name for name in "甲乙丙" if f"{name}商行</a>" in html} == names


def test_a_condition_just_added_joins_those_that_are_on(client):
    rm = make_user("rm")
    make_portrait(make_customer(rm, name="甲商行"), loan_balance=800_000, employees=5)
    make_portrait(make_customer(rm, name="乙商行"), loan_balance=800_000, employees=50)
    client.force_login(rm)

    response = client.get(
        URL,
        {"f": "loan_balance:ge:50万", "fkey": "employees", "fop": "ge", "fvalue": "20"},
        headers={"HX-Request": "true"},
    )

    html = response.content.decode()
    assert "乙商行" in html
    assert "甲商行" not in html
    assert "employees%3Age%3A20" in response["HX-Push-Url"]


def test_lists_sort_by_any_feature_with_the_unknown_last(client):
    rm = make_user("rm")
    for name, balance in (("甲商行", 1), ("乙商行", 3), ("丁商行", 2)):
        make_portrait(make_customer(rm, name=name), loan_balance=balance)
    make_customer(rm, name="丙商行")
    client.force_login(rm)

    up, down = shown(client, sort="f.loan_balance"), shown(client, sort="-f.loan_balance")

    def order(html):
        return sorted("甲乙丙丁", key=lambda name: html.index(f"{name}商行</a>"))

    assert order(up) == list("甲丁乙丙")
    assert order(down) == list("乙丁甲丙")


def test_columns_chosen_once_stay_chosen(client):
    rm = make_user("rm")
    make_portrait(make_customer(rm, name="甲商行"), employees=321)
    client.force_login(rm)

    client.post("/customers/columns/", {"column": ["no", "f.employees", "f.nonsense"]})
    html = shown(client)

    assert "321" in html
    assert html.count("<th ") == 3


def test_a_kept_list_stands_above_the_list_of_its_user_only(client):
    rm, other = make_user("rm"), make_user("rm")
    client.force_login(rm)
    client.post("/customers/lists/", {"name": "微型存量", "query": "?relation=existing&size=micro"})

    mine = client.get(URL).content.decode()
    client.force_login(other)
    theirs = client.get(URL).content.decode()

    assert "微型存量" in mine
    assert "微型存量" not in theirs


def test_the_kept_list_at_hand_can_be_dropped(client):
    rm = make_user("rm")
    client.force_login(rm)
    client.post("/customers/lists/", {"name": "微型存量", "query": "?relation=existing&size=micro"})
    kept = SavedList.objects.get(name="微型存量")
    opened = client.get(f"{URL}?{kept.query.lstrip('?')}").content.decode()

    client.post(f"/customers/lists/{kept.pk}/drop/")

    assert f"/customers/lists/{kept.pk}/drop/" in opened
    assert "微型存量" not in client.get(URL).content.decode()


def test_an_auditor_sees_amounts_as_bands(client):
    """rules.md 12: amounts are for the owner's chain and the risk officer."""
    rm = make_user("rm")
    make_portrait(make_customer(rm, name="甲商行"), loan_balance=853_211)
    client.force_login(rm)
    own = shown(client)
    client.force_login(make_user("auditor"))
    audited = shown(client)

    assert "85.3" in own
    assert "85.3" not in audited
    assert "50-100万" in audited


def test_every_page_of_a_list_opens_as_page_and_dialog(client):
    rm = make_user("rm")
    make_customer(rm)
    client.force_login(rm)

    for path in ("filters/", "columns/", "export/", "groups/", "territories/", "new/"):
        page = client.get(f"/customers/{path}")
        assert page.status_code == 200, path
        assert "<html" in page.content.decode()
    dialog = client.get("/customers/filters/", headers={"HX-Request": "true"}).content.decode()
    assert "<dialog" in dialog
    assert "<html" not in dialog


def test_every_tab_of_a_customer_opens_in_as_many_queries_for_more_rows(client, same_queries):
    rm = make_user("rm")
    customer = make_customer(rm)
    client.force_login(rm)

    for tab in ("profile", "holdings", "chain", "history"):
        same_queries(
            lambda tab=tab: client.get(f"/customers/{customer.pk}/{tab}/"),
            grow=lambda: [make_loan(customer) for _ in range(3)],
        )


def make_loan(customer):
    """A loan with one late instalment."""
    from datetime import date

    from customers.models import Instalment, Loan

    number = Loan.objects.count()
    loan = Loan.objects.create(
        customer=customer, loan_no=f"D{number}", family="loan", principal_amount=1000,
        balance_amount=900, rate="0.0435", drawn_on=date(2026, 1, 5), matures_on=date(2027, 1, 5),
        repayment_mode="bullet", guarantee_mode="none", five_class="normal",
    )  # fmt: skip
    Instalment.objects.create(
        loan=loan, customer=customer, seq=1, due_on=date(2026, 2, 5), principal_amount=10,
        interest_amount=1,
    )  # fmt: skip
    return loan


def test_arrears_are_what_was_due_before_today_and_not_paid(client):
    rm = make_user("rm")
    customer = make_customer(rm)
    make_loan(customer)
    client.force_login(rm)

    html = client.get(f"/customers/{customer.pk}/holdings/").content.decode()

    assert "逾期" in html


def test_the_search_box_and_the_home_boxes_know_the_customers(client):
    rm = make_user("rm")
    customer = make_customer(rm, name="济南恒丰精密五金厂")
    make_portrait(customer, completeness=41.0, tier="B")
    client.force_login(rm)
    client.get(f"/customers/{customer.pk}/profile/")

    hits = client.get("/search/", {"q": "hfjm"}).content.decode()
    boxes = {
        key: client.get(f"/home/customers.{key}/").content.decode()
        for key in ("numbers", "stale", "recent", "new")
    }

    assert f'href="/customers/{customer.pk}/"' in hits
    assert all("恒丰精密" in boxes[key] for key in ("stale", "recent", "new"))
    assert ">1<" in boxes["numbers"].replace(" ", "").replace('<spanclass="nowrap">', ">")


def test_a_long_filtered_list_shows_rows_first_and_counts_itself_after(client):
    rm = make_user("rm")
    for _ in range(53):
        make_customer(rm)
    client.force_login(rm)

    first = shown(client, relation="prospect")
    counting = first.partition('hx-get="/customers/count/')[2].partition('"')[0]
    counted = client.get("/customers/count/" + counting.replace("&amp;", "&")).content.decode()
    following = counted.partition('rel="next" href="')[2].partition('"')[0]
    second = client.get(URL + following.replace("&amp;", "&")).content.decode()

    assert "超过 50 户" in first
    assert "共 53 户" in counted
    assert "共 53 户" in second  # the link carried the number on
    assert "共 53 户" in shown(client)  # one's whole list is counted at once


def test_the_groups_count_the_own_customers_and_lead_to_their_list(client):
    rm, other = make_user("rm"), make_user("rm")
    two = {"groups": ["zjtx", "micro_small"], "primary_group": "zjtx"}
    make_portrait(make_customer(rm), **two)
    make_portrait(make_customer(other), **two)
    client.force_login(rm)

    html = client.get("/customers/groups/").content.decode()

    assert 'href="/customers/?groups=zjtx">专精特新</a>' in html
    assert html.count(">1</span>") == 3  # two memberships, one primary
