"""What a customer agreed to, for which purpose, and until when (spec i, PIPL)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models.base import CustomerOwned, Imported


class ConsentTemplate(models.Model):
    """A wording with its version, the purposes and the kinds of data it covers."""

    data_classes = {"*": "C1"}

    key = models.CharField(_("key"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("wording"))
    purposes = ArrayField(models.CharField(max_length=24), verbose_name=_("purposes"))
    data_kinds = ArrayField(models.CharField(max_length=24), verbose_name=_("kinds of data"))
    is_separate = models.BooleanField(_("separate consent"), default=False)

    class Meta:
        ordering = ("key", "-version")
        verbose_name = _("consent wording")
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="consent_template_once"),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(CustomerOwned, Imported):
    """The customer agreed, with proof; withdrawal stops new processing at once (DAT-1)."""

    template = models.ForeignKey(ConsentTemplate, models.PROTECT, related_name="+")
    person_name = models.CharField(_("signed by"), max_length=40)
    channel = models.CharField(_("channel"), max_length=16)
    evidence_sha256 = models.CharField(_("proof"), max_length=64, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        ordering = ("-from_on",)
        verbose_name = _("consent")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "template", "from_on"), name="consent_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.from_on}"
