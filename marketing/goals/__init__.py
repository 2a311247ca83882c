"""Metrics of the goals (e.9): one SQL definition each, for the figure and for its list alike."""

from marketing.goals.metrics import METRICS
from marketing.goals.spec import Direction, Formula, Metric, Parts, Source

__all__ = ["METRICS", "Direction", "Formula", "Metric", "Parts", "Source"]
