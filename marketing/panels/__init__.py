"""What this app hangs on the floors below: boxes, actions, events; a file for each part."""

from marketing.panels import board, care, market, pipeline, plan, visits, workbench  # noqa: F401  imported to register
