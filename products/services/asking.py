"""What a customer answered is put on record, and its portrait and match follow."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from crm.core.audit import record
from crm.core.models import User
from customers.models import Customer, Quality, Source
from customers.services.declared import FactValue, declare_fact
from customers.services.portrait import ask_refresh
from customers.services.rollups import touch_customers


@transaction.atomic
def tell_facts(*, customer_id: int, values: Mapping[str, FactValue], by: User) -> int:
    """Each fact is on record as told today; told twice it is one row. Returns how many.

    ``values`` by key of customers.features.declared. The portrait is computed again within
    seconds, and what is matched follows it.
    """
    customer = Customer.objects.visible_to(by).select_for_update(of=("self",)).get(pk=customer_id)
    for key, value in values.items():
        declare_fact(
            customer_id=customer.pk,
            key=key,
            value=value,
            as_of=timezone.localdate(),
            source=Source.VISIT,
            quality=Quality.DECLARED,
            by=by,
        )
    if values:
        touch_customers([customer.pk])
        record(by, "products.facts_told", customer, keys=sorted(values))
        ask_refresh()
    return len(values)
