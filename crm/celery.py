"""The Celery app. Tasks live in each app's tasks.py; what runs when is in crm/schedule.py."""

import os

from celery import Celery

from crm.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule
app.autodiscover_tasks()
