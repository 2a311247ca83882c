"""Who may have a version: clauses as data, and the weights by which fitting ones are ranked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from products.models.guards import FrozenPart
from products.models.product import ProductVersion


class EligibilityRule(models.Model):
    """One hard rule of a version; ``condition`` is a tree of crm.core.conditions over the portrait.

    The rule passes, fails with the figure it met, or cannot be told for want of a fact.
    """

    version = models.ForeignKey(ProductVersion, models.CASCADE, related_name="rules")
    seq = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=32)
    text_zh = models.CharField(_("Chinese sentence"), max_length=160)
    text_en = models.CharField(_("English sentence"), max_length=200, blank=True)
    remedy_zh = models.CharField(_("what would change it"), max_length=160, blank=True)
    remedy_en = models.CharField(_("what would change it, English"), max_length=200, blank=True)
    condition = models.JSONField(_("condition"))

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("version", "seq")
        verbose_name = _("eligibility rule")
        triggers = (audited(), FrozenPart())
        constraints = (
            models.UniqueConstraint(fields=("version", "code"), name="rule_code_once"),
            models.UniqueConstraint(fields=("version", "seq"), name="rule_seq_once"),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.code}"

    @property
    def text(self) -> str:
        """The sentence in the language at hand."""
        is_english = (get_language() or "").startswith("en")
        return (self.text_en or self.text_zh) if is_english else self.text_zh

    @property
    def remedy(self) -> str:
        """What would change the answer, in the language at hand; "" where nothing does."""
        is_english = (get_language() or "").startswith("en")
        return (self.remedy_en or self.remedy_zh) if is_english else self.remedy_zh


class MatchWeights(models.Model):
    """How much each part of the score counts (d.4 step 2); a changed weight is a new row."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")
        REJECTED = "rejected", _("Rejected")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    need = models.PositiveSmallIntegerField(_("need"), default=30)
    segment = models.PositiveSmallIntegerField(_("customer group"), default=20)
    repayment = models.PositiveSmallIntegerField(_("repayment"), default=15)
    guarantee = models.PositiveSmallIntegerField(_("guarantee"), default=10)
    price = models.PositiveSmallIntegerField(_("price"), default=10)
    speed = models.PositiveSmallIntegerField(_("speed"), default=5)
    channel = models.PositiveSmallIntegerField(_("channel"), default=5)
    strategy = models.PositiveSmallIntegerField(_("branch strategy"), default=5)
    limited_industry = models.PositiveSmallIntegerField(_("limited industry"), default=15)
    amber_warning = models.PositiveSmallIntegerField(_("amber warning"), default=10)
    note = models.CharField(_("why"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-version",)
        verbose_name = _("match weights")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="active"), name="weights_one_active"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="weights_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(
                    need=100
                    - F("segment")
                    - F("repayment")
                    - F("guarantee")
                    - F("price")
                    - F("speed")
                    - F("channel")
                    - F("strategy")
                ),
                name="weights_sum_to_100",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"
