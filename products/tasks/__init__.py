"""Background work of this app; importing it makes its kinds of job known."""

from products.tasks import catalogue, grid, matching, propensity, suggestions, weights  # noqa: F401  imported to register
