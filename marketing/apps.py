from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketingConfig(AppConfig):
    """What the manager does next."""

    name = "marketing"
    verbose_name = _("Marketing")

    def ready(self) -> None:
        """The files of this app are among those that can be imported."""
        from customers.imports import KINDS
        from customers.services.imports.prepare import prepared_by
        from customers.services.imports.undo import taken_back_by
        from marketing.imports import COORDINATION_LIST
        from marketing.services.coordination_import import prepare_items
        from marketing.services.coordination_undo import take_back_prospects

        KINDS.add(COORDINATION_LIST)
        prepared_by(COORDINATION_LIST.key, prepare_items)
        taken_back_by(COORDINATION_LIST.key, take_back_prospects)
