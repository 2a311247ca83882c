"""What the tests of the workbench ask of its list."""

from datetime import date
from typing import Any

from crm.core.models import User
from marketing.selectors.queue import QueueQuery, queue_page


def keys(user: User, today: date, **query: Any) -> list[str]:
    """The sources of the user's items, in the order of the list."""
    page = queue_page(user=user, query=QueueQuery(**query), today=today)
    return [item.source.key for item in page.items]
