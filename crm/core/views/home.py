"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render_page(request, "core/home.html", None, {})
