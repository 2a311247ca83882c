"""Rollups behind the boards: where everybody stood and when, small sums by place and month.

Numbers of the tree are given anew whenever it changes, so nothing here hangs on them: a place is a
person and the units above at that time, by their keys. ``docs/boards.md`` says how it fits.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OrgSpan(models.Model):
    """From when until when a person sat in a unit, or a unit hung below another.

    Written by triggers on both tables, so that bulk changes count too; the first span of each has
    no beginning, the open one no end.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        UNIT = "unit", _("Unit")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    ref = models.BigIntegerField()
    above = models.BigIntegerField(null=True)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("kind", "ref", "from_at")
        verbose_name = _("place in the tree")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "ref"), condition=Q(until_at=None), name="org_span_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} ∈ {self.above}"


class BoardPlace(models.Model):
    """A manager, or nobody, under a chain of units from the head office down; never changed."""

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    path = ArrayField(models.BigIntegerField())

    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("place of a board")
        constraints = (
            models.UniqueConstraint(
                fields=("manager", "path"), name="board_place_once", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.path}/{self.manager_id}"


class BoardSeat(models.Model):
    """Where a manager sat from when until when: what the manager did then counts there."""

    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.ForeignKey(BoardPlace, models.CASCADE, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("seat of a manager")

    def __str__(self) -> str:
        return f"{self.manager_id} {self.from_at}"


class BoardCharge(models.Model):
    """Whose a customer was from when until when: what the customer did then counts there."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    place = models.ForeignKey(
        BoardPlace, models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("charge of a customer")
        indexes = (models.Index(fields=("customer", "from_at"), name="board_charge_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.from_at}"


class BoardCustomer(models.Model):
    """What the filters of the board know of a customer, as of the last full count."""

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    place = models.ForeignKey(BoardPlace, models.CASCADE, db_constraint=False, related_name="+")
    section = models.CharField(max_length=1, blank=True)
    groups = ArrayField(models.CharField(max_length=24), default=list)
    families = ArrayField(models.CharField(max_length=24), default=list)
    territories = ArrayField(models.BigIntegerField(), default=list)

    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("customer of a board")

    def __str__(self) -> str:
        return f"{self.customer_id}"


class BoardCell(models.Model):
    """Sums of one population at one place, in one month (``ym`` 0: now), under one cut.

    A cell with ``is_fine`` also holds the filters: sets are kept as sets, so a customer of two
    groups lies in one cell and is counted once. ``sums`` are whole numbers (fen, days, rows), so
    that they add up exactly; their order is that of ``marketing.boards``. ``spread`` counts rows
    by days or months, for medians and distinct customers. A cell with ``unit`` and no place is what
    all places that ever hung below that unit add up to: a whole board is read from few rows. With
    ``narrow`` it is what one filter set to ``value`` leaves of it.
    """

    population = models.CharField(max_length=16)
    is_fine = models.BooleanField()
    ym = models.PositiveIntegerField()
    place = models.ForeignKey(
        BoardPlace, models.CASCADE, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    unit = models.BigIntegerField(null=True)
    narrow = models.CharField(max_length=12, db_default="", default="", blank=True)
    value = models.CharField(max_length=32, db_default="", default="", blank=True)
    cut = models.CharField(max_length=60, blank=True)
    section = models.CharField(max_length=1, blank=True)
    groups = ArrayField(models.CharField(max_length=24), default=list)
    families = ArrayField(models.CharField(max_length=24), default=list)
    territories = ArrayField(models.BigIntegerField(), default=list)
    mode = models.CharField(max_length=12, blank=True)
    sums = ArrayField(models.FloatField())
    spread = ArrayField(models.IntegerField(), null=True)

    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("board figure")
        indexes = (
            models.Index(fields=("population", "is_fine", "ym", "place"), name="board_cell_read"),
            models.Index(
                fields=("unit", "population", "narrow", "value", "ym"),
                condition=Q(unit__isnull=False),
                name="board_cell_unit",
            ),
            GinIndex(  # a territory has few cells, in many places
                fields=("territories", "ym"), condition=Q(is_fine=True), name="board_cell_territory"
            ),
        )

    def __str__(self) -> str:
        return f"{self.population} {self.place_id} {self.ym} {self.cut}"


class BoardRun(models.Model):
    """When the figures of the boards were last counted, and up to which day."""

    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))
    is_full = models.BooleanField(default=True)  # else only now, this month and the one before
    cells = models.PositiveIntegerField(default=0)
    wide = ArrayField(models.BigIntegerField(), default=list)  # units with cells for each filter

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-computed_at",)
        verbose_name = _("board run")

    def __str__(self) -> str:
        return f"{self.as_of}"
