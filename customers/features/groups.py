"""Customer groups: all that a customer belongs to, and the one that comes first (spec a.2, a.3).

A group is joined on evidence: a test that cannot tell joins nothing and shows what is missing.
"""

from django.utils.translation import gettext_lazy as _

from customers.features.spec import Ladder, Marks, SourceSpec, Spec, Step, Test

LABELS = {
    "zjtx": _("Specialised and innovative"),
    "sci_tech": _("Science and technology"),
    "adv_manufacturing": _("Advanced manufacturing"),
    "modern_agriculture": _("Modern agriculture"),
    "sannong": _("Farmers and village traders"),
    "quality_trade": _("Quality trade"),
    "modern_services": _("Modern services"),
    "micro_small": _("Small and micro firms"),
    "self_employed": _("Sole traders"),
    "new_citizen": _("New citizens"),
}
BROAD = frozenset(
    {
        "modern_services",
        "adv_manufacturing",
        "quality_trade",
        "modern_agriculture",
        "sci_tech",
        "zjtx",
    }
)
NONE = ("none", _("No group"))

SERVICE_DIVISIONS = [
    "58",
    "59",
    "60",
    "61",
    "63",
    "64",
    "65",
    "71",
    "72",
    "73",
    "74",
    "75",
    "84",
    "86",
    "87",
    "88",
    "89",
    "90",
]
_SERVICES = ", ".join(f"'{division}'" for division in SERVICE_DIVISIONS)
_TECH = "ARRAY['hnte', 'tech_sme']::varchar[]"
_TITLES = "ARRAY['hnte', 'zjtx', 'tech_sme']::varchar[]"

# Six signs of advanced manufacturing; two are enough.
_SIGNS = {
    "certificate": f"coalesce(certificates && {_TITLES}, false)",
    "research": "d_rd_share >= {group.maker_research_share}",
    "equipment": "d_equipment_age < {group.maker_equipment_years}",
    "core": "supplies_core",
    "export": "d_export_share >= {group.maker_export_share}",
    "iso": "coalesce('iso' = ANY(certificates), false)",
}

STEPS = (
    Step("industry_head", "left(industry_full, 3)"),
    Step("is_maker", "industry_full = 'C' OR industry_division BETWEEN '13' AND '43'"),
    Step(
        "is_farming",
        "industry_full = 'A' OR industry_division BETWEEN '01' AND '05' "
        "OR industry_division IN ('13', '14') OR industry_head IN ('593', '595')",
    ),
    Step("has_tech_title", f"coalesce(certificates && {_TECH}, false)"),
    Step(
        "maker_signs",
        " + ".join(f"CASE WHEN {sign} THEN 1 ELSE 0 END" for sign in _SIGNS.values()),
    ),
    Step(
        "maker_signs_open",
        " + ".join(f"CASE WHEN ({sign}) IS NULL THEN 1 ELSE 0 END" for sign in _SIGNS.values()),
    ),
    Step(
        "farm_scale",
        "party_type = 'coop' OR coalesce('farm_leader' = ANY(certificates), false) "
        "OR d_land_mu >= {group.farm_field_mu} OR d_facility_mu >= {group.farm_facility_mu} "
        "OR d_large_livestock >= {group.farm_large_livestock} "
        "OR d_small_livestock >= {group.farm_small_livestock}",
    ),
    Step("turnover_swing", "coalesce(sales_cv_12m, inflow_cv_12m)"),
    Step(
        "is_clean",
        "open_enforcements = 0 AND NOT is_dishonest AND NOT is_abnormal "
        "AND coalesce(tax_arrears_open, 0) = 0 AND NOT coalesce(bureau_has_overdue, false)",
    ),
    Step("in_zjtx", "coalesce('zjtx' = ANY(certificates), false)"),
    Step(
        "in_sci_tech",
        "has_tech_title OR (industry_division IN ('73', '65') "
        "AND d_patents >= {group.tech_patents} AND d_rd_share >= {group.tech_research_share})",
    ),
    Step(
        "in_adv_manufacturing",
        "CASE WHEN NOT is_maker THEN false WHEN is_maker AND maker_signs >= {group.maker_signs} "
        "THEN true WHEN is_maker AND maker_signs + maker_signs_open < {group.maker_signs} "
        "THEN false END",
    ),
    Step("in_modern_agriculture", "is_farming AND farm_scale"),
    Step(
        "in_sannong",
        "party_type IN ('farm_household', 'coop') OR (party_type = 'sole_trader' AND "
        "(industry_full = 'A' OR industry_division BETWEEN '01' AND '05' "
        "OR coalesce('village' = ANY(territory_kinds), false)))",
    ),
    Step(
        "in_quality_trade",
        "industry_division IN ('51', '52') AND years_in_business >= {group.trade_years} "
        "AND inflow_coverage_12m >= {group.trade_coverage} "
        "AND turnover_swing <= {group.trade_swing} AND is_clean",
    ),
    Step(
        "in_modern_services",
        f"CASE WHEN industry_division IN ({_SERVICES}) OR industry_head = '839' "
        "OR industry_full IN ('I', 'L', 'M', 'R') THEN true "
        "WHEN industry_full IN ('G', 'H', 'P', 'Q', '83') THEN NULL "
        "WHEN industry_full IS NOT NULL THEN false END",
    ),
    Step(
        "in_micro_small",
        "party_type IN ('company', 'partnership_sole_prop', 'coop') "
        "AND nullif(size_class, 'unknown') IN ('small', 'micro')",
    ),
    Step("in_self_employed", "party_type = 'sole_trader'"),
    Step(
        "in_new_citizen",
        "party_type IN ('owner_person', 'individual', 'sole_trader') "
        "AND CASE WHEN d_residence_since <= {as_of} THEN (d_hukou_local = 0 "
        "OR ({as_of} - d_hukou_since) < {newcitizen.hukou_years} * 365.25) END",
    ),
)

_TESTS = (
    Test("zjtx", "in_zjtx", _("Holds a valid certificate as specialised and innovative.")),
    Test(
        "sci_tech",
        "in_sci_tech",
        _("Holds a technology certificate, or does research with own patents."),
        ("certificates", "industry_code"),
    ),
    Test(
        "adv_manufacturing",
        "in_adv_manufacturing",
        _("A maker (%(industry_code)s) with at least two signs of advanced manufacturing."),
        ("industry_code", "certificates", "core_relation"),
    ),
    Test(
        "modern_agriculture",
        "in_modern_agriculture",
        _("Farming or farm processing (%(industry_code)s) at scale."),
        ("industry_code", "party_type"),
    ),
    Test(
        "sannong",
        "in_sannong",
        _("A farm household, a cooperative, or a sole trader in farming or in a village."),
        ("party_type", "industry_code"),
    ),
    Test(
        "quality_trade",
        "in_quality_trade",
        _(
            "In trade for %(years_in_business)s, %(inflow_coverage_12m)s of the revenue runs "
            "through us, steady sales, no open negative record."
        ),
        ("years_in_business", "inflow_coverage_12m", "sales_cv_12m", "inflow_cv_12m"),
    ),
    Test(
        "modern_services",
        "in_modern_services",
        _("The industry %(industry_code)s belongs to modern services."),
        ("industry_code",),
    ),
    Test(
        "micro_small",
        "in_micro_small",
        _("An enterprise of the size class %(size_class)s."),
        ("size_class", "party_type"),
    ),
    Test("self_employed", "in_self_employed", _("Registered as a sole trader."), ("party_type",)),
    Test(
        "new_citizen",
        "in_new_citizen",
        _("Lives here without local household registration, or with it for under three years."),
        ("party_type",),
    ),
)
ORDER = tuple(test.code for test in _TESTS)  # the first of them that fits is primary (a.3)

GROUPS = Marks(
    key="groups",
    label=_("Customer groups"),
    tests=tuple(
        Test(test.code, test.when, test.text, test.inputs, label=LABELS[test.code])
        for test in _TESTS
    ),
)
PRIMARY_GROUP = Ladder(
    key="primary_group",
    label=_("Primary group"),
    tests=(
        Test(
            "manual",
            "group_override IS NOT NULL",
            _("Set by hand, with a reason and an end."),
            gives_sql="group_override",
        ),
        *GROUPS.tests,
    ),
    choices=(*((code, LABELS[code]) for code in ORDER), NONE),
    otherwise="none",
)

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = (*STEPS, GROUPS, PRIMARY_GROUP)
