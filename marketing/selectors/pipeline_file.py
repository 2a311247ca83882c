"""The whole list of opportunities at once, for a file: the rows and the order of the page."""

from __future__ import annotations

from crm.core.models import User
from crm.core.parameters import Parameters
from customers.selectors.keyset import Order, keyset_page
from marketing.models import Opportunity
from marketing.selectors.pipeline import FIELDS, named
from marketing.selectors.pipeline_query import PipelineQuery, opportunity_list


def opportunities_at_once(
    *, user: User, query: PipelineQuery, known: Parameters, most: int
) -> tuple[list[Opportunity], bool]:
    """The first ``most`` rows of the list, wherever its page stands, and whether it is longer."""
    rows = opportunity_list(user=user, query=query, known=known)
    name, is_nullable = FIELDS[query.order.removeprefix("-")]
    order = Order(name, is_descending=query.order.startswith("-"), is_nullable=is_nullable)
    found = keyset_page(rows, order, size=most)
    return named(found.keys), found.next is not None
