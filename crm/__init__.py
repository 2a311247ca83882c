"""惠客 CRM: the roof. The Celery app is made with Django, so that tasks find their broker."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
