"""The one shape of chart data, and the table that says the same to a screen reader.

bar, line, hbar:  {"categories": [...], "series": [...], "unit"?, "target"?, "hrefs"?}
                  one of the series: {"name", "data", "type"?, "dashed"?, "stack"?, "tone"?}
pie:              {"items": [{"name", "value"}], "unit"?}
sankey, graph:    {"nodes": [{"name", "tone"?}], "links": [{"source", "target", "value"}], "unit"?}
heatmap:          {"x": [...], "y": [...], "values": [[...] per y], "unit"?, "percent"?}
scatter:          {"points": [{"name", "x", "y"}], "x_name", "y_name", "unit"?}
radar:            {"indicators": [{"name", "max"}], "series": [{"name", "data"}]}
gauge:            {"value", "low", "high", "name"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ChartTable:
    """Head and rows; the first cell of a row is its name."""

    head: Sequence[Any]
    rows: Sequence[Sequence[Any]]


def plain(value: Any) -> Any:
    """A figure without the noise of binary fractions."""
    return round(value, 2) if isinstance(value, float) else value


def share(value: float | None) -> str | None:
    """A ratio as a whole percentage."""
    return None if value is None else f"{value:.0%}"


def chart_table(data: Mapping[str, Any], kind: str) -> ChartTable:
    """The chart's figures as a table, whatever its kind."""
    if kind == "pie":
        rows = [(item["name"], item["value"]) for item in data["items"]]
        return ChartTable(("", data.get("unit", "")), rows)
    if kind in ("sankey", "graph"):
        links = [(link["source"], link["target"], link["value"]) for link in data["links"]]
        return ChartTable((_("From"), _("To"), data.get("unit", "")), links)
    if kind == "heatmap":
        lines = [map(share if data.get("percent") else plain, row) for row in data["values"]]
        grid = [(name, *line) for name, line in zip(data["y"], lines, strict=True)]
        return ChartTable(("", *data["x"]), grid)
    if kind == "scatter":
        points = [(point["name"], point["x"], point["y"]) for point in data["points"]]
        return ChartTable(("", data.get("x_name", ""), data.get("y_name", "")), points)
    if kind == "gauge":
        return ChartTable(("", ""), [(data.get("name", ""), data["value"])])
    names = [item["name"] for item in data["indicators"]] if kind == "radar" else data["categories"]
    columns = [map(plain, one["data"]) for one in data["series"]]
    rows = list(zip_longest(names, *columns))
    return ChartTable(("", *(one["name"] for one in data["series"])), rows)
