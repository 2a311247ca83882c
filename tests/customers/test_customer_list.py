"""The customer list: who sees what, whole page and fragment, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_branch, make_customer, make_user

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
    make_customer(rm, name="甲商行", relation_state="existing", size_class="micro")
    make_customer(rm, name="乙商行", relation_state="existing", size_class="small")
    make_customer(rm, name="丙商行", relation_state="prospect", size_class="micro")
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
                  {"at": "WyJ4Iiwic3EiXQ"}, {"q": "\x00"}):  # fmt: skip
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
