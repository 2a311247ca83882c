"""A coordination list from a file: firms found or taken in as prospects, owners, due days (e.10).

An item goes to whoever looks after the firm; of a firm nobody looks after to the manager of its
grid cell, who takes the firm over; else to the leader of the unit. Runs inside the import, as the
system: a bank's list is not bound to the reach of whoever uploads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.db.models import Q

from crm.core.identifiers import is_uscc
from crm.core.models import Branch, RegionCode, User
from crm.core.parameters import parameters
from customers.imports.parties import PARTY_WORDS
from customers.models import Customer, Territory, TerritoryMember
from customers.naming import name_columns
from customers.services.assignment import scope_number
from customers.services.imports import household
from customers.services.imports.context import ImportContext
from customers.services.imports.rows import Rows
from marketing.market.clock import Limits
from marketing.models import CoordinationItem
from marketing.selectors.coordination import LEADERS

_DROPPED = ("uscc", "name", "party_type", "region", "grid", "branch", "address")


def prepare_items(rows: Rows, context: ImportContext) -> None:
    """The columns of ``CoordinationItem``, ready to be written; new firms are prospects."""
    cells = _cells(rows)
    book = _Book(cells, context)
    customers = [book.customer(rows, place, row) for place, row in enumerate(cells)]
    decided = _decided(customers, cells)
    limits = Limits.of(parameters(context.today))
    due: list[Any] = []
    contact: list[Any] = []
    owners: list[Any] = []
    for place, (row, customer) in enumerate(zip(cells, customers, strict=True)):
        if (customer, row["list_no"]) in decided:
            rows.refuse(place, "uscc", "item_decided")
        on = row["received_on"]
        due.append(limits.decide_due(on) if on else None)
        contact.append(limits.contact_due(on) if on else None)
        owners.append(book.owner(customer, row) if customer is not None else None)
    for key in _DROPPED:
        rows.columns.pop(key, None)
    rows.columns["customer_id"] = pa.array(customers, pa.int64())
    rows.columns["due_on"] = pa.array(due, pa.date32())
    rows.columns["contact_due_on"] = pa.array(contact, pa.date32())
    rows.columns["owner_id"] = pa.array(owners, pa.int64())


def _cells(rows: Rows) -> list[dict[str, Any]]:
    names = [column.key for column in rows.kind.columns]
    empty: list[Any] = [None] * len(rows.lines)
    lists = [rows.columns[key].to_pylist() if key in rows.columns else empty for key in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def _decided(customers: list[int | None], cells: list[dict[str, Any]]) -> set[tuple[int, str]]:
    """Items of these firms that were decided on: a file does not reopen them."""
    known = [pk for pk in customers if pk is not None and pk > 0]
    lists = {row["list_no"] for row in cells if row["list_no"]}
    items = CoordinationItem.objects.filter(customer__in=known, list_no__in=lists)
    found = items.filter(decided_at__isnull=False).values_list("customer_id", "list_no")
    return set(found)


@dataclass
class _Book:
    """What the rows of one block refer to, looked up at once; new firms are added to it."""

    cells: list[dict[str, Any]]
    context: ImportContext
    known: dict[str, Customer] = field(init=False)
    grids: dict[str, Territory] = field(init=False)
    units: dict[str, Branch] = field(init=False)
    regions: dict[str, str] = field(init=False)
    grid_of: dict[int, Territory] = field(init=False)
    owners: dict[tuple[int, str], int | None] = field(init=False)
    leaders: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told: dict[str, set[str]] = {
            key: {row[key] for row in self.cells if row[key]}
            for key in ("uscc", "grid", "branch", "region", "list_no")
        }
        firms = Customer.objects.filter(uscc__in=told["uscc"]).select_related("branch", "manager")
        self.known = {firm.uscc: firm for firm in firms.defer("name_pieces")}
        places = Territory.objects.filter(kind=Territory.Kind.GRID)
        grids = places.select_related("branch", "manager")
        self.grids = {grid.code: grid for grid in grids.filter(code__in=told["grid"])}
        self.units = {
            unit.code: unit
            for unit in Branch.objects.filter(code__in=told["branch"], is_active=True)
        }
        named = Q(code__in=told["region"]) | Q(full_name_zh__in=told["region"])
        self.regions = {}
        for code, name in RegionCode.objects.filter(named).values_list("code", "full_name_zh"):
            self.regions |= {code: code, name: code}
        keys = [firm.pk for firm in self.known.values()]
        members = TerritoryMember.objects.filter(customer__in=keys, is_grid=True)
        self.grid_of = {
            member.customer_id: member.territory
            for member in members.select_related("territory__branch", "territory__manager")
        }
        items = CoordinationItem.objects.filter(customer__in=keys, list_no__in=told["list_no"])
        self.owners = {(item.customer_id, item.list_no): item.owner_id for item in items}
        self.placed: dict[int, Customer] = {firm.pk: firm for firm in self.known.values()}

    def customer(self, rows: Rows, place: int, row: dict[str, Any]) -> int | None:
        """The key of the firm of a row; the row is refused when it names nothing that exists."""
        self._refuse_unknown(rows, place, row)
        if not rows.good[place] or not row["uscc"]:
            return None
        firm = self.known.get(row["uscc"])
        if firm is not None:
            self._hand_over(firm, row)
            return firm.pk
        if not row["name"]:
            rows.refuse(place, "name", "name_needed")
            return None
        if not is_uscc(row["uscc"]):
            rows.remark(place, "uscc", "odd_uscc")
        return self._take_in(row).pk

    def _hand_over(self, firm: Customer, row: dict[str, Any]) -> None:
        """A firm that nobody looks after goes to the manager of its grid cell."""
        grid = self.grid_of.get(firm.pk) or self.grids.get(row["grid"] or "")
        manager = _active(grid.manager) if grid and firm.manager_id is None else None
        if manager is None:
            return
        firm.manager, firm.branch, firm.scope_no = manager, manager.branch, manager.scope_no
        if self.context.is_dry_run:
            return
        firm.version += 1
        firm.save(update_fields=["manager", "branch", "scope_no", "version", "updated_at"])
        household.assign([firm.pk], self.context.today, self.context.by_id)

    def _refuse_unknown(self, rows: Rows, place: int, row: dict[str, Any]) -> None:
        for key, what, found in (
            ("grid", "territory", self.grids),
            ("branch", "branch", self.units),
            ("region", "region", self.regions),
        ):
            if row[key] and row[key] not in found:
                rows.refuse(place, key, "reference_unknown", what=what)

    def _take_in(self, row: dict[str, Any]) -> Customer:
        """A prospect: of the grid's manager, else of the unit. A dry run only counts it."""
        grid = self.grids.get(row["grid"] or "")
        manager = _active(grid.manager) if grid else None
        named = self.units.get(row["branch"] or "")
        branch = manager.branch if manager else named or (grid.branch if grid else None)
        branch = branch or self.context.branch
        words = (value for word, value in PARTY_WORDS if word in row["name"])
        firm = Customer(
            customer_no=row["uscc"],
            uscc=row["uscc"],
            is_uscc_odd=not is_uscc(row["uscc"]),
            party_type=row["party_type"] or next(words, Customer.PartyType.COMPANY),
            region_id=self.regions.get(row["region"] or "") or (grid.region_id if grid else None),
            address=row["address"] or "",
            manager=manager,
            branch=branch,
            scope_no=scope_number(manager, branch),
            created_by_id=self.context.by_id,
            updated_by_id=self.context.by_id,
            batch_id=self.context.batch_id,
            **name_columns(row["name"]),
        )
        if self.context.is_dry_run:
            known = self.context.provisional
            firm.pk = known.setdefault(row["uscc"], -len(known) - 1)
        else:
            self._save(firm, grid)
        self.known[firm.uscc] = self.placed[firm.pk] = firm
        if grid is not None:
            self.grid_of[firm.pk] = grid
        return firm

    def _save(self, firm: Customer, grid: Territory | None) -> None:
        firm.save(force_insert=True)
        household.assign([firm.pk], self.context.today, self.context.by_id)
        if grid is not None:
            TerritoryMember.objects.create(customer=firm, territory=grid, is_grid=True)

    def owner(self, customer: int, row: dict[str, Any]) -> int | None:
        """Whoever had the item, else the firm's manager, else the grid's, else the leader."""
        before = self.owners.get((customer, row["list_no"]))
        if before is not None:
            return before
        firm = self.placed[customer]
        if firm.manager_id is not None:
            return firm.manager_id
        return self.leader(firm.branch)

    def leader(self, unit: Branch | None) -> int | None:
        """The leader of the unit, or of the nearest one above that has one."""
        while unit is not None:
            if unit.pk not in self.leaders:
                found = leader_of(unit)
                if found is not None:
                    self.leaders[unit.pk] = found.pk
            if unit.pk in self.leaders:
                return self.leaders[unit.pk]
            unit = unit.parent
        return None


def leader_of(unit: Branch) -> User | None:
    """Who leads exactly this unit: its team leader, else its head."""
    people = {
        person.role: person
        for person in User.objects.filter(branch=unit, role__in=LEADERS, is_active=True).order_by(
            "-pk"
        )
    }
    return next((people[role] for role in LEADERS if role in people), None)


def _active(manager: User | None) -> User | None:
    """The manager, when still at work."""
    return manager if manager is not None and manager.is_active else None
