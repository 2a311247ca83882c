"""Rows of the ledger as they stood before they were changed: what a past day knew."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.base import CustomerOwned


class KeptPast(pgtrigger.Trigger):
    """Keeps the row as it stood when a newer word replaces it or it goes, whatever wrote it.

    Put right under its own day, or taken back to an earlier one, it was never otherwise.
    """

    when = pgtrigger.After
    operation = pgtrigger.Update | pgtrigger.Delete
    declare = [("gone", "date")]

    def __init__(self) -> None:
        super().__init__(name="kept_past")

    def get_func(self, model: type[models.Model]) -> str:
        """The body of the trigger for this table."""
        return f"""
            IF TG_OP = 'DELETE' THEN
                gone := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
            ELSE
                gone := NEW.as_of;
            END IF;
            IF gone > OLD.as_of THEN
                INSERT INTO customers_ledgerpast
                    (customer_id, "table", row_id, as_of, until, before)
                VALUES (OLD.customer_id, '{model._meta.db_table}', OLD.id, OLD.as_of, gone,
                    to_jsonb(OLD));
            END IF;
            RETURN NULL;
        """


class LedgerPast(CustomerOwned):
    """A supplier, purchase or settlement as it stood from ``as_of`` until ``until``.

    Of a fact it says until when it counted; the fact itself keeps its row.
    """

    table = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    as_of = models.DateField(_("as of"))
    until = models.DateField(_("held until"))
    before = models.JSONField()  # all its columns; of a fact, that it counted

    customer = models.ForeignKey(  # no check: a customer that goes is not held back
        "customers.Customer",
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        ordering = ("customer", "table", "row_id", "as_of")
        verbose_name = _("row of the ledger as it stood")
        constraints = (
            models.CheckConstraint(condition=Q(until__gt=F("as_of")), name="ledger_past_held"),
        )
        indexes = (
            models.Index(fields=("customer", "table", "row_id"), name="ledger_past_customer"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.as_of}"
