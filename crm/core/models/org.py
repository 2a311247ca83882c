"""The tree of units, the people in it, and who stands in for whom."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.roles import ROLES, Can, Reach, Role
from crm.core.scope import WHOLE_BANK


class Branch(models.Model):
    """A unit of the bank. Its interval of numbers covers its people and every unit below it."""

    class Level(models.TextChoices):
        HEAD_OFFICE = "head_office", _("Head office")
        REGION = "region", _("Regional branch")
        BRANCH = "branch", _("Branch")
        TEAM = "team", _("Team")

    code = models.CharField(_("unit code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("unit above"),
    )
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    scope_lo = models.PositiveIntegerField(default=0, editable=False)
    scope_hi = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("scope_lo", "pk")
        verbose_name = _("unit")
        triggers = (audited(exclude=("scope_lo", "scope_hi")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(scope_lo__lte=F("scope_hi")), name="branch_interval_not_empty"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:branch", args=[self.pk])

    def is_whole_bank(self) -> bool:
        """Whether every unit hangs below this one; a query only for a unit below no other."""
        if self.parent_id is not None:
            return False
        return not Branch.objects.filter(parent=None).exclude(pk=self.pk).exists()


class UserManager(BaseUserManager["User"]):
    """Makes users; a password of None cannot sign in."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """The new user, saved."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff with exactly one role, in one unit."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(_("user name"), max_length=40, unique=True)
    full_name = models.CharField(_("staff name"), max_length=40)
    employee_no = models.CharField(_("employee number"), max_length=20, blank=True)
    role = models.CharField(
        _("role"), max_length=16, choices=[(key, role.label) for key, role in ROLES.items()]
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="people", verbose_name=_("unit")
    )
    scope_no = models.PositiveIntegerField(default=0, db_index=True, editable=False)
    phone = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    joined_on = models.DateField(_("in post since"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)  # after a reset, before anything else
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UserManager()
    data_classes = {"*": "C1", "phone": "C2", "email": "C2", "password": "C2"}

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        ordering = ("scope_no", "pk")
        verbose_name = _("user")
        triggers = (audited(exclude=("last_login", "scope_no", "theme", "language")),)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("core:user", args=[self.pk])

    @property
    def duty(self) -> Role:
        """The user's role with its abilities."""
        return ROLES[self.role]

    def can(self, ability: Can) -> bool:
        """Whether the role has this ability."""
        return self.is_active and ability in self.duty.can

    def reach(self, on: date | None = None) -> list[tuple[int, int]]:
        """The intervals of numbers this user sees, stand-in included; asked once per request."""
        if on is None and "_reach" in self.__dict__:
            kept: list[tuple[int, int]] = self.__dict__["_reach"]
            return kept
        found = self._own_reach()
        if found:
            day = on or timezone.localdate()
            covers = self.covers_taken.filter(during__contains=day, approved_by__isnull=False)
            for cover in covers.select_related("absent"):
                found.extend(cover.absent._own_reach())
        if on is None:
            self.__dict__["_reach"] = found
        return found

    def _own_reach(self) -> list[tuple[int, int]]:
        if not self.is_active or self.duty.reach == Reach.NONE:
            return []
        if self.duty.reach == Reach.OWN:
            return [(self.scope_no, self.scope_no)]
        if self.duty.reach == Reach.BANK:
            return [WHOLE_BANK]
        if self.branch.is_whole_bank():
            return [WHOLE_BANK]
        return [(self.branch.scope_lo, self.branch.scope_hi)]


class Cover(models.Model):
    """One colleague stands in for another for a while (ROL-2); it ends by itself."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="covers_given")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="covers_taken")
    during = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=120)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-created_at", "pk")
        verbose_name = _("stand-in")
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(absent=F("stand_in")), name="cover_is_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("stand_in")),
                name="cover_not_approved_by_stand_in",
            ),
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False, during__endswith__isnull=False),
                name="cover_has_an_end",
            ),
            ExclusionConstraint(
                name="cover_one_stand_in_at_a_time",
                expressions=[("absent", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        return f"{self.stand_in} ← {self.absent}"

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        end: date = self.during.upper
        return end - timedelta(days=1)
