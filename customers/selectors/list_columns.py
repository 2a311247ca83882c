"""What a customer list can show, one ``ListColumn`` each: where the value is and how it sorts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.models import Customer
from customers.selectors.keyset import Order


@dataclass(frozen=True)
class ListColumn:
    """One column. ``kind`` says how a cell is written; without ``is_sorted`` it cannot be sorted."""

    key: str
    label: Text
    path: str
    kind: str = "text"
    is_sorted: bool = False
    is_nullable: bool = False
    is_default: bool = False
    choices: tuple[tuple[str, Text], ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether cells stand at the right."""
        return self.kind in {"money", "number", "percent", "change", "score", "bar"}

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
            "industry",
            is_default=True,
        ),
        ListColumn(
            "size",
            _("Size"),
            "size_class",
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
            choices=tuple(Customer.RelationState.choices),
        ),
        ListColumn("manager", _("Manager"), "manager__full_name", is_default=True),
        ListColumn("branch", _("Unit"), "branch__name"),
        ListColumn("region", _("Region"), "region__full_name_zh"),
        ListColumn("legal_rep", _("Legal representative"), "legal_rep_name"),
        ListColumn("since", _("Customer since"), "customer_since", "date"),
        ListColumn("capital", _("Registered capital"), "registered_capital_amount", "money"),
        ListColumn("created", _("Added"), "created_at", "date", is_sorted=True),
        ListColumn("changed", _("Last changed"), "updated_at", "date", is_sorted=True),
    ),
)
