"""How the customer buys and settles (spec c, category 3), and how full its ledger is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned, Imported, Quality, Source, amount, ratio
from customers.models.ledger_past import KeptPast


class Told(models.Model):
    """Who said it, what proves it, as of when; ``ended_on``: it holds no more from that day.

    One row a thing: what holds again is the same row, not a second one.
    """

    as_of = models.DateField(_("as of"))
    ended_on = models.DateField(_("held until"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=16, choices=Source.choices, default=Source.VISIT
    )
    quality = models.CharField(
        _("quality"), max_length=10, choices=Quality.choices, default=Quality.DECLARED
    )
    said_by = models.CharField(
        _("who said it"), max_length=60, blank=True, default="", db_default=""
    )
    proof = models.CharField(
        _("what proves it"), max_length=200, blank=True, default="", db_default=""
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True


class ProcureMode(CustomerOwned, Imported, Told):
    """How one item is bought: in which manner, how much at a time, how often, at what price."""

    class Mode(models.TextChoices):
        SPOT = "spot", _("Spot")
        CONTRACT = "contract", _("Yearly contract")
        PREPAY = "prepay", _("Paid in advance")
        CONSIGNMENT = "consignment", _("On consignment")
        PLATFORM = "platform", _("Platform")
        GROUP_BUY = "group_buy", _("Group purchase")

    class PriceTerm(models.TextChoices):
        FIXED = "fixed", _("Fixed price")
        MARKET = "market", _("Price of the day")
        STEPPED = "stepped", _("Rebate by volume")
        OPEN = "open", _("Settled afterwards")

    item = models.CharField(_("item"), max_length=80)
    mode = models.CharField(_("manner of purchase"), max_length=12, choices=Mode.choices)
    batch_amount = amount(_("amount of one purchase"), null=True, blank=True)
    every_days = models.PositiveSmallIntegerField(
        _("days between purchases"), null=True, blank=True
    )
    price_term = models.CharField(
        _("price term"), max_length=8, choices=PriceTerm.choices, blank=True, default=""
    )

    class Meta:
        ordering = ("customer", "item", "mode")
        verbose_name = _("manner of purchase")
        triggers = (audited(exclude=("version",)), KeptPast())
        constraints = (
            models.UniqueConstraint(fields=("customer", "item", "mode"), name="procure_mode_once"),
            models.CheckConstraint(
                condition=Q(every_days=None) | Q(every_days__gte=1),
                name="procure_mode_some_days_apart",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("as_of")),
                name="procure_mode_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.item}"


class SettleMode(CustomerOwned, Imported, Told):
    """How money comes in or goes out: manner, share of that direction, days, through whom."""

    class Direction(models.TextChoices):
        IN = "in", _("Received from buyers")
        OUT = "out", _("Paid to suppliers")

    class Mode(models.TextChoices):
        CASH = "cash", _("Cash")
        TRANSFER = "transfer", _("Transfer")
        QR = "qr", _("QR code")
        BILL = "bill", _("Bill")
        PLATFORM = "platform", _("Platform")
        CREDIT = "credit", _("On credit")

    class Bank(models.TextChoices):
        OURS = "ours", _("Through us")
        OTHER = "other", _("Through another bank")
        NONE = "none", _("Through no bank")

    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    mode = models.CharField(_("manner of payment"), max_length=8, choices=Mode.choices)
    share = ratio(_("share"))
    term_days = models.PositiveSmallIntegerField(_("days of credit"), default=0, db_default=0)
    bank = models.CharField(_("bank used"), max_length=5, choices=Bank.choices)

    class Meta:
        ordering = ("customer", "direction", "-share")
        verbose_name = _("manner of settlement")
        triggers = (audited(exclude=("version",)), KeptPast())
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "direction", "mode", "bank"), name="settle_mode_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="settle_mode_share_of_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("as_of")),
                name="settle_mode_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.direction} {self.mode}"


class LedgerCover(models.Model):
    """How full the seven categories of a customer are, in percent, and when last checked.

    Written with the customer's portrait; ``customers.selectors.ledger.coverage`` says the same
    from the facts themselves. A category that is not asked of this customer is NULL.
    """

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="ledger_cover",
    )
    share_1 = models.SmallIntegerField(null=True)
    share_2 = models.SmallIntegerField(null=True)
    share_3 = models.SmallIntegerField(null=True)
    share_4 = models.SmallIntegerField(null=True)
    share_5 = models.SmallIntegerField(null=True)
    share_6 = models.SmallIntegerField(null=True)
    share_7 = models.SmallIntegerField(null=True)
    on_1 = models.DateField(null=True)
    on_2 = models.DateField(null=True)
    on_3 = models.DateField(null=True)
    on_4 = models.DateField(null=True)
    on_5 = models.DateField(null=True)
    on_6 = models.DateField(null=True)
    on_7 = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("fullness of the ledger")

    def __str__(self) -> str:
        return f"{self.customer_id}"


class GradeReturn(models.Model):
    """What borrowers of one risk grade brought for what they owe, bank-wide, as of a run."""

    as_of = models.DateField(_("as of"))
    grade = models.CharField(_("credit grade"), max_length=8)  # none: not graded
    customers = models.IntegerField(_("customers"))
    balance_amount = amount(_("loan balance"))
    contribution_amount = amount(_("contribution"))

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of", "grade")
        verbose_name = _("return of a risk grade")
        constraints = (
            models.UniqueConstraint(fields=("as_of", "grade"), name="grade_return_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.as_of} {self.grade}"

    @property
    def rate(self) -> float:
        """Contribution / balance."""
        return float(self.contribution_amount / self.balance_amount)
