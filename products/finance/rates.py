"""From a base and a spread to a rate, and back."""

from __future__ import annotations

from decimal import Decimal

BASIS_POINT = Decimal("0.0001")


def base_rate(base: Decimal, spread_bp: int | Decimal) -> Decimal:
    """The yearly rate of ``base`` (a share, say LPR 0.03) and so many basis points above it."""
    return base + Decimal(spread_bp) * BASIS_POINT


def spread_bp(rate: Decimal, base: Decimal) -> Decimal:
    """How many basis points ``rate`` stands above ``base``."""
    return (rate - base) / BASIS_POINT
