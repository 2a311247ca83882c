"""The customer, its encrypted identifiers and its contacts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned, Imported, amount

# What lists filter on stands in the indexes they walk, so that they never open the wide rows.
LISTED = ("relation_state", "party_type", "registry_status", "manager", "industry")


class NamePieces(Func):
    """Every character and pair of characters of a name (database function, immutable)."""

    function = "name_pieces"
    arity = 1


class Customer(Imported):
    """A firm or person the bank knows, prospect or holder; most other tables hang from this row."""

    data_classes = {"*": "C1", "address": "C0"}  # a business address is public

    class PartyType(models.TextChoices):
        COMPANY = "company", _("Company")
        PARTNERSHIP = "partnership_sole_prop", _("Partnership or sole proprietorship")
        SOLE_TRADER = "sole_trader", _("Sole trader")
        COOP = "coop", _("Cooperative")
        FARM_HOUSEHOLD = "farm_household", _("Farm household")
        OWNER = "owner_person", _("Business owner")
        INDIVIDUAL = "individual", _("Individual")

    class SizeClass(models.TextChoices):
        LARGE = "large", _("Large")
        MEDIUM = "medium", _("Medium")
        SMALL = "small", _("Small")
        MICRO = "micro", _("Micro")
        UNKNOWN = "unknown", _("Unknown")

    class RelationState(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        EXISTING = "existing", _("Existing")
        DORMANT = "dormant", _("Dormant")
        LOST = "lost", _("Lost")

    class RegistryStatus(models.TextChoices):
        ACTIVE = "active", _("Operating")
        ABNORMAL = "abnormal", _("On the abnormal-operation list")
        REVOKED = "revoked", _("Licence revoked")
        CANCELLED = "cancelled", _("Deregistered")
        MOVED = "moved", _("Moved out")
        UNKNOWN = "unknown", _("Unknown")

    customer_no = models.CharField(_("customer number"), max_length=32, unique=True)
    party_type = models.CharField(_("party type"), max_length=24, choices=PartyType.choices)
    name = models.CharField(_("name"), max_length=120)
    name_pinyin = models.CharField(  # Chinese order without ICU
        max_length=400, editable=False, db_collation="C"
    )
    name_initials = models.CharField(max_length=120, editable=False, db_collation="C")
    name_pieces = models.GeneratedField(
        expression=NamePieces("name"),
        output_field=ArrayField(models.CharField(max_length=2)),
        db_persist=True,
    )
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    is_uscc_odd = models.BooleanField(_("code fails its check"), default=False)
    legal_rep_name = models.CharField(_("legal representative"), max_length=40, blank=True)
    registry_status = models.CharField(
        _("registry status"),
        max_length=10,
        choices=RegistryStatus.choices,
        default=RegistryStatus.UNKNOWN,
    )
    registry_kind = models.CharField(_("registered kind"), max_length=60, blank=True)
    industry = models.ForeignKey(
        "core.IndustryCode", models.PROTECT, null=True, blank=True, verbose_name=_("industry")
    )
    trade = models.ForeignKey(
        "core.TradeProfile", models.PROTECT, null=True, blank=True, verbose_name=_("trade")
    )
    region = models.ForeignKey(
        "core.RegionCode", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    address = models.CharField(_("operating address"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    founded_on = models.DateField(_("in business since"), null=True, blank=True)
    registered_capital_amount = amount(_("registered capital"), null=True, blank=True)
    size_class = models.CharField(
        _("size"), max_length=8, choices=SizeClass.choices, default=SizeClass.UNKNOWN
    )
    size_reasons = models.JSONField(default=list, editable=False)
    relation_state = models.CharField(
        _("relation"),
        max_length=10,
        choices=RelationState.choices,
        default=RelationState.PROSPECT,
    )
    customer_since = models.DateField(_("customer since"), null=True, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("relationship manager"),
    )
    branch = models.ForeignKey(
        "core.Branch", models.PROTECT, related_name="customers", verbose_name=_("branch")
    )
    scope_no = models.PositiveIntegerField(editable=False)  # the manager's place, else the unit's
    is_do_not_contact = models.BooleanField(_("do not contact"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")

    class Meta:
        ordering = ("name_pinyin", "pk")
        verbose_name = _("customer")
        triggers = (
            audited(
                exclude=(
                    "name_pieces",
                    "name_pinyin",
                    "name_initials",
                    "scope_no",
                    "version",
                    "updated_by",
                )
            ),
        )
        indexes = (
            models.Index(fields=("scope_no", "id"), name="customer_scope", include=LISTED),
            models.Index(
                fields=("name_pinyin", "id"),
                name="customer_pinyin",
                include=("scope_no", *LISTED),
            ),
            models.Index(fields=("name_initials",), name="customer_initials"),
            models.Index(
                fields=("uscc",), name="customer_uscc_start", opclasses=("varchar_pattern_ops",)
            ),
            models.Index(fields=("updated_at", "id"), name="customer_updated"),
            models.Index(fields=("created_at", "id"), name="customer_created"),
            GinIndex(fields=("name_pieces",), name="customer_pieces"),
            GinIndex(NamePieces("name_initials"), name="customer_initial_pieces"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("uscc",), condition=~Q(uscc=""), name="customer_uscc_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:detail", args=[self.pk])


class CustomerIdentifier(CustomerOwned):
    """A sensitive number: encrypted for reading, hashed with a key for exact search."""

    class Kind(models.TextChoices):
        CITIZEN_NO = "citizen_no", _("Citizen number")
        ACCOUNT_NO = "account_no", _("Account number")
        CARD_NO = "card_no", _("Card number")
        OTHER_NO = "other_no", _("Other number")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    ciphertext = models.BinaryField()  # crm.core.crypto, "customers_customeridentifier.ciphertext"
    digest = models.BinaryField(max_length=32)
    last4 = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("customer", "kind", "pk")
        verbose_name = _("identifier")
        triggers = (audited(),)
        indexes = (models.Index(fields=("digest",), name="identifier_digest"),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "digest"), name="identifier_once_a_customer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ····{self.last4}"


class Contact(CustomerOwned, Imported):
    """A person to talk to at the customer; the mobile number is encrypted."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        LEGAL_REP = "legal_rep", _("Legal representative")
        FINANCE = "finance", _("Finance")
        FAMILY = "family", _("Family member in the business")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=40)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    mobile_ciphertext = models.BinaryField(null=True)
    mobile_digest = models.BinaryField(max_length=32, null=True)
    mobile_last4 = models.CharField(max_length=4, blank=True)
    mobile_masked = models.CharField(max_length=11, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    customer: Any = models.ForeignKey(
        Customer, models.CASCADE, db_index=False, related_name="contacts"
    )

    class Meta:
        ordering = ("-is_decision_maker", "pk")
        verbose_name = _("contact")
        triggers = (audited(),)
        indexes = (
            models.Index(fields=("mobile_digest",), name="contact_mobile_digest"),
            models.Index(fields=("mobile_last4",), name="contact_mobile_last4"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "name", "role"), name="contact_once_a_customer"
            ),
        )

    def __str__(self) -> str:
        return self.name
