"""People and parameters that tests of the catalogue share."""

import pytest

from tests.factories import make_user
from tests.products.factories import make_admins, make_floor


@pytest.fixture(autouse=True)
def floor():
    return make_floor(-20)


@pytest.fixture
def admins():
    return make_admins(2)


@pytest.fixture
def officer():
    return make_user("risk_officer")
