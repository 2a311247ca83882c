"""Rollups behind the boards: small sums by place, day and figure; they say their age."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet


class BoardSum(models.Model):
    """One figure of one scope number (a manager or unit) in one month or as of one day.

    ``scope_no`` is the number at that time, so that history stays where it was made. ``grain`` is
    ``now`` for stocks (the newest state) or ``month`` for flows (``ym`` counts months). ``cut`` is
    a further split such as ``stage:growth``; empty is the whole.
    """

    scope_no = models.PositiveIntegerField()
    grain = models.CharField(max_length=6)
    ym = models.PositiveIntegerField(default=0)
    figure = models.CharField(_("figure"), max_length=40)
    cut = models.CharField(_("cut"), max_length=60, blank=True)
    count = models.BigIntegerField(_("count"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2, default=0)
    weight = models.FloatField(_("weight"), default=0)  # what an average is divided by

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("board figure")
        constraints = (
            models.UniqueConstraint(
                fields=("scope_no", "grain", "ym", "figure", "cut"), name="board_sum_once"
            ),
        )
        indexes = (models.Index(fields=("figure", "grain", "ym", "scope_no"), name="board_figure"),)

    def __str__(self) -> str:
        return f"{self.scope_no} {self.figure} {self.cut}"


class BoardRun(models.Model):
    """When the figures of the boards were last counted, and up to which day."""

    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-computed_at",)
        verbose_name = _("board run")

    def __str__(self) -> str:
        return f"{self.as_of}"
