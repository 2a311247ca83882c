from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketingConfig(AppConfig):
    """What the manager does next."""

    name = "marketing"
    verbose_name = _("Marketing")
