"""Conditions: three answers, the same in Python and in SQL, and unchanged by JSON."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core.conditions import (
    AllOf,
    Answer,
    AnyOf,
    BadCondition,
    Clause,
    Kind,
    Not,
    all_of,
    any_of,
    from_data,
)

KINDS = {
    "sales": Kind("f.sales", "number"),
    "grade": Kind("f.grade", "text"),
    "is_new": Kind("f.is_new", "flag"),
    "tags": Kind("f.tags", "list"),
}
FACTS = st.fixed_dictionaries(
    {
        "sales": st.none() | st.integers(-3, 3).map(Decimal),
        "grade": st.none() | st.sampled_from(["A", "AB", "C", "%"]),
        "is_new": st.none() | st.booleans(),
        "tags": st.none() | st.lists(st.sampled_from(["x", "y", "z"]), max_size=3, unique=True),
    }
)
CLAUSES = st.one_of(
    st.builds(
        Clause,
        st.just("sales"),
        st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
        st.integers(-3, 3).map(str),
    ),
    st.builds(Clause, st.just("sales"), st.just("between"), st.just(("-1", "2"))),
    st.builds(Clause, st.just("grade"), st.sampled_from(["in", "not_in"]), st.just(("A", "C"))),
    st.builds(Clause, st.just("grade"), st.just("starts"), st.sampled_from([("A",), ("%", "C")])),
    st.builds(Clause, st.just("is_new"), st.just("="), st.booleans()),
    st.builds(
        Clause, st.just("tags"), st.sampled_from(["has_any", "has_all"]), st.just(("x", "y"))
    ),
    st.builds(Clause, st.sampled_from(sorted(KINDS)), st.sampled_from(["known", "missing"])),
)
TREES = st.recursive(
    CLAUSES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


def in_sql(condition, facts) -> Answer:
    sql, params = condition.to_sql(KINDS)
    row = (
        "(SELECT %s::numeric AS sales, %s::text AS grade, "
        "%s::boolean AS is_new, %s::text[] AS tags) f"
    )
    values = [facts["sales"], facts["grade"], facts["is_new"], facts["tags"]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM {row}", [*params, *values])
        found = cursor.fetchone()[0]
    return {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}[found]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TREES, FACTS)
def test_python_and_sql_give_the_same_answer(db, condition, facts):
    assert condition.judge(facts).answer == in_sql(condition, facts)


@given(TREES, FACTS)
def test_a_condition_survives_json(condition, facts):
    again = from_data(json.loads(json.dumps(condition.to_data())))

    assert again == condition
    assert again.judge(facts) == condition.judge(facts)


@given(TREES, FACTS)
def test_what_cannot_be_told_names_facts_that_would_settle_it(condition, facts):
    verdict = condition.judge(facts)

    assert (verdict.answer == Answer.UNKNOWN) == bool(verdict.missing)
    assert all(facts[name] is None for name in verdict.missing)


def test_one_no_decides_even_when_a_fact_is_missing():
    rule = all_of(Clause("sales", ">", "0"), Clause("grade", "=", "A"))

    verdict = rule.judge({"sales": Decimal(-1)})

    assert verdict.answer == Answer.NO
    assert [reason.clause.feature for reason in verdict.failed] == ["sales"]


def test_one_yes_is_enough_for_any():
    rule = any_of(Clause("sales", ">", "0"), Clause("grade", "=", "A"))

    assert rule.judge({"grade": "A"})
    assert rule.judge({"grade": "B"}).missing == ("sales",)


def test_not_of_unknown_is_unknown():
    assert Not(Clause("sales", ">", "0")).judge({}).answer == Answer.UNKNOWN


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", {}, {"all": 1}, {"feature": "sales"}, {"feature": "sales", "op": "~"},
        {"feature": "sales", "op": "<", "value": None}, {"all": [], "any": []},
        {"feature": "sales", "op": "in", "value": "A"}, {"not": []},
        {"feature": "sales", "op": "between", "value": ["1"]},
    ],
)  # fmt: skip
def test_other_data_is_refused(data):
    with pytest.raises(BadCondition):
        from_data(data)


def test_a_tree_without_end_is_refused():
    data = {"feature": "sales", "op": "known"}
    for _depth in range(50):
        data = {"not": data}

    with pytest.raises(BadCondition):
        from_data(data)


def test_unknown_features_are_refused():
    with pytest.raises(BadCondition, match="nothing"):
        from_data({"feature": "nothing", "op": "known"}, known=KINDS)
    with pytest.raises(BadCondition):
        Clause("nothing", "known").to_sql(KINDS)


def test_a_value_of_the_wrong_type_is_a_sentence():
    with pytest.raises(BadCondition):
        Clause("sales", "<", "much").judge({"sales": Decimal(1)})


def test_floats_compare_as_postgres_does():
    assert Clause("ratio", "=", "0.1").judge({"ratio": 0.1})
