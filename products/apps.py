from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """What the bank and its peers offer."""

    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        """The files of this app are among those that can be imported."""
        from customers.imports import KINDS
        from customers.services.imports.prepare import prepared_by
        from products.imports import COMPETITOR_PRODUCTS
        from products.services.competitor_import import prepare_products

        KINDS.add(COMPETITOR_PRODUCTS)
        prepared_by(COMPETITOR_PRODUCTS.key, prepare_products)
