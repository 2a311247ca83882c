"""What stays the same while one file is read: who, when, and what was said beside the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from crm.core.models import Branch


@dataclass
class ImportContext:
    """One run over one file."""

    batch_id: int
    by_id: int | None
    today: date
    as_of: date  # of facts that the file states without a date
    branch: Branch  # of new customers that the file gives to nobody
    is_dry_run: bool
    provisional: dict[str, int] = field(default_factory=dict)  # dry run: ids of new customers
