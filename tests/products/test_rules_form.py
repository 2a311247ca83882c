"""The form of a condition: whatever it reads it gives back, in the units people write."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from crm.core.conditions import AllOf, AnyOf, BadCondition, Clause, Not, from_data
from products.forms.rule_fields import drawn
from products.forms.rules import (
    data_of,
    node_of,
    read_node,
    reshaped,
    shown_value,
    stored_value,
)
from products.matching.vocabulary import KINDS, RULE_COLUMNS
from products.selectors.rules import checked_condition
from tests.products.conditions_made import conditions, facts


def posted(part, data=None):
    """What a browser sends for the drawn form."""
    data = QueryDict(mutable=True) if data is None else data
    if part.is_group:
        data[f"g{part.path}"] = next(mode.value for mode in part.modes if mode.is_chosen)
        for inner in part.parts:
            posted(inner, data)
        return data
    data[f"f{part.path}"] = part.feature
    data[f"o{part.path}"] = next(sign.value for sign in part.signs if sign.is_chosen)
    chosen = [one.value for one in part.choices if one.is_chosen]
    values = [" ".join(part.values)] if part.kind == "codes" else chosen or list(part.values)
    data.setlist(f"v{part.path}", values)
    return data


@given(conditions(), st.lists(facts(), min_size=1, max_size=5))
def test_a_condition_through_the_form_gives_the_same_answers(condition, rows):
    back = checked_condition(data_of(read_node(posted(drawn(node_of(condition))))))

    for row in rows:
        assert back.judge(row).answer == condition.judge(row).answer


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_amounts_are_written_in_wan_and_kept_to_the_cent(amount):
    shown = shown_value("wanted_amount", str(amount))

    assert Decimal(shown) * 10_000 == amount
    assert Decimal(str(stored_value("wanted_amount", shown))) == amount


@pytest.mark.parametrize(
    ("feature", "text", "stored"),
    [
        ("wanted_amount", "30", 300_000),
        ("wanted_amount", "1,286.5", 12_865_000),
        ("debt_ratio", "80", "0.8"),
        ("debt_ratio", "0.5", "0.005"),
        ("employees", "5", 5),
        ("years_in_business", "1.5", "1.5"),
        ("is_abnormal", "false", False),
        ("tax_grade", "A", "A"),
        ("wanted_amount", "a lot", "a lot"),
        ("wanted_amount", "nan", "nan"),
    ],
)
def test_what_people_write_is_kept_in_the_unit_of_the_portrait(feature, text, stored):
    assert stored_value(feature, text) == stored


def test_codes_are_split_at_blanks_and_commas_and_stand_once():
    data = QueryDict("g=all&f0=industry_code&o0=starts&v0=13,14 15、13")

    condition = data_of(read_node(data))

    assert condition == {"feature": "industry_code", "op": "starts", "value": ["13", "14", "15"]}


def test_another_feature_takes_a_comparison_it_allows_and_forgets_the_value():
    data = QueryDict("g=all&f0=tax_grade&o0=>=&v0=5")

    clause = read_node(data).parts[0]

    assert clause.op in ("in", "not_in", "=", "!=", "known", "missing")
    assert clause.values == []


def test_clauses_and_groups_are_added_and_removed_by_their_path():
    first, second = "f0=employees&o0=>=&v0=5", "g1=any&f1.0=tax_grade&o1.0=in&v1.0=A"
    node = read_node(QueryDict(f"g=all&{first}&{second}"))

    node = reshaped(node, "add-clause:1")
    node = reshaped(node, "add-group:")
    node = reshaped(node, "remove:0")

    assert [part.mode for part in node.parts] == ["any", "any"]
    assert [clause.feature for clause in node.parts[0].parts] == ["tax_grade", "years_in_business"]


@pytest.mark.parametrize("action", ["remove:9", "remove:", "add-clause:7.7", "explode:0", "x", ""])
def test_an_action_that_points_nowhere_changes_nothing(action):
    node = read_node(QueryDict("g=all&f0=employees&o0=>=&v0=5"))

    assert len(reshaped(node, action).parts) == 1


def test_a_form_of_rubbish_is_an_empty_group_not_a_crash():
    node = read_node(QueryDict("g=maybe&f=1&v9.9.9=2&g5=all&f0=&o0=&v0=&x=3&f1.2.3.4.5.6.7=y"))

    with pytest.raises(BadCondition):
        checked_condition(data_of(node))


def deep(levels):
    """A clause within so many groups."""
    data = {"feature": "employees", "op": "known"}
    for _ in range(levels):
        data = {"all": [data]}
    return data


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"all": []}, "空"),
        ({"all": [{"any": []}, {"feature": "employees", "op": "known"}]}, "第 1 项"),
        ({"feature": "mood", "op": "="}, "mood"),
        ({"feature": "employees", "op": ">=", "value": "many"}, "many"),
        ({"feature": "employees", "op": ">=", "value": ""}, "缺少取值"),
        ({"feature": "employees", "op": ">=", "value": True}, "True"),
        ({"feature": "employees", "op": ">=", "value": "NaN"}, "NaN"),
        ({"feature": "employees", "op": ">=", "value": "1e400"}, "太大"),
        ({"feature": "employees", "op": "has_any", "value": ["a"]}, "has_any"),
        ({"feature": "employees", "op": "between", "value": ["9", "3"]}, "先小后大"),
        ({"feature": "last_visit_on", "op": "<", "value": "2026-02-30"}, "2026-02-30"),
        ({"feature": "is_abnormal", "op": "=", "value": "perhaps"}, "perhaps"),
        ({"feature": "tax_grade", "op": "in", "value": ["A", "Z"]}, "Z"),
        ({"feature": "groups", "op": "has_any", "value": ["friends"]}, "friends"),
        ({"feature": "tax_grade", "op": "in", "value": []}, "缺少取值"),
        ([], ""),
        ("all", ""),
        ({"all": [{"feature": "employees"}]}, ""),
        ({"all": [1]}, "第 1 项"),
        ({"any": [{"not": {"all": [{"feature": "stage", "op": "known"}, None]}}]}, "第 1.1.2 项"),
        ({"all": [{"feature": "employees", "op": ">=", "value": None}]}, "第 1 项"),
        ({"all": [{"feature": "employees", "op": "in", "value": "5"}]}, "第 1 项"),
        ({"all": [], "any": []}, ""),
        (deep(9), "嵌套太深"),
    ],
)
def test_a_condition_that_cannot_be_is_told_with_place_and_value(data, place):
    with pytest.raises(BadCondition) as caught:
        checked_condition(data)

    assert place in str(caught.value)


def test_every_column_of_the_vocabulary_can_be_chosen_and_drawn():
    for feature in RULE_COLUMNS:
        node = read_node(QueryDict(f"g=all&f0={feature}"))

        part = drawn(node).parts[0]

        assert part.label and part.signs, feature
        assert part.kind in {"none", "number", "date", "chips", "option", "codes"}, feature


def test_not_a_clause_comes_back_as_it_was():
    condition = Not(Clause("groups", "has_any", ("sannong",)))

    assert data_of(node_of(condition)) == condition.to_data()


def test_groups_within_groups_keep_their_order():
    condition = AllOf(
        (
            AnyOf((Clause("employees", ">=", 5), Clause("employees", "missing"))),
            Clause("tax_grade", "in", ("A", "B")),
        )
    )

    assert data_of(node_of(condition)) == condition.to_data()
    assert from_data(data_of(node_of(condition))) == condition
    assert KINDS["employees"].type == "number"
