"""What a unit of the bank concentrates on in a year: approved above, read by matching."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited


class UnitFocus(models.Model):
    """Whom and what a unit is after; units below without one of their own share it."""

    unit = models.ForeignKey("core.Branch", models.PROTECT, related_name="focuses")
    year = models.PositiveSmallIntegerField(_("year"))
    industries = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    groups = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    families = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    territories = ArrayField(models.BigIntegerField(), default=list, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("unit", "year")
        verbose_name = _("focus of a unit")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(fields=("unit", "year"), name="unit_focus_once_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"
