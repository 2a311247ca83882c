"""Suggestions and the small banks they are made for."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from crm.core.models import RuleParameter
from crm.core.services.reference import load_reference
from customers.models import Customer
from products.models import ProductVersion, Suggestion
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_version
from tests.products.matched import make_match

TODAY = date(2026, 11, 20)


def make_rules() -> None:
    """The parameters and codes of the seed files are in force."""
    if not RuleParameter.objects.filter(key="suggest.per_customer").exists():
        load_reference()


def make_offers(*families: str) -> dict[str, ProductVersion]:
    """One effective version of each family."""
    return {family: make_version(make_product(family=family)) for family in families}


def make_ready(
    offers: dict[str, ProductVersion], manager: Any = None, *, fields: Any = None, **portrait: Any
) -> Customer:
    """A customer with a portrait and a match in which every offer fits."""
    customer = make_customer(manager or make_user("rm"), **(fields or {}))
    make_portrait(customer, **({"stage": "growth", "families": []} | portrait))
    make_match(customer, *offers.values())
    return customer


def make_suggestion(customer: Customer, **fields: Any) -> Suggestion:
    """An open suggestion of today; ``family`` and ``made_on`` change what they say."""
    today = timezone.localdate()
    family, made_on = fields.pop("family", "payroll"), fields.pop("made_on", today)
    version = fields.pop("version", None) or make_version(make_product(family=family))
    reasons = fields.pop("reasons", [{"code": "fits", "inputs": {"score": 61}, "weight": 0.01}])
    chance = fields.pop("chance", 0.25)
    made = {"as_of": made_on.isoformat(), "chance": chance, "model": fields.pop("model", None)}
    income = {"amount": 80_000, "spread": 900, "fees": 0, "deposit": 120, "loss": 300, "serve": 150}
    given = {
        "rank": 1, "match_score": 61.0, "expected_amount": 142.5, "state": "new",
        "as_of": made_on, "expires_on": today + timedelta(days=30), "owner": customer.manager,
        "made_at": timezone.now(), "refreshed_at": timezone.now(),
        "receipt": {"made": made, "income": income | {"total": 570}, "book": 1, "portrait": 1,
                    "as_of": made_on.isoformat(), "model": made["model"], "inputs": {},
                    "factors": {"missing": 1, "contact": 1, "open": 1}, "parameters": "abc"},
    }  # fmt: skip
    return Suggestion.objects.create(
        customer=customer, family=family, version=version, reasons=reasons, chance=chance,
        **(given | fields),
    )  # fmt: skip


def open_families(customer: Customer) -> list[str]:
    """The families suggested now, best first."""
    rows = Suggestion.objects.filter(customer=customer, state__in=("new", "seen"))
    return list(rows.order_by("rank").values_list("family", flat=True))
