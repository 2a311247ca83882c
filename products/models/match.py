"""What was matched: the rule book it was matched by, a row a customer, and what managers said."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned
from products.models.product import ProductVersion


class RuleBook(models.Model):
    """All effective versions with rules, weights and policies as they stood; never changed.

    ``content`` is ``products.matching.book.Book.to_data()``: a match is recomputed from it and its
    inputs alone. The same content has the same number.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C0", "digest": "C0"}

    class Meta:
        ordering = ("-number",)
        verbose_name = _("rule book")

    def __str__(self) -> str:
        return f"v{self.number}"


class CustomerMatch(models.Model):
    """The newest match of one customer against every offer; the nightly run replaces the table.

    ``outcomes`` has one letter an offer in the order of the book: y passes, n fails, ? cannot tell.
    """

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="match",
    )
    book_number = models.PositiveIntegerField(_("rule book"))
    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))
    portrait_version = models.IntegerField(_("portrait version"))
    inputs = models.JSONField()  # the facts that rules and score read, by name
    outcomes = models.CharField(max_length=200)
    scores = ArrayField(models.FloatField(null=True), size=None)
    failed = ArrayField(models.PositiveSmallIntegerField())  # rules that said no, by offer
    unknown = ArrayField(models.PositiveSmallIntegerField())  # rules that cannot tell, by offer
    top = ArrayField(models.BigIntegerField())  # version ids, best first: two a family, five in all

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C2"}

    class Meta:
        verbose_name = _("match")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}"

    def get_absolute_url(self) -> str:
        return reverse("products:match", args=[self.customer_id])


class OfferFit(CustomerOwned):
    """One offer that fits a customer, or misses by one rule: what lists and grids count.

    Replaced with ``CustomerMatch``, in the same transaction.
    """

    class Kind(models.TextChoices):
        FITS = "y", _("Fits")
        ALMOST = "a", _("One rule away")
        UNKNOWN = "u", _("One fact missing")

    pk = models.CompositePrimaryKey("customer_id", "version_id")
    version = models.ForeignKey(
        ProductVersion, models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    kind = models.CharField(max_length=1, choices=Kind.choices, db_collation="C")  # sorts fast
    score = models.FloatField(_("score"))
    rule = models.CharField(max_length=32, blank=True)  # the rule or the feature that is in the way

    class Meta:
        verbose_name = _("fit")
        indexes = tuple(  # one a kind: built at every full match, in half the time of one for all
            models.Index(
                fields=("version", "-score", "customer"),
                condition=models.Q(kind=kind),
                name=name,
            )
            for kind, name in (("y", "fit_best"), ("a", "fit_almost"), ("u", "fit_unknown"))
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.version_id} {self.kind}"


class MatchFeedback(CustomerOwned):
    """What a manager said of one matched offer (d.4 step 4); feeds the precision tables."""

    class Answer(models.TextChoices):
        FITS = "fits", _("Fits")
        NOT_NOW = "not_now", _("Not now")
        WRONG = "wrong", _("Does not fit")

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="feedback")
    book_number = models.PositiveIntegerField(_("rule book"))
    score = models.FloatField(_("score"))
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("match feedback")
        triggers = (audited(),)
        constraints = (  # a second answer on the same day replaces the first
            models.UniqueConstraint(
                fields=("customer", "version", "by", "on"), name="feedback_once_a_day"
            ),
        )
        indexes = (models.Index(fields=("on", "version"), name="feedback_by_day"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.version_id} {self.answer}"


class MatchCount(models.Model):
    """How many customers under one scope number fit each offer, by trade, stage and asset style.

    The grid's rollup: one row for each (scope number, dimension, value), counts in book order.
    """

    class Dimension(models.TextChoices):
        INDUSTRY = "industry", _("Industry")
        STAGE = "stage", _("Stage")
        ASSET_STYLE = "asset_style", _("Asset style")

    scope_no = models.PositiveIntegerField()
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    value = models.CharField(max_length=32)
    customers = models.PositiveIntegerField()
    versions = ArrayField(models.BigIntegerField())
    fits = ArrayField(models.PositiveIntegerField())
    score_sums = ArrayField(models.FloatField())

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("match count")
        constraints = (
            models.UniqueConstraint(
                fields=("scope_no", "dimension", "value"), name="match_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope_no} {self.dimension} {self.value}"
