"""Stages of the pipelines and what must be shown to pass them (e.6)."""
