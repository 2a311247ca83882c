"""``evaluate_suggestions`` on banks of every kind: a table and a line of JSON, or a sentence."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from customers.models import Customer, Holding
from products.services.propensity_evaluation import default_cut
from tests.products.propensity_made import CUT, hold, make_holders

KEYS = {"map7", "map7_best_baseline", "lift", "precision3", "recall5", "coverage"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def evaluated(capsys, **options):
    call_command("evaluate_suggestions", **options)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_is_the_json_of_the_table_above(capsys):
    make_holders(80)

    call_command("evaluate_suggestions", cut=CUT)

    *table, last = capsys.readouterr().out.splitlines()
    found = json.loads(last)
    assert set(found) >= KEYS
    assert found["cut"] == "2026-06-01"
    assert found["until"] == "2026-08-30"
    rows = {line.split()[0]: line.split()[1] for line in table if line[:1].islower()}
    assert set(rows) == {"model", "popular", "segment", "following"}
    assert float(rows["model"]) == found["map7"]
    assert found["map7_best_baseline"] == max(found["baselines"].values())


def test_a_bank_of_two_habits_is_learned_from_holdings_alone(capsys):
    make_holders(60)
    make_holders(60, seed=2, chain=("payment_settlement", "payroll", "wealth", "credit_card"))

    found = evaluated(capsys, cut=CUT, json=True)

    assert found["windows"] >= 4
    assert found["map7"] > 1.2 * found["baselines"]["popular"]


def test_the_default_cut_leaves_the_last_quarter_out():
    make_holders(10)
    last = max(Holding.objects.values_list("opened_on", flat=True))

    assert default_cut() == last - timedelta(days=90)


@pytest.mark.parametrize(
    ("cut", "sentence"),
    [
        (date(1999, 1, 1), "Nothing was opened by 1999-01-01; the first opening is of"),
        (date(2030, 1, 1), "Nothing was opened after 2030-01-01; the last opening is of"),
    ],
)
def test_a_cut_outside_the_data_is_answered_with_their_days(cut, sentence):
    make_holders(5)

    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate_suggestions", cut=cut)


def test_a_bank_without_holdings_is_told_to_import_some():
    make_holders(2)
    Holding.objects.all().delete()

    for options in ({"cut": CUT}, {}):
        with pytest.raises(CommandError, match="import holdings first"):
            call_command("evaluate_suggestions", **options)


def test_a_quarter_without_new_families_is_nothing_to_judge_by():
    customers = make_holders(5)
    Holding.objects.filter(opened_on__gt=CUT).delete()
    hold(customers[0], "wealth", CUT + timedelta(days=200))

    with pytest.raises(CommandError, match="nothing to judge by"):
        call_command("evaluate_suggestions", cut=CUT)


def test_a_day_that_is_none_is_named():
    with pytest.raises(CommandError, match="'2026-02-30' is not a day"):
        call_command("evaluate_suggestions", "--cut", "2026-02-30")


def test_a_handful_of_holdings_without_past_windows_falls_back_on_shares(capsys):
    customers = make_holders(4)
    Holding.objects.all().delete()
    Customer.objects.update(customer_since=None)
    for customer in customers:
        hold(customer, "account_card", CUT - timedelta(days=3))
    hold(customers[0], "deposit", CUT + timedelta(days=3))

    found = evaluated(capsys, cut=CUT)

    assert (found["judged"], found["windows"]) == (1, 0)
    assert 0 <= found["map7"] <= 1


def test_holdings_from_before_the_first_rule_parameters_are_evaluated_too(capsys):
    long_ago = date(2012, 6, 1)
    make_holders(60, until=long_ago)

    found = evaluated(capsys, cut=long_ago - timedelta(days=90), json=True)

    assert found["openings"] > 0


def test_who_has_left_and_who_is_to_come_is_not_ranked(capsys):
    customers = make_holders(60)
    gone, to_come = customers[:2]
    Holding.objects.filter(customer__in=(gone, to_come)).delete()
    hold(gone, "account_card", CUT - timedelta(days=500), CUT - timedelta(days=5))
    Customer.objects.filter(pk=to_come.pk).update(customer_since=CUT + timedelta(days=5))
    hold(to_come, "account_card", CUT + timedelta(days=5))
    with_us = (
        Holding.objects.filter(opened_on__lte=CUT).exclude(customer=gone).values("customer")
    ).distinct()

    found = evaluated(capsys, cut=CUT, json=True)

    assert found["customers"] == with_us.count()
