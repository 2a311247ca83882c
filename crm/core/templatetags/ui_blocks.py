"""Blocks that hold content: card, stat, item, facts, empty state, tabs, timeline, table, chart.

A block with a second place for content takes it from ``{% slot "actions" %}...{% endslot %}``
written inside it. The slot leaves its content between two comments, which the block then cuts
out; user text cannot fake them, since it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.core.templatetags.ui_figures import Amount, decimal_of, icon_svg

register = template.Library()
Context = template.Context
SLOT = re.compile(r"<!--slot:(\w+)-->(.*?)<!--/slot:\1-->", re.DOTALL)


def drawn(name: str, **values: Any) -> SafeString:
    """The component of this name with these inputs."""
    return render_to_string(f"components/{name}.html", values)


def trimmed(content: SafeString) -> SafeString:
    """The content without the white space around it, still safe."""
    return mark_safe(content.strip())  # noqa: S308


def parted(content: SafeString) -> tuple[SafeString, dict[str, SafeString]]:
    """The content without its slots, and the slots by name."""
    slots = {found[1]: mark_safe(found[2].strip()) for found in SLOT.finditer(content)}  # noqa: S308
    return mark_safe(SLOT.sub("", content).strip()), slots  # noqa: S308


@register.simple_block_tag
def slot(content: SafeString, name: str) -> SafeString:
    """Content for a named place of the block around it."""
    return format_html("<!--slot:{0}-->{1}<!--/slot:{0}-->", name, content)


@register.simple_block_tag
def card(
    content: SafeString,
    title: Any = "",
    source: Any = "",
    tone: str = "plain",
    id: str = "",
    flush: bool = False,
    level: int = 2,
    css: str = "",
) -> SafeString:
    """A card. Slots: actions (right of the title), badges (after it), foot. flush: no padding."""
    body, slots = parted(content)
    values = {"title": title, "source": source, "tone": tone, "id": id, "flush": flush}
    return drawn("card", body=body, level=level, css=css, **values, **slots)


@register.simple_block_tag
def stat(
    content: SafeString,
    label: Any,
    of: Any = "",
    note: Any = "",
    note_tone: str = "",
    value: Amount = None,
    target: Amount = None,
    tone: str = "",
    href: str = "",
) -> SafeString:
    """One figure of a row of figures; ``value`` and ``target`` draw the bar under it."""
    has_bar = decimal_of(target) is not None
    values = {"note": note, "note_tone": note_tone, "value": value, "target": target}
    return drawn(
        "stat", content=content, label=label, of=of, tone=tone, href=href, has_bar=has_bar, **values
    )


@register.simple_block_tag
def item(
    content: SafeString,
    title: Any = "",
    text: Any = "",
    note: Any = "",
    badge: Any = "",
    tone: str = "plain",
    lead: Any = "",
    href: str = "",
    current: bool = False,
) -> SafeString:
    """One row: chip or lead, title with text, a small note; the content is its one button.

    Slots: lead (instead of badge and lead), more (below the note).
    """
    body, slots = parted(content)
    values: dict[str, Any] = {"title": title, "text": text, "note": note, "href": href}
    values |= {"badge": badge, "tone": tone, "lead": lead, "current": current} | slots
    return drawn("item", end=body, **values)


@register.simple_block_tag
def facts(content: SafeString, columns: int = 1) -> SafeString:
    """A list of facts: label left, value right; ``columns=2`` on wide cards."""
    return drawn("facts", content=content, columns=columns)


@register.simple_block_tag
def fact(
    content: SafeString, label: Any, source: Any = "", href: str = "", help: Any = ""
) -> SafeString:
    """One fact; an empty value is shown as unknown; ``href`` opens the rows behind it."""
    return drawn("fact", content=trimmed(content), label=label, source=source, href=href, help=help)


@register.simple_block_tag
def empty_state(content: SafeString, text: Any, title: Any = "", icon: str = "inbox") -> SafeString:
    """What is missing and what to do to fill it; the content is its action."""
    return drawn("empty_state", actions=trimmed(content), text=text, title=title, icon=icon)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "plain", icon: str = "") -> SafeString:
    """A sentence that stands in the page. Slot: actions."""
    icons = {"good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
    body, slots = parted(content)
    return drawn(
        "notice", body=body, tone=tone, icon=icon or icons.get(tone, "info-circle"), **slots
    )


@register.simple_block_tag
def timeline(content: SafeString) -> SafeString:
    """What happened, newest first; holds ``event`` blocks."""
    return format_html('<ol class="timeline items">{}</ol>', content)


@register.simple_block_tag(takes_context=True)
def event(
    context: Context,
    content: SafeString,
    at: date | datetime | None,
    title: Any,
    note: Any = "",
    badge: Any = "",
    tone: str = "plain",
    href: str = "",
) -> SafeString:
    """One entry of a timeline: day, title, a sentence as content, who and how in ``note``."""
    body, slots = parted(content)
    values: dict[str, Any] = {"at": at, "title": title, "note": note, "badge": badge, "tone": tone}
    clock = {key: context.get(key) for key in ("now", "today")}
    return drawn("event", body=body, href=href, **values, **clock, **slots)


@register.simple_tag
def verdict(text: Any, state: str, value: Any = "", why: Any = "", href: str = "") -> SafeString:
    """One condition: pass, fail or unknown (also True, False, None), its value, and why."""
    names = {"True": "pass", "False": "fail", "None": "unknown", "": "unknown"}
    found = names.get(str(state), str(state))
    return drawn("verdict", text=text, state=found, value=value, why=why, href=href)


@register.simple_tag
def reasons(rows: Iterable[Any]) -> SafeString:
    """Points with their sentence: rows of (points, text) or {points, text}."""
    pairs = [
        (row["points"], row["text"]) if isinstance(row, Mapping) else (row[0], row[1])
        for row in rows
    ]
    return drawn("reasons", rows=pairs)


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], label: Any = "") -> SafeString:
    """Links between the pages of one thing: label, url, is_current and, if wanted, count."""
    return drawn("tabs", items=items, label=label)


@register.simple_block_tag
def table_wrap(
    content: SafeString, label: Any = "", sticky: bool = True, columns: str = ""
) -> SafeString:
    """Room for a wide table: sticky head; ``columns`` is the key of its column chooser."""
    return drawn("table_wrap", content=content, label=label, sticky=sticky, columns=columns)


@register.simple_tag
def skeleton(lines: int = 4, kind: str = "") -> SafeString:
    """Grey lines in the place of what is loading; kind: chart, stat."""
    return drawn("skeleton", lines=range(1 if kind == "chart" else lines), kind=kind)


@register.simple_tag(takes_context=True)
def stale(
    context: Context,
    computed_at: datetime | date | None,
    refresh_url: str = "",
    is_stale: bool = False,
    working: bool = False,
    target: str = "",
) -> SafeString:
    """When it was computed, with a refresh button; amber when stale, busy when being computed."""
    values: dict[str, Any] = {"computed_at": computed_at, "refresh_url": refresh_url}
    values |= {"is_stale": is_stale, "working": working, "target": target}
    return drawn("stale", now=context.get("now"), csrf_token=context.get("csrf_token"), **values)


@register.simple_tag
def job_progress(
    label: Any,
    done: int,
    total: int | None = None,
    state: str = "running",
    url: str = "",
    cancel_url: str = "",
    note: Any = "",
    every: str = "2s",
) -> SafeString:
    """A background job; asks ``url`` again while it runs. state: waiting, running, done, failed."""
    values: dict[str, Any] = {"label": label, "done": done, "total": total, "state": state}
    values |= {"url": url, "cancel_url": cancel_url, "note": note, "every": every}
    return drawn("job_progress", is_open=state in ("waiting", "running"), **values)


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """The content of a template block once more: <title> and <h1> say the same."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block is not None else mark_safe("")


@register.simple_tag
def tick(value: bool | None, yes: Any = "", no: Any = "") -> SafeString:
    """A tick, a cross or a question mark for yes, no and unknown, spoken as given."""
    shown = {True: ("check", yes), False: ("x", no)}
    name, label = ("question-mark", _("unknown")) if value is None else shown[bool(value)]
    return icon_svg(name, str(label))
