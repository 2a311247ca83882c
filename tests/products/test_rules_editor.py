"""Rules are rows an admin edits on the page: kept, refused with a reason, counted while typed."""

import pytest
from django.urls import reverse

from crm.core.conditions import from_data
from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from crm.core.services.reference import load_reference
from products.models import EligibilityRule, ProductVersion
from products.services.catalogue import DraftClash
from products.services.rules import RuleInput, move_rule, remove_rule, save_rule
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version

HEADS = {"feature": "employees", "op": ">=", "value": 5}
FORM = {
    "text_zh": "从业人数 5 人以上",
    "text_en": "Five employees",
    "remedy_zh": "员工满 5 人后再来",
    "remedy_en": "Come back with five",
    "code": "five_staff",
    "g": "all",
    "f0": "employees",
    "o0": ">=",
    "v0": "5",
}


@pytest.fixture
def keeper():
    return make_user("catalog_admin")


@pytest.fixture
def draft():
    """An empty draft of a payroll service."""
    return make_version(make_product("PY09", family="payroll"), state="draft")


def given(**fields):
    return RuleInput(**({"code": "heads", "text_zh": "五人以上", "condition": HEADS} | fields))


def kept(draft, keeper, rule, **options):
    draft.refresh_from_db()
    return save_rule(by=keeper, version_id=draft.pk, revision=draft.revision, rule=rule, **options)


def test_a_rule_is_kept_at_the_end_and_counts_as_a_change_of_the_draft(draft, keeper):
    make_rule(draft, seq=4)

    row = kept(draft, keeper, given())

    draft.refresh_from_db()
    assert (row.seq, row.condition) == (5, HEADS)
    assert draft.revision == 2
    assert keeper.pk in draft.makers
    assert AuditEntry.objects.filter(event="products.rule_saved").count() == 1


def test_the_same_rule_kept_twice_counts_once(draft, keeper):
    kept(draft, keeper, given())
    draft.refresh_from_db()
    before = draft.revision

    kept(draft, keeper, given(), replaces="heads")

    draft.refresh_from_db()
    assert (draft.revision, draft.rules.count()) == (before, 1)


def test_a_rule_takes_the_place_of_the_one_it_replaces(draft, keeper):
    make_rule(draft, code="first")
    make_rule(draft, code="second")

    kept(draft, keeper, given(code="better"), replaces="first")

    assert list(draft.rules.order_by("seq").values_list("code", flat=True)) == ["better", "second"]


def test_two_people_on_one_draft_do_not_overwrite_each_other(draft, keeper):
    opened = draft.revision
    kept(draft, make_user("catalog_admin"), given(code="theirs"))

    with pytest.raises(DraftClash):
        save_rule(by=keeper, version_id=draft.pk, revision=opened, rule=given())

    assert [rule.code for rule in draft.rules.all()] == ["theirs"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "5 heads"}, "code"),
        ({"code": "new"}, "code"),
        ({"code": "taken"}, "code"),
        ({"text_zh": " "}, "text_zh"),
        ({"remedy_zh": "长" * 161}, "remedy_zh"),
        ({"condition": {"all": []}}, "condition"),
        ({"condition": {"feature": "mood", "op": "known"}}, "condition"),
        ({"condition": {"feature": "employees", "op": ">=", "value": "many"}}, "condition"),
        ({"condition": {"feature": "industry_code", "op": "starts", "value": ["Z9"]}}, "condition"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(draft, keeper, fields, field):
    make_rule(draft, code="taken")

    with pytest.raises(DomainError) as caught:
        kept(draft, keeper, given(**fields))

    assert caught.value.status == 422
    assert list(caught.value.fields) == [field]
    assert draft.rules.count() == 1


def test_industries_of_the_reference_data_may_be_named_by_their_heads(draft, keeper):
    load_reference()
    condition = {"feature": "industry_code", "op": "starts", "value": ["C", "13", "331"]}

    assert kept(draft, keeper, given(condition=condition)).condition == condition


def test_a_submitted_version_is_frozen(keeper):
    version = make_version(make_product("PY10", family="payroll"), state="submitted")

    with pytest.raises(DomainError, match="冻结"):
        save_rule(by=keeper, version_id=version.pk, revision=1, rule=given())


def test_only_who_writes_the_catalogue_keeps_rules(draft):
    with pytest.raises(DomainError) as caught:
        kept(draft, make_user("rm"), given())

    assert caught.value.status == 403


def test_rules_are_removed_once_and_moved_by_one_place(draft, keeper):
    for code in ("a1", "b1", "c1"):
        make_rule(draft, code=code)

    def act(service, **options):
        draft.refresh_from_db()
        service(by=keeper, version_id=draft.pk, revision=draft.revision, **options)

    act(move_rule, code="c1", is_up=True)
    act(move_rule, code="a1", is_up=True)
    act(remove_rule, code="b1")
    act(remove_rule, code="b1")

    assert list(draft.rules.order_by("seq").values_list("code", flat=True)) == ["a1", "c1"]


def test_the_page_keeps_a_rule_in_the_units_of_the_portrait(draft, keeper, client):
    client.force_login(keeper)
    url = reverse("products:rule_new", args=["PY09", 1])
    form = FORM | {"f0": "annual_revenue", "v0": "120", "save": "1", "revision": "1"}

    response = client.post(url, form)

    assert response.status_code == 302
    rule = EligibilityRule.objects.get(version=draft)
    assert rule.condition == {"feature": "annual_revenue", "op": ">=", "value": 1_200_000}
    page = client.get(reverse("products:rule_edit", args=["PY09", 1, "five_staff"]))
    assert 'value="120"' in page.content.decode()


def test_what_was_written_stays_on_the_page_when_it_is_refused(draft, keeper, client):
    client.force_login(keeper)
    url = reverse("products:rule_new", args=["PY09", 1])

    response = client.post(url, FORM | {"v0": "many", "save": "1", "revision": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "many 不是数字" in page and 'value="many"' in page and "员工满 5 人后再来" in page


def test_a_clash_is_shown_with_what_was_written_and_the_second_keep_wins(draft, keeper, client):
    client.force_login(keeper)
    url = reverse("products:rule_new", args=["PY09", 1])
    ProductVersion.objects.filter(pk=draft.pk).update(revision=7)

    refused = client.post(url, FORM | {"save": "1", "revision": "1"})
    accepted = client.post(url, FORM | {"save": "1", "revision": "7"})

    assert refused.status_code == 409
    assert 'name="revision" value="7"' in refused.content.decode()
    assert accepted.status_code == 302


def test_a_rule_without_a_code_is_given_one(draft, keeper, client):
    client.force_login(keeper)
    make_rule(draft, code="rule1")

    client.post(
        reverse("products:rule_new", args=["PY09", 1]),
        FORM | {"code": "", "save": "1", "revision": "1"},
    )

    assert draft.rules.filter(code="rule2").exists()


def test_the_form_changes_shape_without_keeping_anything(draft, keeper, client):
    client.force_login(keeper)
    url = reverse("products:rule_new", args=["PY09", 1])

    response = client.post(
        url, FORM | {"do": "add-group:", "revision": "1"}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert 'name="g1"' in page and 'name="f1.0"' in page
    assert "<html" not in page
    assert response["HX-Trigger-After-Swap"] == "treechanged"
    assert not draft.rules.exists()


def test_the_count_follows_the_form_over_the_whole_bank(draft, keeper, client):
    client.force_login(keeper)
    for heads in (3, 6, 8, None):
        make_portrait(make_customer(make_user("rm")), employees=heads)
    make_rule(draft, {"feature": "employees", "op": "<", "value": 8})

    response = client.post(reverse("products:rule_count", args=["PY09", 1]), FORM)

    count, together = response.context["count"], response.context["together"]
    assert (count.passed, count.failed, count.unknown) == (2, 1, 1)
    assert (together.passed, together.failed, together.unknown) == (1, 2, 1)


def test_a_count_of_a_bad_condition_is_a_sentence_with_the_place(draft, keeper, client):
    client.force_login(keeper)

    response = client.post(
        reverse("products:rule_count", args=["PY09", 1]), FORM | {"g1": "any", "v0": "5"}
    )

    assert response.status_code == 200
    assert "第 2 项" in response.context["problem"]


def test_the_rule_being_changed_is_not_counted_twice(draft, keeper, client):
    client.force_login(keeper)
    make_portrait(make_customer(make_user("rm")), employees=6)
    make_rule(draft, {"feature": "employees", "op": ">", "value": 100}, code="five_staff")

    response = client.post(
        reverse("products:rule_count", args=["PY09", 1]), FORM | {"replaces": "five_staff"}
    )

    assert response.context["together"].passed == 1


def test_an_editor_of_a_frozen_version_leads_back_to_the_rules(keeper, client):
    client.force_login(keeper)
    version = make_version(make_product("PY10", family="payroll"))
    make_rule(version, code="heads")

    response = client.get(reverse("products:rule_edit", args=["PY10", 1, "heads"]))

    assert response["Location"] == reverse("products:rules", args=["PY10", 1])


def test_the_rules_page_is_a_page_and_a_fragment_and_costs_the_same_for_more_rules(
    draft, keeper, client, same_queries
):
    client.force_login(keeper)
    make_rule(draft)
    url = reverse("products:rules", args=["PY09", 1])

    assert b"<html" in client.get(url).content
    assert b"<html" not in client.get(url, headers={"HX-Request": "true"}).content
    same_queries(lambda: client.get(url), grow=lambda: [make_rule(draft) for _ in range(5)])


def test_managers_read_rules_with_the_counts_of_their_own_customers(client):
    version = make_version(make_product("PY10", family="payroll"))
    make_rule(version, HEADS)
    manager = make_user("rm")
    make_portrait(make_customer(manager), employees=6)
    make_portrait(make_customer(make_user("rm")), employees=6)
    client.force_login(manager)

    response = client.get(reverse("products:rules", args=["PY10", 1]))

    assert response.context["together"].total == 1
    assert not response.context["may_write"]


def test_moving_and_removing_on_the_page(draft, keeper, client):
    client.force_login(keeper)
    for code in ("a1", "b1"):
        make_rule(draft, code=code)

    client.post(
        reverse("products:rule_move", args=["PY09", 1, "b1"]), {"to": "up", "revision": "1"}
    )
    client.post(reverse("products:rule_remove", args=["PY09", 1, "a1"]), {"revision": "2"})

    rule = draft.rules.get()
    assert rule.code == "b1"
    assert from_data(rule.condition).features() == {"years_in_business"}
