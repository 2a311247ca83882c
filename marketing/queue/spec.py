"""What one source of the today queue says: where its items come from and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crm.core.roles import Can
from crm.core.words import Text


class How(StrEnum):
    """How the one action of an item is done, always without leaving the list."""

    BUTTON = "button"  # one press
    NOTE = "note"  # a line about what was done
    NEXT = "next"  # the next step and its day
    FORM = "form"  # the form of its page, in a dialog: views.workbench_deeds has one a source


@dataclass(frozen=True)
class Deed:
    """The one action of an item: the words on its button and how it is done."""

    label: Text
    how: How = How.BUTTON
    url_name: str = ""  # FORM: the page that does the same; see selectors.queue_words.deed_url
    said: Text = ""  # what the row says when it is done
    can: Can | None = None  # what its page asks of a role; others report back to the owner


@dataclass(frozen=True)
class QueueSource:
    """One source. The SQL parts become one arm of the statement in ``queue.statement``.

    ``tables`` may name ``{c}``, the customers in reach (id, name, manager_id, latitude, longitude,
    worth, is_silent); unless ``joins_customer`` is off, an arm joins them on ``customer``. ``ref``
    (a whole number) and the source name the item for good; ``owner`` is whose it is. ``value`` is
    yuan of income in a year, so that sources can be compared; NULL is unknown. ``inputs`` is a
    json object with ``code``, the key of its sentence in ``words``, and what the sentence names.
    """

    key: str
    label: Text
    tables: str
    where: str
    owner: str
    due: str
    value: str
    inputs: str
    words: Mapping[str, Text]
    deed: Deed
    ref: str = "x.id"
    customer: str = "x.customer_id"
    joins_customer: bool = True
    has_customer: bool = True
    can: Can | None = None  # only roles with this have such items
    is_marketing: bool = False  # silent while a complaint is open (CARE-5)
    tone: str = "accent"
    needs: tuple[str, ...] = field(default=())  # parameters the SQL reads
