"""Everything that can be imported. A kind is one ``ImportKind`` in one of the family files."""

from crm.core.catalogue import Catalogue
from customers.imports import (
    invoices,
    ledger,
    lending,
    loans,
    monthly,
    network,
    parties,
    records,
)
from customers.imports.spec import Column, ImportKind, Touches

KINDS: Catalogue[ImportKind] = Catalogue(
    "import kinds",
    (
        *parties.KINDS,
        *network.KINDS,
        *ledger.KINDS,
        *lending.KINDS,
        *loans.KINDS,
        *monthly.KINDS,
        *invoices.KINDS,
        *records.KINDS,
    ),
)

__all__ = ["KINDS", "Column", "ImportKind", "Touches"]
