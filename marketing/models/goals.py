"""What the goals count: a row a loan with what its metrics ask, sums by scope number (e.9)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet
from customers.models import Loan
from customers.models.base import CustomerOwned, amount


class GoalLoan(CustomerOwned):
    """One loan as the goals see it on the day of the count; figures and their lists read it."""

    loan = models.OneToOneField(Loan, models.CASCADE, primary_key=True, related_name="+")
    scope_no = models.PositiveIntegerField(editable=False)
    total_credit = amount(_("total credit of the customer"))
    balance = amount(_("balance"))
    base_balance = amount(_("balance at the last year's end"))
    base_credit = amount(_("total credit at the last year's end"), db_default=0)
    base_scope_no = models.PositiveIntegerField(editable=False, db_default=0)  # whose it was then
    base_is_small = models.BooleanField(db_default=False)  # as the cohort of that day holds it
    is_business = models.BooleanField()  # neither a consumer loan nor a discounted bill
    is_small = models.BooleanField()  # small or micro firm, sole trader, owner of one
    is_sole_trader = models.BooleanField()
    is_farm_household = models.BooleanField()
    is_farm_related = models.BooleanField()
    is_manufacturing = models.BooleanField()
    is_sci_tech = models.BooleanField()
    is_new_citizen = models.BooleanField()

    class Meta:
        verbose_name = _("loan in the goals")
        indexes = (
            models.Index(fields=("scope_no",), name="goal_loan_scope"),
            models.Index(fields=("customer",), name="goal_loan_customer"),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}"


class GoalCohort(CustomerOwned):
    """What a borrower was on a year's end, as it was first counted; growth is measured from it.

    Never changed: who is classified anew later, or handed over, leaves the base as it was.
    """

    on = models.DateField(_("as of"))
    is_small = models.BooleanField()

    class Meta:
        verbose_name = _("borrower at a year's end")
        constraints = (models.UniqueConstraint(fields=("customer", "on"), name="goal_cohort_once"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"


class GoalSum(models.Model):
    """The parts of one metric for one scope number: they add up over units, ratios do not."""

    scope_no = models.PositiveIntegerField()
    metric = models.CharField(_("metric"), max_length=32)
    caliber = models.CharField(_("caliber"), max_length=32, blank=True)
    period_from = models.DateField(_("from"))
    rows = models.PositiveIntegerField(_("rows that count"))
    top = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    bottom = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    whole_top = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    whole_bottom = models.DecimalField(max_digits=24, decimal_places=4, default=0)

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("figure of a goal")
        constraints = (
            models.UniqueConstraint(
                fields=("metric", "caliber", "period_from", "scope_no"), name="goal_sum_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.scope_no}"


class GoalRun(models.Model):
    """When the goals were last counted, up to which day, under which parameters."""

    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))
    parameters = models.CharField(_("parameters"), max_length=12)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-computed_at",)
        verbose_name = _("count of the goals")

    def __str__(self) -> str:
        return f"{self.as_of}"
