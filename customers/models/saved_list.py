"""Lists a user keeps: columns as last chosen, and named views with their filters."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedList(models.Model):
    """A view of the customer list under a name; the nameless one holds the chosen columns."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_lists", db_index=False
    )
    name = models.CharField(_("name"), max_length=30, blank=True)
    query = models.CharField(max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    updated_at = models.DateTimeField(auto_now=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("name",)
        verbose_name = _("saved list")
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="saved_list_name_once"),
        )

    def __str__(self) -> str:
        return self.name
