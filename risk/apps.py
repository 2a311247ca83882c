from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RiskConfig(AppConfig):
    """What may go wrong."""

    name = "risk"
    verbose_name = _("Risk")
