"""Background work of this app; importing it makes its kinds of job known."""

from customers.tasks import export, imports, ledger, portrait  # noqa: F401  imported to register
