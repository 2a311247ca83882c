"""Surveys on the two standard forms (CUS-5), and which one is the denominator (CUS-6)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from crm.core.errors import DomainError
from crm.core.parameters import Parameters
from marketing.market.survey import disagrees, shares, table_of
from marketing.models import MarketSurvey
from marketing.selectors.survey import markets, standing, survey_tables, surveys_for
from marketing.services.survey import approve_survey, drop_survey, save_survey
from marketing.services.survey_file import read_survey_file
from marketing.services.survey_lines import LineInput, check_lines
from tests.factories import make_branch, make_user
from tests.marketing.factories import load_rules
from tests.marketing.market_rows import (
    TODAY,
    head_of,
    lines,
    make_industries,
    make_region,
    make_survey,
    survey_head,
)

POINT = Decimal("0.5")
RULES = Parameters(TODAY, {"survey.old_months": "18", "survey.low_confidence": "2"})


@pytest.fixture(autouse=True)
def rules(db) -> None:
    load_rules()


@given(st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=12))
def test_shares_are_the_counts_over_their_sum_and_add_up_to_one(counts):
    found = shares(counts)

    if not sum(counts):
        assert found == [None] * len(counts)
        return
    assert abs(sum(found) - 1) < Decimal("1e-20")
    assert all(abs(float(s) - c / sum(counts)) < 1e-12 for s, c in zip(found, counts, strict=True))


@given(st.integers(0, 1000), st.integers(1, 1000), st.decimals(0, 100, places=3, allow_nan=False))
def test_a_share_by_hand_is_refused_beyond_half_a_point_and_only_then(count, other, percent):
    line = LineInput("kind", "catering", count, share=percent / 100)

    faults = check_lines([line, LineInput("kind", "other_services", other)], points=POINT)

    exact = abs(percent * (count + other) - 100 * count)  # in points times the total: no division
    assert bool(faults) == (exact * 2 > count + other)


def test_a_refused_share_names_its_place_its_value_and_what_the_counts_give():
    read = [LineInput("kind", "catering", 300, share=Decimal("0.31"), line=2)]
    rest = [LineInput("kind", "other_services", 700, line=3)]

    (fault,) = check_lines(read + rest, points=POINT)

    assert fault.place == "share-kind-catering"
    assert fault.value == "31.00%"
    assert "30.00%" in fault.sentence
    assert "2" in fault.name


def test_exactly_half_a_point_is_kept():
    assert not disagrees(stated=Decimal("0.305"), computed=Decimal("0.3"), points=POINT)
    assert disagrees(stated=Decimal("0.30501"), computed=Decimal("0.3"), points=POINT)


def test_the_two_forms_take_sole_traders_by_trade_and_age_and_firms_by_kind():
    def placed(**given):
        base = {"party_type": "sole_trader", "survey_kind": "", "industry": None, "age_band": ""}
        found = table_of(**base | given)
        return found.key if found else None

    assert placed(industry="F") == "trade"
    assert placed(age_band="55+") == "age"
    assert placed(party_type="company", survey_kind="catering") == "kind"
    assert placed(party_type="coop", survey_kind="catering") == "kind"
    assert placed(survey_kind="catering") is None  # the five kinds are for firms
    assert placed(industry="F", age_band="55+") is None
    assert placed() is None


def test_a_saved_survey_shows_its_counts_with_computed_shares():
    branch, region = make_branch(), make_region()

    survey = make_survey(branch, region, lines("kind", catering=300, other_services=900))

    (table,) = survey_tables(survey)
    assert table.total == 1200
    assert [(line.value, line.count, line.share) for line in table.lines] == [
        ("catering", 300, Decimal("0.25")),
        ("other_services", 900, Decimal("0.75")),
    ]


def test_a_wrong_share_stops_the_save_and_nothing_is_written():
    branch, region = make_branch(), make_region()
    wrong = [*lines("kind", catering=300), LineInput("kind", "other_services", 700, None, POINT)]

    with pytest.raises(DomainError) as refused:
        save_survey(head=survey_head(branch, region), lines=wrong, by=head_of(branch))

    assert refused.value.status == 422
    assert set(refused.value.fields) == {"share-kind-other_services"}
    assert not MarketSurvey.objects.exists()


def test_a_trade_inside_another_one_would_count_twice_and_is_refused():
    make_industries()
    branch, region = make_branch(), make_region()
    counted = [LineInput("trade", "F", 500), LineInput("trade", "52", 300)]

    with pytest.raises(DomainError) as refused:
        save_survey(head=survey_head(branch, region), lines=counted, by=head_of(branch))

    assert set(refused.value.fields) == {"count-trade-52"}


def test_a_day_in_the_future_and_a_unit_out_of_reach_are_refused():
    branch, other, region = make_branch(), make_branch(), make_region()
    by, counted = head_of(branch), lines("kind", catering=1)
    later = survey_head(branch, region, as_of=date(2999, 1, 1))

    for head, field in ((later, "as_of"), (survey_head(other, region), "branch")):
        with pytest.raises(DomainError) as refused:
            save_survey(head=head, lines=counted, by=by)
        assert set(refused.value.fields) == {field}


def test_whoever_wrote_a_survey_does_not_approve_it_and_twice_is_once():
    branch = make_branch()
    by, other = head_of(branch), head_of(branch)
    survey = save_survey(
        head=survey_head(branch, make_region()), lines=lines("kind", catering=1), by=by
    )

    with pytest.raises(DomainError) as refused:
        approve_survey(survey_id=survey.pk, version=1, by=by)
    first = approve_survey(survey_id=survey.pk, version=1, by=other)
    again = approve_survey(survey_id=survey.pk, version=1, by=other)

    assert refused.value.status == 403
    assert (first.state, first.approved_by) == ("approved", other)
    assert again.version == first.version


def test_an_approved_survey_stays_as_it_is():
    branch, region = make_branch(), make_region()
    survey = make_survey(branch, region, lines("kind", catering=10))
    by = head_of(branch)

    with pytest.raises(DomainError):
        save_survey(
            head=survey_head(branch, region), lines=lines("kind", catering=9), by=by,
            survey_id=survey.pk, version=survey.version,
        )  # fmt: skip
    with pytest.raises(DomainError):
        drop_survey(survey_id=survey.pk, by=by)

    assert survey.lines.get().count == 10


def test_a_draft_saved_by_somebody_else_meanwhile_is_not_overwritten():
    branch, region = make_branch(), make_region()
    one, two = head_of(branch), head_of(branch)
    head = survey_head(branch, region)
    draft = save_survey(head=head, lines=lines("kind", catering=1), by=one)
    save_survey(head=head, lines=lines("kind", catering=2), by=two, survey_id=draft.pk, version=1)

    with pytest.raises(DomainError) as clash:
        save_survey(
            head=head, lines=lines("kind", catering=3), by=one, survey_id=draft.pk, version=1
        )

    assert clash.value.status == 409
    assert draft.lines.get().count == 2


def test_the_newest_approved_survey_of_a_region_and_table_is_the_market():
    make_industries()
    branch, region = make_branch(), make_region()
    older, newer = date(2025, 1, 10), date(2026, 3, 1)
    make_survey(branch, region, lines("kind", catering=100) + lines("trade", F=40), as_of=older)
    make_survey(branch, region, lines("kind", catering=120), as_of=newer)
    make_survey(branch, region, lines("kind", catering=999), as_of=TODAY, approved=False)

    rows = MarketSurvey.objects.filter(state="approved")
    found = markets(rows.select_related("territory").prefetch_related("lines"))

    assert found["kind", region.pk, "catering"].count == 120
    assert found["kind", region.pk, "catering"].survey.as_of == newer
    assert found["trade", region.pk, "F"].survey.as_of == older  # nobody counted trades since
    assert found["party", region.pk, "company"].count == 120
    assert found["party", region.pk, "sole_trader"].count == 40


@pytest.mark.parametrize(
    ("as_of", "is_old"),
    [
        (date(2025, 5, 20), False),  # eighteen months to the day
        (date(2025, 5, 19), True),
        (date(2025, 5, 21), False),
        (date(2025, 4, 30), True),  # eighteen months and three weeks
        (date(2024, 11, 20), True),
        (date(2026, 11, 20), False),
    ],
)
def test_a_survey_is_old_past_eighteen_months(as_of, is_old):
    survey = MarketSurvey(as_of=as_of, confidence=3)

    assert standing(survey, today=TODAY, values=RULES).is_old is is_old


def test_a_confidence_of_two_is_doubtful_and_three_is_not():
    found = [
        standing(MarketSurvey(as_of=TODAY, confidence=n), today=TODAY, values=RULES).is_doubtful
        for n in range(1, 6)
    ]

    assert found == [True, True, False, False, False]


def test_a_manager_reads_what_was_approved_above_and_no_draft_of_others():
    branch, other, region = make_branch(), make_branch(), make_region()
    approved = make_survey(branch, region, lines("kind", catering=1))
    make_survey(branch, region, lines("kind", catering=2), approved=False)
    make_survey(other, region, lines("kind", catering=3))
    manager = make_user("rm", branch)

    assert list(surveys_for(user=manager)) == [approved]


def test_a_file_is_read_line_by_line_and_every_fault_has_its_place():
    make_industries()
    file = (
        "主体类型,经营类别,行业,经营者年龄段,户数,占比\n"
        "小微企业,餐饮服务,,,300,30%\n"
        "小微企业,其他服务,,,700,\n"
        "个体工商户,,F,,50,\n"
        "个体工商户,,,35-44岁,20,\n"
        "个体工商户,餐饮服务,,,20,\n"
        "个体工商户,,没有的行业,,1,\n"
        "小微企业,批发零售,,,多少,\n"
    )

    read = read_survey_file([file.encode()])

    assert read.read == 7
    assert [(one.table, one.value, one.count, one.line) for one in read.lines] == [
        ("kind", "catering", 300, 2),
        ("kind", "other_services", 700, 3),
        ("trade", "F", 50, 4),
        ("age", "35-44", 20, 5),
    ]
    assert read.lines[0].share == Decimal("0.3")
    assert [(one.line, one.code) for one in sorted(read.faults, key=lambda f: f.line)] == [
        (6, "line_fits_no_form"),
        (7, "industry_unknown"),
        (8, "not_a_number"),
    ]


def test_a_file_that_is_no_table_is_refused_in_words():
    with pytest.raises(DomainError) as refused:
        read_survey_file([b"%PDF-1.7 nothing"])

    assert refused.value.status == 422
    assert "file" in refused.value.fields


# --- the same file from the command line


def sheet(tmp_path, *rows: str):
    path = tmp_path / "survey.csv"
    path.write_text("主体类型,经营类别,户数,占比\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def command(path, by, **more):
    given_ = {"user": by.username, "region": "330402", "source": "registry", "as_of": "2026-06-30"}
    call_command("import_survey", path, **given_ | more)


def test_a_survey_file_from_the_command_line_is_a_draft_of_its_writer(tmp_path):
    head = make_user("branch_head")
    make_region()

    command(sheet(tmp_path, "小微企业,餐饮服务,300,30%", "小微企业,其他服务,700,"), head)

    survey = MarketSurvey.objects.get()
    assert (survey.state, survey.made_by, survey.branch) == ("draft", head, head.branch)
    assert (survey.region_id, survey.as_of, survey.confidence) == ("330402", date(2026, 6, 30), 3)
    assert sorted(survey.lines.values_list("survey_kind", "count")) == [
        ("catering", 300),
        ("other_services", 700),
    ]


def test_a_wrong_line_keeps_nothing_and_stands_in_the_error_file(tmp_path, capsys):
    head = make_user("branch_head")
    make_region()
    told = tmp_path / "errors.csv"

    with pytest.raises(CommandError):
        command(
            sheet(tmp_path, "小微企业,餐饮服务,300,80%", "小微企业,其他服务,多少,"),
            head,
            errors=told,
        )

    assert not MarketSurvey.objects.exists()
    lines_ = told.read_text("utf-8-sig").splitlines()
    assert lines_[0] == "行号,列,取值,问题"
    assert [line.split(",")[:3] for line in lines_[1:]] == [
        ["2", "占比", "80.00%"],
        ["3", "户数", "多少"],
    ]


def test_a_dry_run_of_a_survey_keeps_nothing(tmp_path):
    make_region()

    command(sheet(tmp_path, "小微企业,餐饮服务,300,"), make_user("branch_head"), dry_run=True)

    assert not MarketSurvey.objects.exists()


@pytest.mark.parametrize(
    "more",
    [{"region": "999999"}, {"source": "rumour"}, {"as_of": "2026-02-30"}, {"confidence": 6}],
)
def test_an_unknown_word_of_the_command_is_told(tmp_path, more):
    make_region()

    with pytest.raises(CommandError):
        command(sheet(tmp_path, "小微企业,餐饮服务,300,"), make_user("branch_head"), **more)


def test_who_may_not_write_surveys_may_not_from_the_command_line_either(tmp_path):
    make_region()

    with pytest.raises(CommandError):
        command(sheet(tmp_path, "小微企业,餐饮服务,300,"), make_user("rm"))


@pytest.mark.parametrize(
    ("table", "value"), [("kind", "bakery"), ("age", "twenty to thirty"), ("trade", "99ZZ")]
)
def test_what_no_form_knows_is_refused_at_its_line(table, value):
    branch, region = make_branch(), make_region()
    counted = [*lines("kind", catering=1), LineInput(table, value, 5)]

    with pytest.raises(DomainError) as refused:
        save_survey(head=survey_head(branch, region), lines=counted, by=head_of(branch))

    assert set(refused.value.fields) == {f"count-{table}-{value}"}


def test_a_confidence_that_does_not_exist_is_refused_at_its_field():
    branch, region = make_branch(), make_region()

    with pytest.raises(DomainError) as refused:
        save_survey(
            head=survey_head(branch, region, confidence=9),
            lines=lines("kind", catering=1),
            by=head_of(branch),
        )

    assert set(refused.value.fields) == {"confidence"}


def test_surveys_stand_newest_first_page_by_page(client):
    branch, region = make_branch(), make_region()
    MarketSurvey.objects.bulk_create(
        MarketSurvey(
            branch=branch, region=region, as_of=date(2020, 1, no % 28 + 1), source="tax",
            confidence=3, state="approved",
        )
        for no in range(53)
    )  # fmt: skip
    client.force_login(head_of(branch))

    pages = [client.get(f"/marketing/market/surveys/?page={no}").context["rows"] for no in (1, 2)]

    days = [survey.as_of for rows in pages for survey, _standing in rows]
    assert [len(rows) for rows in pages] == [50, 3]
    assert days == sorted(days, reverse=True)
