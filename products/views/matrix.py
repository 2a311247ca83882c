"""Products over industry, stage or asset style: the grid of who fits what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from crm.core.roles import Can
from products.selectors.fit_groups import DIMENSIONS
from products.selectors.matrix import GridCell, GridLine, match_grid, sees_bank_counts
from products.views.sections import section_tabs

LEVELS = 8  # shades of the grid beside the blank of nobody
FIRST = "industry"


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """The grid of one dimension; every cell opens the customers behind it."""
    asked = request.GET.get("by", "")
    dimension = asked if asked in DIMENSIONS else FIRST
    grid = match_grid(user=request.user, dimension=dimension)
    opens = request.user.can(Can.VIEW_MATCHES)
    context = {
        "grid": grid,
        "customers": f"{grid.customers:,}",
        "is_bank": sees_bank_counts(request.user),
        "lines": [_line(line, dimension, opens) for line in grid.lines],
        "shades": range(1, LEVELS + 1),
        "sections": section_tabs(request.user, "products:matrix"),
        "groupings": [
            {"label": row.label, "href": f"?by={key}", "tone": "accent" * (key == dimension)}
            for key, row in DIMENSIONS.items()
        ],
    }
    return render_page(request, "products/matrix.html", "products/_matrix.html", context)


def _line(line: GridLine, dimension: str, opens: bool) -> dict[str, Any]:
    product = line.version.product
    url = reverse("products:fits", args=[product.code])
    return {
        "product": product,
        "url": url,
        "total": line.total,
        "cells": [
            {
                "cell": cell,
                "level": level_of(cell),
                "percent": round(cell.share * 100),
                "fits": f"{cell.fits:,}",
                "url": f"{url}?{urlencode({dimension: cell.value})}" if opens and cell.fits else "",
            }
            for cell in line.cells
        ],
    }


def level_of(cell: GridCell) -> int:
    """The shade of a cell: 0 for nobody, then up to LEVELS by the share of its customers."""
    if not cell.fits:
        return 0
    return min(LEVELS, 1 + int(cell.share * LEVELS))
