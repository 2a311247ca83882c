"""Need preference (spec b.2, N01-N11)."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from customers.features.declared import CHANNELS, FACTS, PURPOSES, REPAYMENT_MODES
from customers.features.spec import Dimension, FeatureSpec, Step, Unit

_feature = partial(FeatureSpec, dimension=Dimension.NEED, origin="visit", applies="true")
_code = partial(_feature, unit=Unit.CODE)

MOMENTS = (
    ("lease", _("Lease renewal")),
    ("tax", _("Tax month")),
    ("season", _("Stocking up for the season")),
    ("loan", _("Our loan matures")),
    ("competitor", _("Loan elsewhere matures")),
)
REACHES = ("visit", "branch", "phone", "mobile", "wecom")
BEST_REACH = "greatest(" + ", ".join(f"reach_{channel}" for channel in REACHES) + ")"


def _season_month(ahead: int) -> str:
    """SQL: the first day of the month ``ahead`` months on, when the month after it is a peak."""
    first = f"({{month_starts}})[{ahead + 1}]"
    peak = f"season[mod({{this_ym}} + {ahead + 1}, 12) + 1]"
    return f"WHEN {peak} * 12 >= {{portrait.season_peak}} THEN {first}"


STEPS = (
    Step("best_reach", f"nullif({BEST_REACH}, 0)"),
    Step(
        "season_stock_on",
        "CASE " + " ".join(_season_month(ahead) for ahead in range(1, 7)) + " END",
    ),
    Step("lease_next", "CASE WHEN d_lease_ends_on >= {as_of} THEN d_lease_ends_on END"),
    Step(
        "competitor_next",
        "CASE WHEN d_competitor_matures_on >= {as_of} THEN d_competitor_matures_on END",
    ),
    Step("tax_next", "CASE WHEN is_business THEN {next_tax_on}::date END"),
)

FEATURES = (
    _feature(
        key="wanted_amount",
        code="N01",
        label=_("Amount wanted"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="coalesce(d_wanted_amount, asked_median_12m)",
        dated="coalesce(d_wanted_amount_on, asked_on)",
        declared_keys=("wanted_amount",),
        window="w12m",
        weight=3,
        max_age_days=180,
        formula=_("As told at a visit, else median of amounts asked, 12 months"),
    ),
    _feature(
        key="wanted_months",
        code="N02",
        label=_("Term wanted"),
        unit=Unit.MONTHS,
        sql="coalesce(d_wanted_months, asked_months_12m)",
        dated="coalesce(d_wanted_months_on, asked_on)",
        declared_keys=("wanted_months",),
        formula=_("Months, as told or asked"),
    ),
    _code(
        key="wanted_purpose",
        code="N02",
        label=_("Purpose"),
        choices=PURPOSES,
        sql="nullif(d_wanted_purpose, '')",
        dated="d_wanted_purpose_on",
        declared_keys=("wanted_purpose",),
        weight=3,
        max_age_days=180,
        formula=_("What the money is for"),
    ),
    _feature(
        key="speed_need",
        code="N03",
        label=_("Need for speed"),
        unit=Unit.SCALE,
        sql="d_speed_need",
        dated="d_speed_need_on",
        declared_keys=("speed_need",),
        weight=2,
        max_age_days=180,
        formula=_("1 to 5; 5 is within 24 hours"),
    ),
    _feature(
        key="price_sensitivity",
        code="N04",
        label=_("Price sensitivity"),
        unit=Unit.SCALE,
        sql="d_price_sensitivity",
        dated="d_price_sensitivity_on",
        declared_keys=("price_sensitivity",),
        window="w24m",
        weight=2,
        max_age_days=180,
        formula=_("1 to 5, from the choice between two offers"),
    ),
    _feature(
        key="guarantee_value",
        code="N05",
        label=_("Guarantee ability"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="guarantee_sum",
        dated="greatest(d_guarantee_property_on, d_guarantee_movables_on, "
        "d_guarantee_receivables_on, d_guarantee_guarantors_on)",
        declared_keys=(
            "guarantee_property",
            "guarantee_movables",
            "guarantee_receivables",
            "guarantee_guarantors",
        ),
        weight=3,
        max_age_days=365,
        formula=_("Property, movables, receivables and guarantors together"),
    ),
    _feature(
        key="property_value",
        code="N05",
        label=_("Property to pledge"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="d_guarantee_property",
        dated="d_guarantee_property_on",
        declared_keys=("guarantee_property",),
        formula=_("As told or seen"),
    ),
    _feature(
        key="repayment_preference",
        code="N06",
        label=_("Repayment wished"),
        unit=Unit.CODES,
        choices=REPAYMENT_MODES,
        sql="string_to_array(nullif(d_repayment_preference, ''), ' ')",
        dated="d_repayment_preference_on",
        declared_keys=("repayment_preference",),
        weight=2,
        max_age_days=365,
        formula=_("Modes of repayment the customer would choose"),
    ),
    _code(
        key="channel_preference",
        code="N07",
        label=_("Channel preference"),
        choices=CHANNELS,
        sql="coalesce(CASE "
        + " ".join(f"WHEN reach_{name} = best_reach THEN '{name}'" for name in REACHES)
        + " END, nullif(d_channel_preference, ''))",
        dated="CASE WHEN best_reach IS NOT NULL THEN {as_of} ELSE d_channel_preference_on END",
        declared_keys=("channel_preference",),
        window="w6m",
        weight=1,
        max_age_days=180,
        formula=_("Channel with the highest share reached, else as told"),
        origin="touch",
    ),
    _feature(
        key="next_funding_on",
        code="N08",
        label=_("Next funding moment"),
        unit=Unit.DATE,
        ages=True,
        sql="least(lease_next, tax_next, season_stock_on, loan_matures_on, competitor_next)",
        origin="derived",
        declared_keys=("lease_ends_on", "competitor_matures_on"),
        weight=3,
        max_age_days=31,
        formula=_(
            "Earliest of lease renewal, tax month, stock month, loan maturity here or elsewhere"
        ),
    ),
    _code(
        key="next_funding_kind",
        code="N08",
        label=_("What the money will be for"),
        choices=MOMENTS,
        ages=True,
        sql="CASE next_funding_on WHEN loan_matures_on THEN 'loan' "
        "WHEN competitor_next THEN 'competitor' WHEN lease_next THEN 'lease' "
        "WHEN season_stock_on THEN 'season' WHEN tax_next THEN 'tax' END",
        origin="derived",
        formula=_("The moment that comes first"),
    ),
    _feature(
        key="loan_matures_next_on",
        code="N08",
        label=_("Next maturity of our loans"),
        unit=Unit.DATE,
        sql="loan_matures_on",
        origin="core",
        formula=_("Earliest maturity of an open loan"),
    ),
    _feature(
        key="noncredit_needs",
        code="N09",
        label=_("Other services wished"),
        unit=Unit.CODES,
        sql="string_to_array(nullif(d_noncredit_needs, ''), ' ')",
        dated="d_noncredit_needs_on",
        declared_keys=("noncredit_needs",),
        weight=2,
        max_age_days=180,
        formula=_("Families the customer asked for"),
    ),
    _feature(
        key="wallet_share",
        code="N10",
        label=_("Share of wallet"),
        unit=Unit.RATIO,
        sql="CASE WHEN debt_everywhere > 0 THEN least(own_debt / debt_everywhere, 1) END",
        origin="bureau",
        dated="coalesce(bureau_queried_on, d_bank_debt_total_on)",
        declared_keys=("bank_debt_total",),
        formula=_("Our loan balance / debt at all banks"),
    ),
    _feature(
        key="competitor_lender",
        code="N10",
        label=_("Other lender"),
        unit=Unit.TEXT,
        width=200,
        data_class="C2",
        sql="nullif(d_competitor_lender, '')",
        dated="d_competitor_lender_on",
        declared_keys=("competitor_lender",),
        weight=3,
        max_age_days=90,
        formula=_("Told at a visit"),
    ),
    _feature(
        key="competitor_amount",
        code="N10",
        label=_("Loan at the other lender"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="d_competitor_amount",
        dated="d_competitor_amount_on",
        declared_keys=("competitor_amount",),
        formula=_("Told at a visit"),
    ),
    _feature(
        key="competitor_rate",
        code="N10",
        label=_("Rate at the other lender"),
        unit=Unit.RATIO,
        sql="d_competitor_rate",
        dated="d_competitor_rate_on",
        declared_keys=("competitor_rate",),
        formula=_("Told at a visit"),
    ),
    _feature(
        key="competitor_matures_on",
        code="N10",
        label=_("Loan elsewhere matures on"),
        unit=Unit.DATE,
        sql="d_competitor_matures_on",
        dated="d_competitor_matures_on_on",
        declared_keys=("competitor_matures_on",),
        formula=_("Told at a visit"),
    ),
    _code(
        key="service_manner",
        code="N11",
        label=_("Manner of service"),
        choices=FACTS["service_manner"].choices,
        sql="nullif(d_service_manner, '')",
        dated="d_service_manner_on",
        declared_keys=("service_manner",),
        weight=1,
        max_age_days=365,
        formula=_("Advice, speed or face to face"),
    ),
)
