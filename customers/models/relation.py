"""How customers hang together: control, guarantee, family, and trade along a chain."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models.base import CustomerOwned, Imported, Quality, Source, amount, ratio
from customers.models.ledger_past import KeptPast


class Relation(CustomerOwned, Imported):
    """One link between two customers; read from ``customer`` to ``other``."""

    class Kind(models.TextChoices):
        CONTROLS = "controls", _("Controls")
        SHAREHOLDER = "shareholder", _("Shareholder of")
        GUARANTEES = "guarantees", _("Guarantees")
        FAMILY = "family", _("Family")
        LEGAL_REP = "legal_rep", _("Legal representative of")
        SAME_ADDRESS = "same_address", _("Same address")

    other = models.ForeignKey("customers.Customer", models.CASCADE, related_name="relations_in")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    share = ratio(_("share"), null=True, blank=True)
    amount = amount(_("amount"), null=True, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)

    class Meta:
        ordering = ("customer", "kind", "other")
        verbose_name = _("relation")
        constraints = (
            models.UniqueConstraint(fields=("customer", "other", "kind"), name="relation_once"),
            models.CheckConstraint(condition=~Q(customer=F("other")), name="relation_not_to_self"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.other_id}"


class ChainMap(models.Model):
    """A supply chain around a core enterprise or a cluster."""

    data_classes = {"*": "C1"}

    key = models.CharField(_("key"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    core_customer = models.ForeignKey(
        "customers.Customer", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    core_name = models.CharField(_("core enterprise"), max_length=120, blank=True)
    industry = models.ForeignKey("core.IndustryCode", models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("chain")

    def __str__(self) -> str:
        return self.name


class ChainLink(CustomerOwned, Imported):
    """A supplier or buyer of the customer, as told or as the invoices show."""

    class Side(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        BUYER = "buyer", _("Buyer")

    class Position(models.TextChoices):
        UPSTREAM = "upstream", _("Upstream")
        MIDSTREAM = "midstream", _("Midstream")
        DOWNSTREAM = "downstream", _("Downstream")
        MIXED = "mixed", _("Mixed")

    chain = models.ForeignKey(ChainMap, models.SET_NULL, null=True, blank=True)
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    counterparty_name = models.CharField(_("counterparty"), max_length=120)
    counterparty = models.ForeignKey(
        "customers.Customer", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.CharField(
        _("position in the chain"), max_length=10, choices=Position.choices, blank=True
    )
    goods = models.CharField(_("goods"), max_length=80, blank=True)
    yearly_amount = amount(_("yearly amount"), null=True, blank=True)
    share = ratio(_("share"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("years of trade"), null=True, blank=True)
    has_contract = models.BooleanField(_("written contract"), null=True, blank=True)
    term_days = models.PositiveSmallIntegerField(_("days of credit"), null=True, blank=True)
    is_core = models.BooleanField(_("core enterprise"), default=False)
    replaceable = models.PositiveSmallIntegerField(_("replaceable 1-5"), null=True, blank=True)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    quality = models.CharField(_("quality"), max_length=10, choices=Quality.choices)
    said_by = models.CharField(
        _("who said it"), max_length=60, blank=True, default="", db_default=""
    )
    proof = models.CharField(
        _("what proves it"), max_length=200, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ("customer", "side", "-yearly_amount")
        verbose_name = _("chain link")
        triggers = (audited(exclude=("version",)), KeptPast())
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "side", "counterparty_name"), name="chain_link_once"
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gte=0, share__lte=1),
                name="chain_link_share_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.side} {self.counterparty_name}"
