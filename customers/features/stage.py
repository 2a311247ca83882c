"""Life-cycle stage (spec b.5): tests in order, the first yes wins, and none of them guesses."""

from django.utils.translation import gettext_lazy as _

from customers.features.spec import Ladder, SourceSpec, Spec, Step, Test

STAGES = (
    ("start_up", _("Start-up stage")),
    ("growth", _("Growth stage")),
    ("mature", _("Mature stage")),
    ("decline", _("Decline stage")),
    ("unknown", _("Stage unknown")),
)

_OLD_ENOUGH = "years_in_business >= {stage.decline_years} AND "

STEPS = (
    Step("is_below_small", "annual_revenue < bound_revenue_small"),
    Step(
        "orders_up",
        "coalesce(sales_growth_lunar, inflow_trend) > {stage.orders_up}",
    ),
)

_BEFORE = (
    Test(
        "manual",
        "stage_override IS NOT NULL",
        _("Set by hand, with a reason; valid for 180 days."),
        gives_sql="stage_override",
        label=_("Set by hand"),
    ),
    Test(
        "not_asked",
        "NOT is_business",
        _("Stages are told of businesses only."),
        gives="unknown",
        label=_("Not a business"),
    ),
    Test(
        "no_years",
        "years_in_business IS NULL",
        _("Nobody has told when the business began."),
        gives="unknown",
        label=_("Start of the business not known"),
    ),
)
_DECLINE = (
    Test(
        "decline_revenue",
        _OLD_ENOUGH + "revenue_change <= {stage.decline_revenue}",
        _(
            "Revenue is %(revenue_change)s on the year before, past %(stage.decline_revenue)s: "
            "decline stage."
        ),
        ("revenue_change", "years_in_business"),
        gives="decline",
        label=_("Decline by revenue: %(revenue_change)s, bound %(stage.decline_revenue)s"),
    ),
    Test(
        "decline_inflow",
        _OLD_ENOUGH + "inflow_trend <= {stage.decline_inflow} "
        "AND inflow_trend_before <= {stage.decline_inflow}",
        _(
            "Inflow of the last three months is %(inflow_trend)s on the same months a year ago, "
            "two quarters running below %(stage.decline_inflow)s: decline stage."
        ),
        ("inflow_trend", "inflow_trend_before"),
        gives="decline",
        label=_(
            "Decline by inflow: %(inflow_trend)s, a quarter before %(inflow_trend_before)s, bound "
            "%(stage.decline_inflow)s twice"
        ),
    ),
    Test(
        "decline_loss",
        _OLD_ENOUGH + "d_net_profit < 0 AND d_previous_net_profit < 0",
        _("Net loss two years running: decline stage."),
        gives="decline",
        label=_("Decline by net loss two years running"),
    ),
    Test(
        "decline_employees",
        _OLD_ENOUGH + "employees_change <= {stage.decline_employees}",
        _("Employees are %(employees_change)s on a year ago: decline stage."),
        ("employees_change", "employees"),
        gives="decline",
        label=_("Decline by employees: %(employees_change)s, bound %(stage.decline_employees)s"),
    ),
    Test(
        "decline_listed",
        _OLD_ENOUGH + "is_abnormal",
        _("On the abnormal-operation list: decline stage."),
        ("is_abnormal",),
        gives="decline",
        label=_("Decline by the abnormal-operation list"),
    ),
)
_START_UP = (
    Test(
        "start_up_young",
        "years_in_business < {stage.start_up_years}",
        _("In business for %(years_in_business)s, under %(stage.start_up_years)s: start-up stage."),
        ("years_in_business",),
        gives="start_up",
        label=_("Start-up by years: %(years_in_business)s, bound %(stage.start_up_years)s"),
    ),
    Test(
        "start_up_small",
        "years_in_business < {stage.mature_years} AND is_below_small",
        _(
            "In business for %(years_in_business)s and revenue of %(annual_revenue)s is below the "
            "bound of a small firm in the trade: start-up stage."
        ),
        ("years_in_business", "annual_revenue"),
        gives="start_up",
        label=_(
            "Start-up by size: under %(stage.mature_years)s and below the bound of a small firm"
        ),
    ),
    Test(
        "no_revenue",
        "years_in_business < {stage.mature_years} AND annual_revenue IS NULL "
        "AND bound_revenue_small IS NOT NULL",
        _("In business for %(years_in_business)s: the yearly revenue would decide, it is missing."),
        ("years_in_business",),
        gives="unknown",
        label=_("Revenue missing before the third year is over"),
    ),
)
_GROWTH = (
    Test(
        "growth_revenue",
        "revenue_change >= {stage.growth_revenue}",
        _(
            "Revenue is %(revenue_change)s on the year before, past %(stage.growth_revenue)s: "
            "growth stage."
        ),
        ("revenue_change",),
        gives="growth",
        label=_("Growth by revenue: %(revenue_change)s, bound %(stage.growth_revenue)s"),
    ),
    Test(
        "growth_inflow",
        "inflow_trend >= {stage.growth_inflow} AND inflow_trend_before >= {stage.growth_inflow}",
        _(
            "Inflow of the last three months is %(inflow_trend)s on the same months a year ago, "
            "two quarters running above %(stage.growth_inflow)s: growth stage."
        ),
        ("inflow_trend", "inflow_trend_before"),
        gives="growth",
        label=_(
            "Growth by inflow: %(inflow_trend)s, a quarter before %(inflow_trend_before)s, bound "
            "%(stage.growth_inflow)s twice"
        ),
    ),
    Test(
        "growth_employees",
        "employees_change >= {stage.growth_employees}",
        _("Employees are %(employees_change)s on a year ago: growth stage."),
        ("employees_change", "employees"),
        gives="growth",
        label=_("Growth by employees: %(employees_change)s, bound %(stage.growth_employees)s"),
    ),
    Test(
        "growth_orders",
        "wanted_purpose IN ('equipment', 'expansion') AND orders_up",
        _("Wants money for %(wanted_purpose)s while sales are rising: growth stage."),
        ("wanted_purpose", "sales_growth_lunar", "inflow_trend"),
        gives="growth",
        label=_("Growth by investment while sales rise"),
    ),
)
_AFTER = (
    Test(
        "no_trend",
        "revenue_change IS NULL "
        "AND (stage__decline_inflow IS NULL OR stage__growth_inflow IS NULL)",
        _("Neither revenue nor inflow can be compared with a year ago."),
        ("revenue_change", "inflow_trend", "inflow_trend_before"),
        gives="unknown",
        label=_("No figure to compare with a year ago"),
    ),
    Test(
        "mature",
        "years_in_business >= {stage.mature_years}",
        _("In business for %(years_in_business)s, neither growing nor falling fast: mature stage."),
        ("years_in_business", "revenue_change", "inflow_trend"),
        label=_("Mature by years: %(years_in_business)s, bound %(stage.mature_years)s"),
    ),
    Test(
        "between",
        "years_in_business < {stage.mature_years}",
        _(
            "In business for %(years_in_business)s, past the bound of a small firm and not growing "
            "fast: to be judged after three years."
        ),
        ("years_in_business", "annual_revenue"),
        gives="unknown",
        label=_("Between start-up and mature"),
    ),
)

STAGE = Ladder(
    key="stage",
    label=_("Life-cycle stage"),
    tests=_BEFORE + _DECLINE + _START_UP + _GROWTH + _AFTER,
    choices=STAGES,
    otherwise="unknown",
)

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = (*STEPS, STAGE)
