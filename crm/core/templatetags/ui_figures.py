"""Figures inside a sentence or a cell: money, numbers, percentages, dates, chips, icons.

A list shows hundreds of them, so they are written by ``format_html``, not by a template each.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.core.money import Unit, exact_money, grouped, money_figure

register = template.Library()
Context = template.Context
Amount = Decimal | int | float | str | None


def decimal_of(value: Amount) -> Decimal | None:
    """``value`` as a finite Decimal, or None for nothing, text that is no number, and NaN."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def unknown() -> SafeString:
    """A dash that a screen reader calls unknown: unknown is never zero."""
    return format_html('<span class="muted" role="img" aria-label="{}">—</span>', _("unknown"))


def own(html: str) -> SafeString:
    """HTML of digits, units and our own words, where there is nothing to escape."""
    return mark_safe(html)  # noqa: S308


def speaks_chinese() -> bool:
    """Whether the page is in Chinese, as is the default."""
    return (get_language() or "zh").startswith("zh")


def tone_of(value: Decimal, good: str) -> str:
    """The class that colours a change; ``good`` is up, down, or nothing for no colour."""
    if not value or good not in ("up", "down"):
        return ""
    return "good-text" if (value > 0) == (good == "up") else "bad-text"


@register.simple_tag
def money(value: Amount, unit: Unit = "auto", sign: bool = False, good: str = "") -> SafeString:
    """Yuan as 853 元, 1,286 万元 or 1.82 亿元 (¥12.86m in English), exact in the title."""
    amount = decimal_of(value)
    if amount is None:
        return unknown()
    chinese = speaks_chinese()
    figure = money_figure(amount, unit=unit, sign=sign, chinese=chinese)
    text = f'{figure.digits} <span class="unit">{figure.unit}</span>' if chinese else figure
    exact = exact_money(amount, chinese=chinese)
    return own(f'<span class="nowrap {tone_of(amount, good)}" title="{exact}">{text}</span>')


@register.filter(name="money")
def money_text(value: Amount) -> str:
    """The amount as plain text, for sentences, attributes and options."""
    amount = decimal_of(value)
    return "—" if amount is None else str(money_figure(amount, chinese=speaks_chinese()))


@register.simple_tag
def number(
    value: Amount, places: int | None = None, unit: Any = "", sign: bool = False, good: str = ""
) -> SafeString:
    """A number with separators and at most ``places`` decimals (two when not said)."""
    amount = decimal_of(value)
    if amount is None:
        return unknown()
    digits = grouped(amount, 2 if places is None else places, sign=sign, trim=places is None)
    tail = format_html(' <span class="unit">{}</span>', unit) if unit else ""
    return format_html('<span class="nowrap {}">{}{}</span>', tone_of(amount, good), digits, tail)


@register.simple_tag
def percent(
    value: Amount, places: int = 1, sign: bool = False, good: str = "", points: bool = False
) -> SafeString:
    """A ratio as a percentage: 0.124 is 12.4%; with ``points`` a difference, in points."""
    ratio = decimal_of(value)
    if ratio is None:
        return unknown()
    digits = grouped(ratio * 100, places, sign=sign, trim=True)
    tail = _(" pt") if points else "%"
    return own(f'<span class="nowrap {tone_of(ratio, good)}">{digits}{tail}</span>')


@register.simple_tag
def change(value: Amount, good: str = "up", places: int = 0) -> SafeString:
    """A signed, coloured change beside a value: +12% green, −8% red where up is good."""
    return percent(value, places, True, good)


@register.simple_tag(takes_context=True)
def when(context: Context, value: date | datetime | None, style: str = "date") -> SafeString:
    """A day as 11-21 this year and 2024-11-21 otherwise; style: date, time, full, month, age."""
    if value is None or value == "":
        return unknown()
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    now = _now(context)
    exact = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
    text = _age(value, now) if style == "age" else _day(value, now, style)
    return own(f'<time class="nowrap" datetime="{value.isoformat()}" title="{exact}">{text}</time>')


def _now(context: Context) -> datetime:
    """The page's own clock: ``now`` or ``today`` of the context, else the clock on the wall."""
    given = context.get("now") or context.get("today")
    if isinstance(given, datetime):
        return timezone.localtime(given) if timezone.is_aware(given) else given
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day, 23, 59)
    return timezone.localtime()


def _day(value: date | datetime, now: datetime, style: str) -> str:
    if style == "month":
        return f"{value:%Y-%m}"
    if style == "full":
        return date_format(value, "DATE_FORMAT")
    day = f"{value:%m-%d}" if value.year == now.year else f"{value:%Y-%m-%d}"
    if style == "time" and isinstance(value, datetime):
        clock = f"{value:%H:%M}"
        return clock if value.date() == now.date() else f"{day} {clock}"
    return day


def _age(value: date | datetime, now: datetime) -> str:
    """How long ago, or how far ahead, in one unit."""
    if isinstance(value, datetime):
        seconds = (now.replace(tzinfo=None) - value.replace(tzinfo=None)).total_seconds()
        if abs(seconds) < 86_400 and value.date() == now.date():
            return _hours(round(seconds / 60))
        value = value.date()
    days = (now.date() - value) / timedelta(days=1)
    return _days(int(days))


def _hours(minutes: int) -> str:
    if abs(minutes) < 1:
        return _("just now")
    if abs(minutes) < 60:
        past = ngettext("%(count)s minute ago", "%(count)s minutes ago", abs(minutes))
        ahead = ngettext("in %(count)s minute", "in %(count)s minutes", abs(minutes))
        return (past if minutes > 0 else ahead) % {"count": abs(minutes)}
    hours = abs(minutes) // 60
    past = ngettext("%(count)s hour ago", "%(count)s hours ago", hours)
    ahead = ngettext("in %(count)s hour", "in %(count)s hours", hours)
    return (past if minutes > 0 else ahead) % {"count": hours}


def _days(days: int) -> str:
    if abs(days) <= 1:
        return {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}[days]
    if abs(days) < 60:
        past = ngettext("%(count)s day ago", "%(count)s days ago", abs(days))
        ahead = ngettext("in %(count)s day", "in %(count)s days", abs(days))
        return (past if days > 0 else ahead) % {"count": abs(days)}
    if abs(days) < 730:
        months = round(abs(days) / 30.44)
        past = ngettext("%(count)s month ago", "%(count)s months ago", months)
        ahead = ngettext("in %(count)s month", "in %(count)s months", months)
        return (past if days > 0 else ahead) % {"count": months}
    years = round(abs(days) / 365.25)
    past = ngettext("%(count)s year ago", "%(count)s years ago", years)
    ahead = ngettext("in %(count)s year", "in %(count)s years", years)
    return (past if days > 0 else ahead) % {"count": years}


@cache
def sprite() -> str:
    """The address of the sprite, looked up once a process."""
    return static("vendor/icons.svg")


@register.simple_tag(name="icon")
def icon_svg(name: str, label: str = "", size: str = "") -> SafeString:
    """One icon of the sprite in the colour of the text; it speaks only with a ``label``."""
    href = sprite()
    shape = f"icon icon--{size}" if size else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            shape, label, href, name,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', shape, href, name
    )


@register.simple_tag
def badge(text: Any, tone: str = "plain", href: str = "", icon: str = "") -> SafeString:
    """A chip; tone: plain, accent, good, warn, bad; ``href`` leads to the rows behind it."""
    if text is None or text == "":
        return mark_safe("")
    image = icon_svg(icon) if icon else ""
    style = "chip" if tone == "plain" else f"chip chip--{tone}"
    if href:
        return format_html('<a class="{}" href="{}">{}{}</a>', style, href, image, text)
    return format_html('<span class="{}">{}{}</span>', style, image, text)


@register.simple_tag
def avatar(name: Any, size: str = "", tone: str = "") -> SafeString:
    """The first character of a name on a disc; size: s, l (a rounded square); tone: weak."""
    first = str(name or "?").strip()[:1].upper()
    style = " ".join(["avatar", *(f"avatar--{part}" for part in (size, tone) if part)])
    return format_html('<span class="{}" aria-hidden="true">{}</span>', style, first)


@register.simple_tag
def key_hint(keys: str) -> SafeString:
    """A key or a chord, as people press it: Ctrl K."""
    return format_html("<kbd>{}</kbd>", keys)


@register.filter
def signed(value: Amount) -> str:
    """+38 or −17: points of a reason, as plain text."""
    amount = decimal_of(value)
    return "—" if amount is None else grouped(amount, 2, sign=True, trim=True)
