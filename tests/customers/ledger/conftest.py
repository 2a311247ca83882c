"""The desk at which ledgers are read."""

import pytest

from tests.customers.derive import seed_parameters
from tests.factories import make_customer, make_user


@pytest.fixture
def desk(client):
    """A manager at the ledger of a customer."""
    seed_parameters()
    manager = make_user("rm")
    client.force_login(manager)
    return manager, make_customer(manager, name="禾城面粉行")
