"""On a believable bank the statements say what plain Python says, with a model and without."""

import pytest
from django.db import transaction

from crm.core.parameters import parameters
from customers.models import Customer
from products.models import PropensityModel, Suggestion
from products.services import matching
from products.services.propensity_training import learn
from products.services.seeds import load_products
from products.services.suggestions import run_full, suggest_customers
from tests.demo_bank import AS_OF
from tests.products.suggested import make_rules
from tests.products.suggestion_reference import Plain


@pytest.fixture
def matched_bank(demo_bank):
    make_rules()
    load_products(effective_from=AS_OF)
    matching.run_full(as_of=AS_OF)
    return demo_bank


def stored():
    found = {pk: {} for pk in Customer.objects.values_list("pk", flat=True)}
    for row in Suggestion.objects.filter(state__in=("new", "seen")):
        told = (row.version_id, row.rank, f"{row.chance:.4f}", row.expected_amount)
        found[row.customer_id][row.family] = told
    return found


def by_hand():
    with transaction.atomic():
        Suggestion.objects.all().delete()
        plain = Plain(AS_OF)
        found = {pk: plain.store_one(pk) for pk in Customer.objects.values_list("pk", flat=True)}
        transaction.set_rollback(True)
    return {
        pk: {
            family: (version, rank, f"{chance:.4f}", expected)
            for family, (version, rank, chance, expected) in rows.items()
        }
        for pk, rows in found.items()
    }


def test_every_demo_customer_gets_what_plain_python_suggests_by_forecast(matched_bank):
    run_full(as_of=AS_OF)

    told = stored()
    assert told == by_hand()
    assert sum(map(len, told.values())) > 20


def test_the_same_with_a_model_whatever_the_ranges(matched_bank):
    content = learn(until=AS_OF, rules=parameters(AS_OF)).content
    PropensityModel.objects.create(
        version=7, state="active", trained_to=AS_OF, horizon_days=90, content=content, data_hash="x"
    )
    run_full(as_of=AS_OF, range_size=17)

    told = stored()
    made = Suggestion.objects.first()
    ids = list(Customer.objects.values_list("pk", flat=True))
    again = suggest_customers(customer_ids=ids, as_of=AS_OF)
    assert told == by_hand()
    assert (again.made, again.changed, again.ended) == (0, 0, 0)
    assert made.receipt["model"] == made.receipt["made"]["model"] == 7
    assert made.receipt["chance_from"] == "model 7"
