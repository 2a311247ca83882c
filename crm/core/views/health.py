"""Whether the process lives, and whether it can serve."""

import shutil

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

LEAST_FREE_BYTES = 200 * 1024 * 1024


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, broker, migrations and disk are in order; 503 and the culprit otherwise."""
    found = {
        "database": _database(),
        "broker": _broker(),
        "disk": _disk(),
    }
    found["migrations"] = _migrations() if found["database"] == "ok" else "unknown"
    healthy = set(found.values()) == {"ok"}
    return JsonResponse(found, status=200 if healthy else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return "away"
    return "ok"


def _disk() -> str:
    path = settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR
    return "ok" if shutil.disk_usage(path).free > LEAST_FREE_BYTES else "full"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"
