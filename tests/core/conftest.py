"""The first page of managers reads rule parameters, so every test of the ground floor has them."""

import pytest

from tests.marketing.factories import load_rules


@pytest.fixture(autouse=True)
def rules() -> None:
    """The rule parameters are rows."""
    load_rules()
