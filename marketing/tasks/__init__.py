"""Background work of this app; importing it makes its kinds of job known."""

from marketing.tasks import board, care, goals, market, pipeline, plan, quality, visits  # noqa: F401  imported to register
