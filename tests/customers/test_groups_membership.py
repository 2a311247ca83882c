"""Customer groups (a.2, a.3), position in the chain and asset style (a.4)."""

from datetime import date

import pytest

from tests.customers.derive import answers, derive, derive_one

FIRM = {"party_type_is": "company"}
CLEAN = {"registry_status": "active"}


def groups(**values):
    return set(derive_one("groups", **(FIRM | values)))


def primary(**values):
    return derive_one("primary_group", **(FIRM | values))


@pytest.mark.parametrize(
    "industry", ["631", "6510", "71", "75", "58", "60", "84", "8391", "90", "61", "I", "M"]
)
def test_modern_services_by_industry(industry):
    assert "modern_services" in groups(industry_is=industry)


@pytest.mark.parametrize("industry", ["66", "70", "62", "55", "832", "85", "33", "J"])
def test_finance_catering_real_estate_and_other_schools_are_no_modern_services(industry):
    assert "modern_services" not in groups(industry_is=industry)


def test_a_section_that_is_only_partly_modern_services_cannot_be_told():
    found = derive(["primary_group", "primary_group_tests"], **FIRM, industry_is="G")

    tried = answers("primary_group", found["primary_group_tests"])

    assert tried["modern_services"] == "?"


def test_two_of_six_signs_make_a_maker_advanced():
    signs = {"d_rd_share": 0.03, "d_export_share": 0.2}

    assert "adv_manufacturing" in groups(industry_is="3311", **signs)
    assert "adv_manufacturing" not in groups(industry_is="3311", d_rd_share=0.03)
    assert "adv_manufacturing" not in groups(industry_is="5171", **signs)


@pytest.mark.parametrize(
    ("sign", "counts"),
    [
        ({"certificates_are": ["hnte"]}, True),
        ({"certificates_are": ["exporter"]}, False),
        ({"d_rd_share": 0.029}, False),
        ({"d_equipment_age": 7.9}, True),
        ({"d_equipment_age": 8}, False),
        ({"supplies_core": True}, True),
        ({"d_export_share": 0.199}, False),
        ({"certificates_are": ["iso"]}, True),
    ],
)
def test_each_sign_of_advanced_manufacturing_at_its_bound(sign, counts):
    second = {"d_rd_share": 0.05} if "d_rd_share" not in sign else {"d_export_share": 0.5}

    assert ("adv_manufacturing" in groups(industry_is="33", **sign, **second)) is counts


def test_a_maker_with_one_sign_and_unknown_others_cannot_be_told():
    found = derive_one("in_adv_manufacturing", **FIRM, industry_is="33", d_rd_share=0.04)

    assert found is None


def test_a_maker_whose_signs_are_all_told_and_too_few_is_a_traditional_one():
    told = {
        "d_rd_share": 0.0,
        "d_equipment_age": 15,
        "supplies_core": False,
        "d_export_share": 0.0,
    }

    found = derive(["in_adv_manufacturing", "tags"], **FIRM, industry_is="33", **told)

    assert found["in_adv_manufacturing"] is False
    assert "traditional_mfg" in found["tags"]


TRADER = {
    "industry_is": "5171",
    "years_in_business": 3,
    "inflow_coverage_12m": 0.5,
    "sales_cv_12m": 0.5,
    **CLEAN,
}


def test_quality_trade_needs_all_its_conditions():
    assert "quality_trade" in groups(**TRADER)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"years_in_business": 2.99},
        {"inflow_coverage_12m": 0.499},
        {"sales_cv_12m": 0.501},
        {"industry_is": "621"},
        {"enforcements_open": 1},
        {"bureau_open_overdue": True},
        {"registry_status": "unknown"},
    ],
)
def test_quality_trade_fails_or_stays_open_when_one_condition_does(spoiled):
    assert "quality_trade" not in groups(**(TRADER | spoiled))


def test_a_trader_without_invoices_is_judged_by_its_inflow():
    assert "quality_trade" in groups(**(TRADER | {"sales_cv_12m": None, "inflow_cv_12m": 0.4}))


@pytest.mark.parametrize(
    ("scale", "belongs"),
    [
        ({"d_land_mu": 50}, True),
        ({"d_land_mu": 49.9}, False),
        ({"d_facility_mu": 5}, True),
        ({"d_large_livestock": 50}, True),
        ({"d_small_livestock": 499}, False),
        ({"certificates_are": ["farm_leader"]}, True),
        ({}, False),
    ],
)
def test_modern_agriculture_needs_scale(scale, belongs):
    assert ("modern_agriculture" in groups(industry_is="0141", **scale)) is belongs


def test_science_and_technology_by_certificate_or_by_patents_and_research():
    assert "sci_tech" in groups(industry_is="5171", certificates_are=["tech_sme"])
    assert "sci_tech" in groups(industry_is="6511", d_patents=1, d_rd_share=0.05)
    assert "sci_tech" not in groups(industry_is="6511", d_patents=0, d_rd_share=0.05)
    assert "sci_tech" not in groups(industry_is="3311", d_patents=3, d_rd_share=0.09)


def test_a_zjtx_certificate_goes_before_all_other_groups():
    values = {"industry_is": "3311", "certificates_are": ["zjtx", "hnte", "iso"]}

    assert {"zjtx", "sci_tech", "adv_manufacturing"} <= groups(**values)
    assert primary(**values) == "zjtx"


def test_small_firms_and_sole_traders():
    assert "micro_small" in groups(size_override="small")
    assert "micro_small" not in groups(size_override="medium")
    assert "micro_small" not in groups()
    assert derive_one("groups", party_type_is="sole_trader") == ["self_employed"]


def test_farmers_and_village_traders():
    assert primary(party_type_is="farm_household") == "sannong"
    assert primary(party_type_is="coop", industry_is="5112") == "sannong"
    assert primary(party_type_is="sole_trader", industry_is="0141") == "sannong"
    assert primary(party_type_is="sole_trader", territory_kinds=["village"]) == "sannong"
    assert primary(party_type_is="sole_trader", territory_kinds=["market"]) == "self_employed"


@pytest.mark.parametrize(
    ("values", "belongs"),
    [
        ({"d_residence_since": date(2024, 1, 1), "d_hukou_local": 0}, True),
        ({"d_residence_since": date(2024, 1, 1), "d_hukou_since": date(2023, 11, 23)}, True),
        ({"d_residence_since": date(2020, 1, 1), "d_hukou_since": date(2023, 11, 20)}, False),
        ({"d_hukou_local": 0}, False),  # since when is not known
    ],
)
def test_new_citizens(values, belongs):  # rules.md 13
    found = derive_one("groups", party_type_is="individual", **values)

    assert ("new_citizen" in found) is belongs


def test_a_group_set_by_hand_is_primary_and_membership_stays():
    found = derive(
        ["primary_group", "groups"], **FIRM, industry_is="631", group_override="sci_tech"
    )

    assert found == {"primary_group": "sci_tech", "groups": ["modern_services"]}


def test_who_belongs_nowhere_has_no_group():
    assert primary(industry_is="4811") == "none"


def test_a_metal_parts_maker_that_supplies_a_core_firm_stands_upstream():  # k.4
    found = derive(
        ["chain_position", "core_relation"],
        **FIRM,
        industry_is="3311",
        supplies_core=True,
        buys_from_core=False,
        links_known=3,
        profile_position="upstream",
    )

    assert found == {"chain_position": "upstream", "core_relation": "supplier"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"positions_named": 2, "position_named": "upstream"}, "mixed"),
        ({"positions_named": 1, "position_named": "midstream", "d_sells_to": "makers"},
         "midstream"),
        ({"d_sells_to": "makers", "industry_is": "5211"}, "upstream"),
        ({"d_sells_to": "firms"}, "midstream"),
        ({"d_sells_to": "end_users", "supplies_core": True}, "downstream"),
        ({"supplies_core": True, "buys_from_core": True}, "midstream"),
        ({"buys_from_core": True, "supplies_core": False}, "downstream"),
        ({"industry_is": "6210"}, "downstream"),
        ({"industry_is": "5171", "sale_count_12m": 9, "purchase_count_12m": 9}, "midstream"),
        ({"industry_is": "4811", "profile_position": "downstream"}, "downstream"),
        ({"industry_is": "4811"}, "unknown"),
    ],
)  # fmt: skip
def test_the_position_comes_from_what_is_known_best(values, expected):
    assert derive_one("chain_position", **FIRM, **values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"certificates_are": ["hnte"]}, "high_innovation"),
        ({"d_rd_share": 0.05}, "high_innovation"),
        ({"d_fixed_assets": 19, "d_total_assets": 100, "d_guarantee_property": 0}, "asset_light"),
        ({"d_fixed_assets": 20, "d_total_assets": 100, "d_guarantee_property": 0}, "traditional"),
        ({"d_fixed_assets": 5, "d_total_assets": 100, "d_guarantee_property": 9}, "traditional"),
        ({"d_fixed_assets": 5, "d_total_assets": 100}, "unknown"),
        ({"profile_asset_light": True}, "asset_light"),
        ({"profile_asset_light": False}, "traditional"),
        ({"profile_asset_light": True, "d_premises": "own"}, "traditional"),
        ({}, "unknown"),
    ],
)
def test_asset_style(values, expected):
    assert derive_one("asset_style", **FIRM, **values) == expected


@pytest.mark.parametrize(
    ("industry", "kind"),
    [("5211", "wholesale_retail"), ("3311", "production_processing"), ("6210", "catering"),
     ("8010", "other_services"), ("0141", "agri_processing"), ("1391", "agri_processing"),
     (None, None)],
)  # fmt: skip
def test_the_five_kinds_of_business(industry, kind):
    assert derive_one("survey_kind", **FIRM, industry_is=industry) == kind
