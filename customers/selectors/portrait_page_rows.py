"""The fact rows behind a figure, newest first, in keyset pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q, QuerySet, Sum

from crm.core.models import User
from crm.core.months import last_closed, month_start, ym_of
from customers.features.catalogue import COLUMNS
from customers.features.engine import names_in
from customers.features.spec import ColumnSpec, FeatureSpec
from customers.features.steps import ORIGINS
from customers.models import Contact, Customer, DeclaredFact, InvoiceMonth
from customers.selectors.portrait_page_trails import TRAILS, Trail

PAGE = 25
CUT = "~"  # between the values of a place in the order


@dataclass(frozen=True)
class Window:
    """From the first to the last day that counts; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class RowPage:
    """One page of rows, the sums of the whole window, and where the next page begins."""

    key: str
    trail: Trail
    rows: Sequence[Any]
    sums: dict[str, Any]
    window: Window
    after: str = ""


def trails_of(column: ColumnSpec) -> list[str]:
    """The tables behind a column: that of its origin, and told facts."""
    if not isinstance(column, FeatureSpec):
        return []
    key = ORIGINS[column.origin].trail
    found = [key] if key and key != "declared" else []
    return [*found, "declared"] if column.declared_keys else found


def made_of(column: ColumnSpec) -> list[ColumnSpec]:
    """The other columns that the formula uses."""
    return [
        COLUMNS[name]
        for name in sorted(names_in(column.sql))
        if name in COLUMNS and name != column.key and COLUMNS[name].label
    ]


def window_of(column: ColumnSpec, trail: Trail, customer: Customer, as_of: date) -> Window:
    """The months of the figure: closed ones of our books, or those up to the last invoices."""
    months = getattr(column, "trail_months", 0)
    if not months:
        return Window(None, as_of)
    end = last_closed(as_of)
    if trail.by_invoice:
        known = InvoiceMonth.objects.filter(customer=customer, ym__lte=end)
        end = known.aggregate(last=Max("ym"))["last"] or end
    elif trail.when != "ym":
        return Window(month_start(ym_of(as_of) - months), as_of)
    return Window(
        month_start(end - months + 1), date.fromordinal(month_start(end + 1).toordinal() - 1)
    )


def month_window(ym: int) -> Window:
    """One month."""
    return Window(month_start(ym), date.fromordinal(month_start(ym + 1).toordinal() - 1))


def row_page(
    *,
    user: User,
    customer: Customer,
    key: str,
    window: Window,
    after: str = "",
    only: Q | None = None,
) -> RowPage:
    """A page of the rows of the window that the user may see."""
    trail = TRAILS[key]
    rows = _rows(user, customer, trail, window).filter(only or Q())
    sums = rows.aggregate(**{name: Sum(name, filter=trail.counts or None) for name in trail.adds})
    page = list(_after(rows, trail, after)[: PAGE + 1])
    following = CUT.join(_place(page[PAGE - 1], trail)) if len(page) > PAGE else ""
    return RowPage(key, trail, page[:PAGE], sums, window, following)


def _rows(user: User, customer: Customer, trail: Trail, window: Window) -> QuerySet[Any]:
    facts: Any = trail.model._default_manager
    rows: QuerySet[Any] = facts.visible_to(user).filter(trail.only, customer=customer)
    if trail.model is DeclaredFact:
        rows = rows.filter(is_withdrawn=False).select_related("entered_by")
    if trail.model is Contact:
        return rows.order_by(*trail.order)
    kind = trail.model._meta.get_field(trail.when)
    is_month = trail.when == "ym"
    if window.first:
        rows = rows.filter(
            **{f"{trail.when}__gte": ym_of(window.first) if is_month else window.first}
        )
    if window.last:
        lookup = "date__lte" if isinstance(kind, models.DateTimeField) else "lte"
        last = ym_of(window.last) if is_month else window.last
        rows = rows.filter(**{f"{trail.when}__{lookup}": last})
    return rows.order_by(*trail.order)


def _place(row: Any, trail: Trail) -> list[str]:
    values = (getattr(row, name.lstrip("-")) for name in trail.order)
    return [value.isoformat() if isinstance(value, date) else str(value) for value in values]


def _after(rows: QuerySet[Any], trail: Trail, after: str) -> QuerySet[Any]:
    """Rows behind a place in the order; the first page for a place that cannot be read."""
    values = after.split(CUT)
    if not after or len(values) != len(trail.order):
        return rows
    beyond, same = Q(pk__isnull=True), Q()
    for name, text in zip(trail.order, values, strict=True):
        attribute = name.lstrip("-")
        try:
            value = _typed(trail.model, attribute, text)
        except (ValidationError, ValueError):
            return rows
        step = Q(**{f"{attribute}__{'lt' if name.startswith('-') else 'gt'}": value})
        beyond |= same & step
        same &= Q(**{attribute: value})
    return rows.filter(beyond)


def _typed(model: type[models.Model], attribute: str, text: str) -> Any:
    """A value of a place as the column holds it."""
    if attribute == "pk" or attribute.endswith("_id"):
        return int(text)
    target = model._meta.get_field(attribute)
    return target.to_python(text) if isinstance(target, models.Field) else text
