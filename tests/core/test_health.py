"""Alive, and able to serve."""

import pytest


def test_the_process_answers(client):
    assert client.get("/healthz").content == b"ok"


def test_ready_when_database_broker_disk_and_migrations_are_in_order(client):
    response = client.get("/readyz")

    assert response.json() == {
        "database": "ok", "broker": "ok", "disk": "ok", "migrations": "ok",
    }  # fmt: skip
    assert response.status_code == 200


def test_not_ready_without_the_broker(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "away"


def test_not_ready_when_a_migration_is_missing(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="core").order_by("-name").first().delete()

    assert client.get("/readyz").json()["migrations"] == "missing"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_costs_no_session(client, path):
    assert not client.get(path).cookies
