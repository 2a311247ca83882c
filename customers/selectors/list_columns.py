"""What a customer list can show, one ``ListColumn`` each: where the value is and how it sorts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec, Unit
from customers.models import Customer
from customers.selectors.keyset import Order


@dataclass(frozen=True)
class ListColumn:
    """One column. ``kind`` says how a cell is written, ``is_sorted`` that lists sort by it."""

    key: str
    label: Text
    path: str
    kind: str = "text"
    is_sorted: bool = False
    is_nullable: bool = False
    is_default: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    is_on_phone: bool = True
    is_sensitive: bool = False  # C2: a band for readers outside the owner's chain, and in exports

    @property
    def css(self) -> str:
        """Numbers at the right; what is not on the phone's cards."""
        parts = ("num" if self.is_numeric else "", "" if self.is_on_phone else "wide-only")
        return " ".join(part for part in parts if part)

    @property
    def is_numeric(self) -> bool:
        """Whether cells stand at the right."""
        return self.kind in {"money", "number", "percent", "change", "level"}

    def order(self, is_descending: bool) -> Order:
        """The order by this column."""
        return Order(self.path, is_descending, self.is_nullable)


LIST_COLUMNS: Catalogue[ListColumn] = Catalogue(
    "list columns",
    (
        ListColumn("name", _("Name"), "name_pinyin", "name", is_sorted=True, is_default=True),
        ListColumn("no", _("Customer number"), "customer_no", is_sorted=True),
        ListColumn("uscc", _("Credit code"), "uscc"),
        ListColumn(
            "industry",
            _("Industry"),
            "industry__name_zh",
            is_default=True,
            is_on_phone=False,
        ),
        ListColumn(
            "size",
            _("Size"),
            "portrait__size_class",
            "choice",
            is_default=True,
            choices=tuple(Customer.SizeClass.choices),
        ),
        ListColumn(
            "relation",
            _("Relation"),
            "relation_state",
            "relation",
            is_default=True,
            is_on_phone=False,
            choices=tuple(Customer.RelationState.choices),
        ),
        ListColumn(
            "manager", _("Manager"), "manager__full_name", is_default=True, is_on_phone=False
        ),
        ListColumn("branch", _("Unit"), "branch__name"),
        ListColumn("region", _("Region"), "region__full_name_zh"),
        ListColumn("legal_rep", _("Legal representative"), "legal_rep_name"),
        ListColumn("since", _("Customer since"), "customer_since", "date"),
        ListColumn("capital", _("Registered capital"), "registered_capital_amount", "money"),
        ListColumn("created", _("Added"), "created_at", "date", is_sorted=True),
        ListColumn("changed", _("Last changed"), "updated_at", "date", is_sorted=True),
    ),
)


FEATURE_PREFIX = "f."
STANDING = ("stage", "tier", "inflow_month_12m", "loan_balance", "completeness")  # shown at first
KINDS = {
    Unit.YUAN: "money",
    Unit.RATIO: "percent",
    Unit.CHANGE: "change",
    Unit.DATE: "date",
    Unit.FLAG: "flag",
    Unit.CODE: "choice",
    Unit.CODES: "codes",
    Unit.TEXT: "text",
}
TONED = {"stage": "stage", "tier": "tier", "completeness": "level", "freshness": "level"}


def feature_column(spec: ColumnSpec) -> ListColumn:
    """The list column that shows a portrait column."""
    return ListColumn(
        key=f"{FEATURE_PREFIX}{spec.key}",
        label=spec.label,
        path=f"portrait__{spec.key}",
        kind=TONED.get(spec.key) or KINDS.get(spec.unit, "number"),
        is_sorted=spec.unit != Unit.CODES,
        is_nullable=True,
        is_default=spec.key in STANDING,
        is_on_phone=spec.key != "inflow_month_12m",
        choices=spec.choices,
        is_sensitive=spec.data_class == "C2",
    )


def list_column(key: str) -> ListColumn | None:
    """The column of this key, or None; ``f.`` stands before the key of a portrait column."""
    if key.startswith(FEATURE_PREFIX):
        spec = COLUMNS.get(key.removeprefix(FEATURE_PREFIX))
        return feature_column(spec) if spec is not None else None
    return LIST_COLUMNS.get(key)


def usual_columns() -> list[ListColumn]:
    """What a list shows when nothing was chosen: who, what, how far along, how much."""
    standing = [column for key in STANDING if (column := list_column(f"{FEATURE_PREFIX}{key}"))]
    own = [column for column in LIST_COLUMNS if column.is_default]
    return [*own[:-1], *standing, own[-1]]
