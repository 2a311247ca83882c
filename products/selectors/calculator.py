"""What the calculator and comparisons read of a version: its rate today, its fees, its modes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from customers.models import CREDIT_FAMILIES
from products.finance import Fee, base_rate
from products.models import ProductVersion
from products.selectors.catalogue import WAS_IN_FORCE
from products.selectors.terms import Lpr


@dataclass(frozen=True)
class OurTerms:
    """A version with what its rate and fees are on one day; a rate of None has no figure."""

    version: ProductVersion
    rate_low: Decimal | None
    rate_high: Decimal | None
    fees: tuple[Fee, ...]

    @property
    def modes(self) -> list[str]:
        """The modes of repayment it allows."""
        return list(self.version.repayment_modes)


def credit_versions() -> QuerySet[ProductVersion]:
    """Versions in effect whose repayment can be calculated, by the code of their product."""
    return (
        ProductVersion.objects.filter(state=ProductVersion.State.EFFECTIVE)
        .filter(product__family__in=CREDIT_FAMILIES, repayment_modes__len__gt=0)
        .select_related("product")
        .prefetch_related("fees")
        .order_by("product__code")
    )


def readable_versions() -> QuerySet[ProductVersion]:
    """Every version that was ever in force: a superseded one stays readable (PRO-4)."""
    rows = ProductVersion.objects.filter(WAS_IN_FORCE)
    return rows.select_related("product").prefetch_related("fees")


def our_terms(version: ProductVersion, quote: Lpr | None) -> OurTerms:
    """The version priced by ``quote``: base and spread, or its own rate where it has one."""
    base = quote.base(version.rate_base) if quote else None
    low, high = version.spread_min_bp, version.spread_max_bp
    if base is None:
        rates = (version.fixed_rate, version.fixed_rate)
    else:
        low = high if low is None else low
        high = low if high is None else high
        rates = (
            None if low is None else max(base_rate(base, low), Decimal(0)),
            None if high is None else max(base_rate(base, high), Decimal(0)),
        )
    fees = tuple(
        Fee(item.timing, item.sum_amount, item.share, str(item.name)) for item in version.fees.all()
    )
    return OurTerms(version, *rates, fees)
