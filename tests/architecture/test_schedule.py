"""What runs by the clock or after an event exists, and may run twice."""

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

from crm.celery import app
from crm.core.jobs import JOB_KINDS
from crm.core.models import AuditEntry, Job
from crm.schedule import SCHEDULE

app.loader.import_default_modules()
FOLLOW_UPS = import_string(settings.FOLLOW_UPS)


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_row_of_the_clock_names_a_task_and_a_time(name):
    task, when, arguments = SCHEDULE[name]

    assert task in app.tasks
    assert isinstance(when, crontab | float | int)
    if task == "core.start":
        assert arguments[0] in JOB_KINDS


@pytest.mark.parametrize("event", FOLLOW_UPS or ["none yet"])
def test_every_follow_up_is_a_kind_of_job(event):
    assert all(kind in JOB_KINDS for kind in FOLLOW_UPS.get(event, ()))


@pytest.mark.parametrize("name", [n for n, t in sorted(app.tasks.items()) if n.startswith("core.")])
def test_every_task_of_the_ground_floor_may_run_twice(name):
    kind = next(iter(JOB_KINDS)).key
    arguments = {"core.start": (kind, "twice")}.get(name, ())

    app.tasks[name](*arguments)
    rows = (Job.objects.count(), AuditEntry.objects.count())
    app.tasks[name](*arguments)

    assert (Job.objects.count(), AuditEntry.objects.count()) == rows
