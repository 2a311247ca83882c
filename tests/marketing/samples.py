"""Sample rows of this app for the walk over every route: a file for each part."""

from tests.marketing import (  # noqa: F401  imported to register
    samples_board,
    samples_care,
    samples_goals,
    samples_market,
    samples_pipeline,
    samples_plan,
    samples_visits,
    samples_workbench,
)
