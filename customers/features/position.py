"""Where the customer stands: in its chain, towards a core enterprise, and by its assets (a.4)."""

from django.utils.translation import gettext_lazy as _

from customers.features.spec import ColumnSpec, Ladder, SourceSpec, Spec, Step, Test, Unit

UNKNOWN = ("unknown", _("Unknown"))
POSITIONS = (
    ("upstream", _("Upstream")),
    ("midstream", _("Midstream")),
    ("downstream", _("Downstream")),
    ("mixed", _("Mixed")),
    UNKNOWN,
)
CORE_RELATIONS = (
    ("supplier", _("Supplies a core enterprise")),
    ("dealer", _("Buys from a core enterprise")),
    ("both", _("Supplies one and buys from one")),
    ("none", _("None known")),
)
ASSET_STYLES = (
    ("high_innovation", _("High innovation")),
    ("asset_light", _("Asset-light")),
    ("traditional", _("Traditional")),
    UNKNOWN,
)
SURVEY_KINDS = (
    ("wholesale_retail", _("Wholesale and retail")),
    ("production_processing", _("Production and processing")),
    ("catering", _("Catering")),
    ("other_services", _("Other services")),
    ("agri_processing", _("Farming and farm processing")),
)

STEPS = (
    Step("fixed_share", "d_fixed_assets / nullif(d_total_assets, 0)"),
    Step(
        "has_property",
        "CASE WHEN property_value > 0 OR collateral_lendable > 0 OR d_local_property > 0 "
        "OR premises = 'own' THEN true "
        "WHEN property_value = 0 OR d_local_property = 0 THEN false END",
    ),
    Step("told_position", "nullif(d_sells_to, '')"),
    Step("is_in_trade_chain", "sells_by_invoice AND buys_by_invoice AND industry_division = '51'"),
)

_POSITION_TESTS = (
    Test(
        "several",
        "positions_named > 1",
        _("Stands at different places in several chains."),
        gives="mixed",
    ),
    Test(
        "named",
        "position_named IS NOT NULL",
        _("Named so in the chain map."),
        gives_sql="position_named",
    ),
    Test("told_makers", "told_position = 'makers'", _("Sells mainly to makers."), gives="upstream"),
    Test(
        "told_firms",
        "told_position = 'firms'",
        _("Buys goods and sells them onward to firms."),
        gives="midstream",
    ),
    Test(
        "told_users",
        "told_position = 'end_users'",
        _("Sells to end users."),
        gives="downstream",
    ),
    Test(
        "between_cores",
        "supplies_core AND buys_from_core",
        _("Buys from one core enterprise and supplies another."),
        gives="midstream",
    ),
    Test(
        "supplies_core",
        "supplies_core",
        _("Supplies a core enterprise."),
        ("core_relation",),
        gives="upstream",
    ),
    Test(
        "buys_from_core",
        "buys_from_core",
        _("Sells the goods of a core enterprise."),
        ("core_relation",),
        gives="downstream",
    ),
    Test(
        "to_the_public",
        "sells_to_the_public",
        _("A trade that sells to end users (%(industry_code)s)."),
        ("industry_code",),
        gives="downstream",
    ),
    Test(
        "trades",
        "is_in_trade_chain",
        _("A wholesaler: the invoices show %(suppliers_12m)s suppliers and %(buyers_12m)s buyers."),
        ("suppliers_12m", "buyers_12m"),
        gives="midstream",
    ),
    Test(
        "typical",
        "profile_position IN ('upstream', 'midstream', 'downstream')",
        _("Usual for the trade; the own counterparties are not known yet."),
        ("trade_key",),
        gives_sql="profile_position",
    ),
)

CHAIN_POSITION = Ladder(
    key="chain_position",
    label=_("Position in the chain"),
    tests=_POSITION_TESTS,
    choices=POSITIONS,
    otherwise="unknown",
)

ASSET_STYLE = Ladder(
    key="asset_style",
    label=_("Asset style"),
    tests=(
        Test(
            "title",
            "in_zjtx OR has_tech_title",
            _("Holds a technology certificate."),
            ("certificates",),
            gives="high_innovation",
        ),
        Test(
            "research",
            "d_rd_share >= {group.tech_research_share}",
            _("Spends much of its revenue on research."),
            gives="high_innovation",
        ),
        Test(
            "light",
            "fixed_share < {group.light_fixed_share} AND NOT has_property",
            _("Few fixed assets and no property to pledge."),
            ("total_assets", "property_value"),
            gives="asset_light",
        ),
        Test(
            "heavy",
            "fixed_share >= {group.light_fixed_share} OR has_property",
            _("Fixed assets or property are there."),
            ("total_assets", "property_value"),
            gives="traditional",
        ),
        Test(
            "typical_light",
            "profile_asset_light",
            _("Usual for the trade; the own assets are not known yet."),
            ("trade_key",),
            gives="asset_light",
        ),
        Test(
            "typical_heavy",
            "NOT profile_asset_light",
            _("Usual for the trade; the own assets are not known yet."),
            ("trade_key",),
            gives="traditional",
        ),
    ),
    choices=ASSET_STYLES,
    otherwise="unknown",
)

COLUMNS = (
    ColumnSpec(
        key="core_relation",
        label=_("Relation to a core enterprise"),
        unit=Unit.CODE,
        choices=CORE_RELATIONS,
        sql="CASE WHEN supplies_core AND buys_from_core THEN 'both' "
        "WHEN supplies_core THEN 'supplier' WHEN buys_from_core THEN 'dealer' "
        "WHEN links_known > 0 THEN 'none' END",
    ),
    ColumnSpec(
        key="survey_kind",
        label=_("Kind of business"),
        unit=Unit.CODE,
        choices=SURVEY_KINDS,
        sql="CASE WHEN NOT is_business OR industry_full IS NULL THEN NULL "
        "WHEN is_farming THEN 'agri_processing' "
        "WHEN industry_full IN ('B', 'C', 'D') OR industry_division BETWEEN '06' AND '46' "
        "THEN 'production_processing' "
        "WHEN industry_full = 'F' OR industry_division IN ('51', '52') THEN 'wholesale_retail' "
        "WHEN industry_division = '62' THEN 'catering' ELSE 'other_services' END",
    ),
)

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = (*STEPS, *COLUMNS, CHAIN_POSITION, ASSET_STYLE)
