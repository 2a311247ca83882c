from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Who they are and what is known of them: facts, rollups, portraits."""

    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Customers follow their manager's place when the tree of units is numbered anew."""
        from crm.core.services.numbering import follow_scope

        follow_scope("customers_customer", manager="manager_id", unit="branch_id")
