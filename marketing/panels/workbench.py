"""Boxes of the workbench: what stands beside the queue."""
