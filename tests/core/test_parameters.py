"""Dated parameters: in force as of a day, changed by two people (rules.md 14)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.core.errors import DomainError
from crm.core.models import (
    IndustryCode,
    LprQuote,
    RegionCode,
    RuleParameter,
    SizeStandard,
    TradeProfile,
)
from crm.core.parameters import parameter, parameters
from crm.core.services.parameters import decide_parameter, propose_parameter
from crm.core.services.reference import load_reference
from tests.architecture.samples import make_parameter
from tests.factories import make_user


def propose(by, value="45", day=date(2026, 1, 1)):
    return propose_parameter(
        by=by, key="test.days", value=value, effective_from=day, source="rule", reason="why"
    )


def test_a_value_holds_from_its_day_on():
    make_parameter()
    officer, checker = make_user("risk_officer"), make_user("risk_officer")
    row = propose(officer)

    decide_parameter(by=checker, parameter_id=row.pk, is_accepted=True)

    assert parameter("test.days", date(2025, 12, 31)) == 30
    assert parameter("test.days", date(2026, 1, 1)) == 45


def test_a_proposal_changes_nothing_before_it_is_decided():
    make_parameter()

    propose(make_user("risk_officer"))

    assert parameter("test.days", date(2026, 6, 1)) == 30


def test_the_maker_is_not_the_checker():
    make_parameter()
    officer = make_user("risk_officer")
    row = propose(officer)

    with pytest.raises(DomainError):
        decide_parameter(by=officer, parameter_id=row.pk, is_accepted=True)


def test_a_rejected_value_never_holds():
    make_parameter()
    row = propose(make_user("risk_officer"))

    decide_parameter(by=make_user("risk_officer"), parameter_id=row.pk, is_accepted=False)

    assert parameter("test.days", date(2026, 6, 1)) == 30


@pytest.mark.parametrize("value", ["a lot", "", "NaN", "1/2", "Infinity"])
def test_a_value_that_reads_differently_is_refused(value):
    make_parameter()

    with pytest.raises(DomainError):
        propose(make_user("risk_officer"), value=value)


def test_the_version_changes_with_the_values_only():
    make_parameter()
    day = date(2026, 6, 1)
    before, same = parameters(day).version, parameters(day).version
    row = propose(make_user("risk_officer"))
    decide_parameter(by=make_user("risk_officer"), parameter_id=row.pk, is_accepted=True)

    assert before == same
    assert parameters(day).version != before


def test_an_unknown_key_is_an_error_and_not_a_default():
    with pytest.raises(ImproperlyConfigured, match="has no value"):
        parameters(date(2026, 1, 1)).number("no.such")


def test_the_reference_data_loads_and_loads_again_without_a_change():
    counts = load_reference()
    rows = [
        model.objects.count() for model in (IndustryCode, RegionCode, SizeStandard, TradeProfile)
    ]
    again = load_reference()

    assert rows == [590 + 1380, 3213, 30, 30]
    assert again == counts
    assert RuleParameter.objects.count() == counts["parameters"]


def test_the_seed_values_read_as_the_rules_say():
    load_reference()
    rules = parameters(date(2026, 11, 21))

    assert rules.decimal("incl.limit.nfra_goal") == 10_000_000
    assert rules.number("class.overdue_sub") == 91
    assert rules.share("class.cross_pct") == Decimal("0.1")
    assert rules.numbers("card.class_days") == (1, 91, 121, 181)
    assert rules.date("renew.medium_until") == date(2027, 9, 30)
    assert rules.time("quiet.from").hour == 22
    assert LprQuote.objects.get(quoted_on=date(2025, 5, 20)).lpr_1y == Decimal("0.03")


def test_what_officers_activated_survives_another_load():
    load_reference()
    row = propose_parameter(
        by=make_user("risk_officer"), key="dormant.days", value="200",
        effective_from=date(2026, 1, 1), source="x", reason="y",
    )  # fmt: skip
    decide_parameter(by=make_user("risk_officer"), parameter_id=row.pk, is_accepted=True)

    load_reference()

    assert parameter("dormant.days", date(2026, 6, 1)) == 200


def test_every_season_sums_to_one_and_every_trade_points_to_known_codes():
    load_reference()
    codes = set(IndustryCode.objects.values_list("code", flat=True))

    for trade in TradeProfile.objects.all():
        assert abs(sum(trade.season) - 1) < 1e-9, trade.key
        assert set(trade.industry_codes) <= codes, trade.key


def test_two_officers_change_a_parameter_through_the_pages(client):
    make_parameter()
    officer, checker = make_user("risk_officer"), make_user("risk_officer")
    client.force_login(officer)
    form = {"value": "45", "effective_from": "2026-01-01", "source": "rule", "reason": "why"}
    client.post("/parameters/test.days/propose/", form)
    row = RuleParameter.objects.get(state="proposed")
    own = client.post(f"/parameters/{row.pk}/decide/", {"decision": "accept"})
    client.force_login(checker)
    client.post(f"/parameters/{row.pk}/decide/", {"decision": "accept"})

    assert own.status_code == 409
    assert parameter("test.days", date(2026, 6, 1)) == 45


def test_a_catalogue_admin_adds_a_quote_once(client):
    client.force_login(make_user("catalog_admin"))
    form = {"quoted_on": "2026-11-20", "source": "公布", "lpr_1y_pct": "3.05", "lpr_5y_pct": "3.5"}

    first = client.post("/reference/lpr/new/", form)
    second = client.post("/reference/lpr/new/", form)

    assert (first.status_code, second.status_code) == (302, 422)
    assert LprQuote.objects.get().lpr_1y == Decimal("0.0305")
