"""Rows of a finished match without the engine: fits, counts, and the match they belong to."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from customers.models import Customer
from products.models import CustomerMatch, MatchCount, OfferFit, ProductVersion

_score = count(50)


def make_fit(
    customer: Customer, version: ProductVersion, kind: str = "y", **fields: Any
) -> OfferFit:
    """A row of the list of this version; scores rise by one unless given."""
    score = fields.pop("score", float(next(_score)))
    return OfferFit.objects.create(
        customer=customer, version=version, kind=kind, score=score, **fields
    )


def make_match(customer: Customer, *versions: ProductVersion, **fields: Any) -> CustomerMatch:
    """The customer was matched, and these versions fit."""
    for version in versions:
        make_fit(customer, version)
    given = {
        "book_number": 1,
        "as_of": date(2026, 11, 20),
        "computed_at": timezone.now(),
        "portrait_version": 1,
        "inputs": {},
        "outcomes": "y" * len(versions),
        "scores": [60.0] * len(versions),
        "failed": [0] * len(versions),
        "unknown": [0] * len(versions),
        "top": [version.pk for version in versions][:5],
    }
    return CustomerMatch.objects.create(customer=customer, **(given | fields))


def make_count(scope_no: int, value: str, fits: dict[ProductVersion, int], **fields: Any):
    """One row of the grid's rollup: stages unless another dimension is given."""
    given = {"dimension": "stage", "customers": max([*fits.values(), 1])}
    return MatchCount.objects.create(
        scope_no=scope_no,
        value=value,
        versions=[version.pk for version in fits],
        fits=list(fits.values()),
        score_sums=[60.0 * number for number in fits.values()],
        **(given | fields),
    )
