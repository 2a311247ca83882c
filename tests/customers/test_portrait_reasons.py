"""Reasons a manager can say aloud: right words, both languages, every placeholder known."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import translation

from customers.features.catalogue import COLUMNS, LADDERS, MARKS
from customers.features.demand import PUSHES
from customers.features.economics import TIES
from customers.selectors.demand import demand_forecasts
from customers.selectors.portrait_reasons import EXPANDERS, PLACE, all_reasons, reasons, why
from customers.selectors.portrait_words import change, years
from tests.customers.derive import TODAY, derive, seed_parameters, seeded

ALL = list(COLUMNS.keys())


def portrait(**values):
    """A portrait as the engine would store it for these values, and the parameters it quotes."""
    seed_parameters()
    found = derive(ALL, **({"party_type_is": "company"} | values))
    return SimpleNamespace(as_of=TODAY, customer_id=1, **found)


def texts():
    for source in (*LADDERS.values(), *MARKS.values()):
        for test in source.tests:
            yield from (text for text in (test.text, test.label) if text)
    for column in COLUMNS:
        yield from (reason.text for reason in column.reasons)
    yield from (test.text for test in PUSHES)
    yield from (text for _points, _key, text in TIES)


def test_the_sentence_of_a_declining_firm_is_ready_to_be_said():
    firm = portrait(years_in_business=6, inflow_trend=-0.24, inflow_trend_before=-0.22)

    with translation.override("zh-hans"):
        said = why(firm, "stage")

    assert said == "近三个月流入比去年同期下降 24%，连续两个季度低于 −20%，判为衰退期。"


def test_the_same_in_english():
    firm = portrait(years_in_business=6, inflow_trend=-0.24, inflow_trend_before=-0.22)

    with translation.override("en"):
        said = why(firm, "stage")

    assert said.startswith("Inflow of the last three months is down 24%")


def test_the_tests_tried_follow_the_deciding_one_with_their_answers():
    firm = portrait(years_in_business=6, revenue_change=0.3)

    told = reasons(firm, "stage")

    assert (told[0].code, told[0].state) == ("growth_revenue", "yes")
    states = {reason.code: reason.state for reason in told}
    assert states["decline_revenue"] == "no"
    assert states["decline_loss"] == "unknown"
    assert told[0].inputs == {"revenue_change": 0.3}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sentence_quotes_known_figures_and_parameters_in_both_languages(language):
    with translation.override(language):
        for text in texts():
            for key in PLACE.findall(str(text)):
                assert key in COLUMNS or key in seeded(), f"{key} in {text}"
            rest = PLACE.sub("", str(text)).replace("%%", "")
            assert "%" not in rest, text


def test_both_languages_quote_the_same_figures():
    for text in texts():
        with translation.override("en"):
            english = set(PLACE.findall(str(text)))
        with translation.override("zh-hans"):
            chinese = str(text)
        assert set(PLACE.findall(chinese)) == english, chinese
        assert re.search(r"[\u4e00-\u9fff]", chinese), chinese


def test_every_column_with_reasons_has_an_expander():
    assert {column.reasons_from for column in COLUMNS if column.reasons_from} <= set(EXPANDERS)


def test_a_portrait_without_facts_explains_itself_without_an_error():
    told = all_reasons(portrait())

    assert told["stage"][0].code == "no_years"
    assert told["size_class"][0].code == "missing"


def test_chances_are_explained_by_what_they_are_summed_of():
    firm = portrait(
        relation_state_is="existing",
        stage_override="growth",
        loans_ever=1,
        loans_open=1,
        loan_matures_on=TODAY,
        inflow_trend=0.3,
    )

    told = reasons(firm, "p_working_capital")

    assert {reason.code: reason.contribution for reason in told} == {
        "base": 0.45,
        "matures_90": 0.25,
        "inflow_up": 0.1,
    }
    assert firm.p_working_capital == 0.8
    payroll = reasons(firm, "p_payroll")
    assert [reason.code for reason in payroll] == ["base", "inflow_up"]


def test_forecasts_stand_likeliest_first_and_suppressed_ones_last():
    firm = portrait(
        relation_state_is="existing", stage_override="growth", loans_ever=1, days_past_due_is=40
    )

    found = demand_forecasts(firm)

    assert found[0].need.key == "payroll"
    credit = next(item for item in found if item.need.key == "working_capital")
    assert credit.is_suppressed
    assert credit.reasons[-1].code == "suppressed"


def test_the_parts_of_stickiness_add_up_to_it():
    firm = portrait(
        relation_state_is="existing",
        families_are=["a", "b", "c"],
        wallet_share=0.4,
        inflow_coverage_12m=0.7,
        active_months_12m=6,
        customer_since=date(2016, 1, 1),
    )

    told = reasons(firm, "stickiness")

    assert [reason.contribution for reason in told] == [12.5, 10, 20, 7.5, 15]
    assert firm.stickiness == 65


def test_a_masked_reader_gets_the_words_of_the_page_for_amounts():
    firm = portrait(relation_state_is="existing", contribution_12m=5_000.0)

    with translation.override("zh-hans"):
        told = why(firm, "tier", tell=lambda column, value: "****")

    assert "****" in told
    assert "5" not in told


@pytest.mark.parametrize(
    ("share", "said"), [(0.241, "上升 24.1%"), (-0.5, "下降 50%"), (0, "持平"), (0.0004, "持平")]
)
def test_changes_in_words(share, said):
    with translation.override("zh-hans"):
        assert change(share) == said


def test_years_are_cut_off_and_not_rounded_up():
    with translation.override("zh-hans"):
        assert years(2.96) == "2.9 年"
