"""Boxes of care: on the customer page."""
