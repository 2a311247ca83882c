"""What this app reads from files: products of competitors; in the house's import way."""

from __future__ import annotations

from customers.imports.sentences import SENTENCES
from products.imports.competitors import COMPETITOR_PRODUCTS
from products.imports.sentences import WORDS

SENTENCES.update(WORDS)

__all__ = ["COMPETITOR_PRODUCTS"]
