"""Routes of the ground floor."""

from django.utils.translation import gettext_lazy as _

from crm.core.access import page, public_page
from crm.core.roles import Can
from crm.core.views import health, home

app_name = "core"
urlpatterns = [
    public_page("healthz", health.healthz, name="healthz"),
    public_page("readyz", health.readyz, name="readyz"),
    page("", home.home, name="home", can=Can.USE_SHELL, menu=_("Workbench"), icon="home"),
]
