"""Sample rows of this app for the walk over every route: a file for each part."""

from tests.products import (  # noqa: F401  imported to register
    samples_bundles,
    samples_calculator,
    samples_catalogue,
    samples_competitors,
    samples_matching,
    samples_rules,
    samples_suggestions,
)
