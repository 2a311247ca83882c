"""Every default of the rules as a dated, versioned row; a changed rule is a new row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.words import Text

UNITS: dict[str, Text] = {
    "yuan": _("yuan"),
    "day": _("days"),
    "month": _("months"),
    "year": _("years"),
    "period": _("periods"),
    "count": _("times"),
    "row": _("rows"),
    "%": "%",
    "bp": "bp",
    "ratio": _("ratio"),
    "mu": _("mu"),
    "head": _("head"),
    "person": _("persons"),
    "persons": _("persons"),
    "point": _("points"),
    "points": _("points"),
    "score": _("points"),
    "unit": "",
    "scale": _("steps"),
    "date": _("date"),
    "time": _("time"),
    "text": _("text"),
}


class RuleParameter(models.Model):
    """The value of one key from one day on. Maker and checker are two people."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        REJECTED = "rejected", _("Rejected")

    class Mark(models.TextChoices):
        VERIFIED = "V", _("Checked against the rule")
        PARTLY = "V-", _("Partly checked")
        RECALLED = "~", _("To be checked by the bank")
        PROJECT = "project", _("Project default")

    key = models.CharField(_("key"), max_length=60)
    value = models.CharField(_("value"), max_length=200)  # text; read by parameters.number() etc.
    unit = models.CharField(_("unit"), max_length=20)
    title_zh = models.CharField(max_length=80, blank=True)
    title_en = models.CharField(max_length=80, blank=True)
    effective_from = models.DateField(_("effective from"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    version = models.PositiveIntegerField(_("version"))
    source = models.CharField(_("source"), max_length=120)
    mark = models.CharField(_("mark"), max_length=8, choices=Mark.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("key", "-effective_from", "-version")
        verbose_name = _("parameter")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="parameter_version_once"),
            models.UniqueConstraint(
                fields=("key", "effective_from"),
                condition=Q(state="active"),
                name="parameter_one_active_value_a_day",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="parameter_maker_is_not_checker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def title(self) -> str:
        """The name in the language at hand."""
        names = (self.title_en, self.title_zh)
        here, there = names if (get_language() or "").startswith("en") else names[::-1]
        return here or there or self.key

    @property
    def unit_label(self) -> Text:
        """The unit in words."""
        return UNITS.get(self.unit, self.unit)
