"""Random conditions over the vocabulary of rules, and random facts to judge them by."""

from datetime import date

from hypothesis import strategies as st

from crm.core.conditions import AllOf, AnyOf, Clause, Not
from products.matching.vocabulary import KINDS, RULE_COLUMNS
from products.selectors.rules import choices_of

FEATURES = [
    "employees", "years_in_business", "annual_revenue", "debt_ratio", "acquiring_months_12m",
    "last_visit_on", "is_abnormal", "tax_grade", "party_type", "stage", "groups", "tags",
    "families", "days_past_due", "loan_balance", "size_class", "core_relation", "revenue_change",
]  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-5, 60),
    st.sampled_from(["0.5", "-0.15", "1.25", "300000", "0.8", "36"]),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))


def clauses(features=FEATURES):
    """A clause that the vocabulary allows."""
    return st.sampled_from(features).flatmap(_clause)


def conditions(features=FEATURES):
    """Trees of clauses, a few groups deep."""

    def groups(parts):
        lists = st.lists(parts, min_size=1, max_size=3).map(tuple)
        return st.one_of(lists.map(AllOf), lists.map(AnyOf), parts.map(Not))

    return st.recursive(clauses(features), groups, max_leaves=6)


def facts(features=FEATURES):
    """One value for every feature, unknown as often as not."""
    return st.fixed_dictionaries({key: st.none() | _value(key) for key in features})


def _choices(feature):
    return [key for key, _label in choices_of(RULE_COLUMNS[feature])]


def _clause(feature):
    kind = KINDS[feature].type
    presence = st.sampled_from(["known", "missing"]).map(lambda op: Clause(feature, op))
    if kind == "number":
        return presence | _ordered(feature, NUMBERS)
    if kind == "date":
        return presence | _ordered(feature, DAYS.map(date.isoformat))
    if kind == "flag":
        return presence | st.builds(
            Clause, st.just(feature), st.sampled_from(["=", "!="]), st.booleans()
        )
    many = st.lists(st.sampled_from(_choices(feature)), min_size=1, max_size=3, unique=True)
    if kind == "list":
        operators = st.sampled_from(["has_any", "has_all"])
        return presence | st.builds(Clause, st.just(feature), operators, many.map(tuple))
    one = st.builds(
        Clause, st.just(feature), st.sampled_from(["=", "!="]), st.sampled_from(_choices(feature))
    )
    operators = st.sampled_from(["in", "not_in"])
    return presence | one | st.builds(Clause, st.just(feature), operators, many.map(tuple))


def _ordered(feature, values):
    operators = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    ends = st.tuples(values, values).map(lambda pair: tuple(map(str, sorted(pair, key=_place))))
    return st.builds(Clause, st.just(feature), operators, values) | st.builds(
        Clause, st.just(feature), st.just("between"), ends
    )


def _place(value):
    try:
        return (0, float(value), "")
    except ValueError:
        return (1, 0.0, value)


def _value(feature):
    kind = KINDS[feature].type
    if kind == "number":
        return st.integers(-5, 60) | st.sampled_from([0.5, -0.15, 1.25, 300000.0, 0.8])
    if kind == "date":
        return DAYS
    if kind == "flag":
        return st.booleans()
    if kind == "list":
        return st.lists(st.sampled_from(_choices(feature)), max_size=4, unique=True)
    return st.sampled_from(_choices(feature))
