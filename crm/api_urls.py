"""Mounts each app's api.py under /api/v1/, with the schema and its page; nothing else."""

from importlib import import_module

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from crm.core.access import page
from crm.core.api import SignedIn
from crm.core.roles import Can

router = SimpleRouter()
for app in ("crm.core", "customers", "products", "risk", "marketing"):
    import_module(f"{app}.api").register(router)

schema = SpectacularAPIView.as_view(permission_classes=[SignedIn])
docs = SpectacularSwaggerSplitView.as_view(
    url_name="schema", permission_classes=[SignedIn], template_name="core/api_docs.html"
)

urlpatterns = [
    page("schema/", schema, name="schema", can=Can.USE_SHELL, methods=("GET",)),
    page("docs/", docs, name="docs", can=Can.USE_SHELL, methods=("GET",)),
    path("v1/", include((router.urls, "api"))),
]
