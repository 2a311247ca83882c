"""Counting in SQL and judging one customer in Python give the same answers (d.4 step 1)."""

import pytest
from hypothesis import HealthCheck, given, settings

from crm.core.conditions import AllOf, Answer, Clause
from customers.models import Portrait
from products.matching.vocabulary import RULE_COLUMNS
from products.selectors.rule_counts import rule_counts
from tests.customers.portrait_facts import compute, make_bank
from tests.factories import make_user
from tests.products.conditions_made import conditions

KEEPER = {"role": "catalog_admin"}


@pytest.fixture
def bank():
    """Ten customers with facts of every kind and the portraits computed from them."""
    make_bank(seed=7, customers=10)
    compute()
    return list(Portrait.objects.values(*RULE_COLUMNS))


def by_hand(trees, rows):
    """(pass, fail, unknown) judged one by one."""
    answers = [AllOf(tuple(trees)).judge(row).answer for row in rows]
    return tuple(answers.count(answer) for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN))


def test_counts_of_random_conditions_agree_with_the_judge(bank):
    keeper = make_user(**KEEPER)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(conditions(), conditions())
    def agree(first, second):
        found = rule_counts([first, second], user=keeper)

        told = [(one.passed, one.failed, one.unknown) for one in (*found.each, found.together)]
        assert told == [
            by_hand([first], bank),
            by_hand([second], bank),
            by_hand([first, second], bank),
        ]

    agree()


def test_every_column_can_be_counted(bank):
    keeper = make_user(**KEEPER)
    trees = [Clause(key, "known") for key in RULE_COLUMNS]

    found = rule_counts(trees, user=keeper)

    for key, count in zip(RULE_COLUMNS, found.each, strict=True):
        assert count.passed == sum(row[key] is not None for row in bank), key
        assert count.unknown == 0, key


def test_no_rule_at_all_lets_everybody_pass(bank):
    found = rule_counts([], user=make_user(**KEEPER))

    assert (found.together.passed, found.together.total) == (len(bank), len(bank))
    assert found.each == ()


def test_all_rules_are_counted_in_one_statement(bank, django_assert_num_queries):
    keeper = make_user(**KEEPER)
    trees = [Clause("employees", ">=", number) for number in range(20)]

    with django_assert_num_queries(1):
        rule_counts(trees, user=keeper)


def test_a_manager_counts_own_customers_and_who_has_no_reach_none(bank):
    stranger = make_user("rm")
    admin = make_user("sys_admin")

    assert rule_counts([Clause("stage", "known")], user=stranger).together.total == 0
    assert rule_counts([Clause("stage", "known")], user=admin).together.total == 0
