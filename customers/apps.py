from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Who they are and what is known of them: facts, rollups, portraits."""

    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Customers follow their manager's place; nobody leaves without handing them over."""
        from crm.core.services.numbering import follow_scope
        from crm.core.services.org import LEAVING_CHECKS
        from customers import sealed  # noqa: F401  its columns take part in the rotation of keys
        from customers.selectors.customer import left_behind

        follow_scope("customers_customer", manager="manager_id", unit="branch_id")
        LEAVING_CHECKS.append(left_behind)
