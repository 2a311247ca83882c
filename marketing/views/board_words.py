"""The numbers of a board in words, each with the address of the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.models import User
from crm.core.money import grouped
from crm.core.templatetags.ui_figures import money_text
from crm.core.words import Text
from marketing.boards.measures import Kind, Measure
from marketing.boards.spec import Narrow, Unit
from marketing.selectors.board import FEW, Shown, is_hidden, opens_rows
from marketing.selectors.board_sight import BoardQuery

NARROW_WORDS: dict[Narrow, Text] = {
    Narrow.INDUSTRY: gettext_lazy("Industry"),
    Narrow.GROUP: gettext_lazy("Customer group"),
    Narrow.TERRITORY: gettext_lazy("Territory"),
    Narrow.FAMILY: gettext_lazy("Product family"),
    Narrow.MODE: gettext_lazy("Marketing mode"),
}


@dataclass(frozen=True)
class Said:
    """One number as a page shows it; ``href`` "" where there is nothing to open."""

    text: str
    href: str
    title: str
    value: float | None
    tone: str = ""
    is_partly: bool = False  # a filter does not apply to it

    @property
    def html(self) -> SafeString:
        """The number with its link; written here, since a page holds hundreds."""
        if not self.href:
            return format_html('<span title="{}">{}</span>', self.title, self.text)
        style = f"board__number {self.tone}-text" if self.tone else "board__number"
        return format_html(
            '<a class="{}" href="{}" title="{}">{}</a>', style, self.href, self.title, self.text
        )


@dataclass(frozen=True)
class Writer:
    """Writes the numbers of one board for one user.

    Who sees amounts of customers as bands sees no sum over fewer than five rows; who sees no
    customers gets numbers without rows, and small counts as "fewer than five".
    """

    user: User
    query: BoardQuery
    route: str = "marketing:board_rows"
    bases: dict[str, str] = field(default_factory=dict)  # addresses by what changes in them

    @cached_property
    def opens(self) -> bool:
        """Whether the user may open rows."""
        return opens_rows(self.user)

    def said(self, shown: Shown | None, **changes: Any) -> Said | None:
        """The number in words with its address; ``changes`` to the filters of that address."""
        if shown is None:
            return None
        hidden = is_hidden(self.user, shown)
        text = _("fewer than %(few)s") % {"few": FEW} if hidden else number_text(shown)
        return Said(
            text=text,
            href=self.href(shown.measure, shown.cut, **changes) if self._leads(shown) else "",
            title=self._title(shown),
            value=None if hidden else shown.value,
            tone="warn" if shown.measure.good == "down" and shown.value else "",
            is_partly=bool(shown.left_out),
        )

    def href(self, measure: Measure, cut: str = "", **changes: Any) -> str:
        """The list of the rows behind a number."""
        key = repr(changes)
        if key not in self.bases:
            self.bases[key] = f"{reverse(self.route)}{self.query.address(**changes)}"
        more = f"&cut={quote_plus(cut)}" if cut else ""
        return f"{self.bases[key]}&show={measure.key}{more}"

    def _leads(self, shown: Shown) -> bool:
        return self.opens and shown.rows > 0

    def _title(self, shown: Shown) -> str:
        parts = []
        if shown.part is not None:
            told = {"part": f"{shown.part:,}", "rows": f"{shown.rows:,}"}
            parts.append(_("%(part)s of %(rows)s") % told)
        elif shown.measure.kind not in (Kind.ROWS, Kind.DISTINCT):
            parts.append(_("%(rows)s rows") % {"rows": f"{shown.rows:,}"})
        if shown.left_out:
            parts.append(_("Not narrowed by: %(names)s") % {"names": narrow_names(shown.left_out)})
        return " · ".join(str(part) for part in parts)


def narrow_names(narrows: Iterable[Narrow]) -> str:
    """Filters by their names."""
    return _(", ").join(str(NARROW_WORDS[name]) for name in narrows)


def number_text(shown: Shown) -> str:
    """The number alone: 1,204, 46.2 万元, 12.4%."""
    if shown.value is None:
        return "—"
    value = Decimal(str(shown.value))
    unit = shown.measure.unit
    if unit == Unit.YUAN:
        return money_text(value)
    if unit == Unit.SHARE:
        places = 2 if shown.measure.key in ("npl", "new_rate", "bad_rate") else 0
        return f"{grouped(value * 100, places)}%"
    if unit == Unit.DAYS:
        return _("%(days)s days") % {"days": grouped(value, 1, trim=True)}
    return grouped(value, 1 if unit == Unit.SCORE else 0)
