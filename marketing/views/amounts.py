"""Amounts of single customers on pages: in full, or as bands for who reads bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString

from crm.core.masking import reads_bands
from crm.core.models import User
from crm.core.templatetags.ui_figures import money, unknown
from products.selectors.suggestion_words import writer


def amounts_for(user: User) -> Callable[[Any], SafeString | str]:
    """How this user reads an amount of one customer."""
    if not reads_bands(user):
        return money
    write = writer(user)
    return lambda value: unknown() if value is None else write(value)
