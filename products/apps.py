from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """What the bank and its peers offer."""

    name = "products"
    verbose_name = _("Products")
