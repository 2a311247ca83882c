"""Background work of this app; importing it makes its kinds of job known."""

from marketing.tasks import pipeline  # noqa: F401

from marketing.tasks import visits  # noqa: F401
