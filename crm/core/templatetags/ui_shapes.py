"""Small figures drawn as SVG on the server: bar, meter, ring, gauge, sparkline, bars, funnel.

Widths are attributes of SVG shapes, since the content policy forbids style attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template

from crm.core.templatetags.ui_figures import Amount, decimal_of, number

register = template.Library()
SWEEP = 240  # degrees of a gauge


def share(value: Amount, whole: Amount) -> float:
    """``value`` as a percentage of ``whole``, kept within 0 and 100; nothing is 0."""
    part, full = decimal_of(value), decimal_of(whole)
    if part is None or not full:
        return 0.0
    return round(min(max(float(part / full) * 100, 0.0), 100.0), 2)


@register.inclusion_tag("components/bar.html")
def bar(
    value: Amount,
    max: Amount = 1,
    tone: str = "",
    label: Any = "",
    mark: Amount = None,
    tall: bool = False,
) -> dict[str, Any]:
    """A horizontal bar of ``value`` out of ``max``, with a mark at a target."""
    return {
        "percent": share(value, max),
        "mark": share(mark, max) if decimal_of(mark) is not None else None,
        "tone": tone,
        "label": label,
        "tall": tall,
    }


@register.inclusion_tag("components/meter.html")
def meter(
    label: Any,
    value: Amount,
    max: Amount = 1,
    text: Any = "",
    tone: str = "",
    note: Any = "",
    href: str = "",
    quiet: bool = False,
) -> dict[str, Any]:
    """A labelled bar with its figure above it; ``quiet`` makes the figure small and grey."""
    return {
        "label": label,
        "percent": share(value, max),
        "text": text if text != "" else value,
        "tone": tone,
        "note": note,
        "href": href,
        "quiet": quiet,
    }


@register.inclusion_tag("components/ring.html")
def ring(
    value: Amount, max: Amount = 1, label: Any = "", size: str = "", tone: str = ""
) -> dict[str, Any]:
    """A completeness ring with its percentage inside."""
    percent = share(value, max)
    known = decimal_of(value) is not None
    if not tone and known:
        tone = "" if percent >= 60 else "warn"
    return {
        "percent": percent,
        "text": f"{percent:.0f}" if known else "—",
        "label": label,
        "size": size,
        "tone": tone,
    }


@register.inclusion_tag("components/gauge.html")
def gauge(
    value: Amount,
    low: Amount = 0,
    high: Amount = 100,
    text: Any = "",
    name: Any = "",
    tone: str = "",
    marks: Iterable[Amount] = (),
) -> dict[str, Any]:
    """A score on an arc from ``low`` to ``high``, ``name`` below it, cuts at ``marks``."""
    figure, bottom, top = decimal_of(value), decimal_of(low) or 0, decimal_of(high) or 100
    span = top - bottom
    percent = share(figure - bottom, span) if figure is not None else 0.0
    cuts = [share(cut - bottom, span) for mark in marks if (cut := decimal_of(mark)) is not None]
    return {
        "percent": percent,
        "angles": [round(-SWEEP / 2 + SWEEP * cut / 100, 1) for cut in cuts if 0 < cut < 100],
        "text": (text if text != "" else value) if figure is not None else "—",
        "name": name,
        "tone": tone,
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(
    values: Sequence[Amount] | None, label: Any = "", tone: str = "", wide: bool = False
) -> dict[str, Any]:
    """A line of the values in their order; a missing value is a gap."""
    points = [decimal_of(value) for value in values or ()]
    known = [float(point) for point in points if point is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    step = 100 / max(len(points) - 1, 1)
    runs: list[list[str]] = [[]]
    for place, point in enumerate(points):
        if point is None:
            runs.append([])
            continue
        height = 11.0 if high == low else 21 - 19 * (float(point) - low) / (high - low)
        runs[-1].append(f"{place * step:.1f},{height:.1f}")
    lines = [" ".join(run if len(run) > 1 else run * 2) for run in runs if run]
    return {"lines": lines, "label": label, "tone": tone, "wide": wide}


@register.inclusion_tag("components/bars.html")
def bars(
    rows: Iterable[Mapping[str, Any]], max: Amount = None, label: Any = "", tone: str = ""
) -> dict[str, Any]:
    """Horizontal bars: each row has label, value and, if wanted, text, note, tone, href."""
    found = [dict(row) for row in rows]
    top = max if max is not None else _largest(row.get("value") for row in found)
    for row in found:
        row["percent"] = share(row.get("value"), top)
        row.setdefault("tone", tone)
        row["shown"] = row.get("text") or number(row.get("value"))
    return {"rows": found, "label": label}


@register.inclusion_tag("components/funnel.html")
def funnel(stages: Iterable[Mapping[str, Any]], label: Any = "") -> dict[str, Any]:
    """Stages with where cases leave: each has label, entered, left and, if wanted, days, href."""
    found = [dict(stage) for stage in stages]
    top = _largest(stage.get("entered") for stage in found)
    for stage in found:
        entered, left = stage.get("entered") or 0, stage.get("left") or 0
        stage["stayed_percent"] = share(entered - left, top)
        stage["left_percent"] = share(left, top)
        stage["rate"] = (entered - left) / entered if entered else None
    return {"stages": found, "label": label}


def _largest(values: Iterable[Any]) -> Amount:
    known = [found for value in values if (found := decimal_of(value)) is not None]
    return max(known, default=None)
