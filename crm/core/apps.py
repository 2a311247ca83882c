from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The ground floor: people, rights, jobs, audit. It knows nothing of banking."""

    name = "crm.core"
    label = "core"
    verbose_name = _("Ground floor")

    def ready(self) -> None:
        """The checks are registered, and every app's panels and job kinds are known."""
        from django.utils.module_loading import autodiscover_modules

        from crm.core import checks  # noqa: F401

        autodiscover_modules("panels", "tasks")
