"""Surveys, goals and strategies of the units: few rows, made one by one."""

from __future__ import annotations

from collections import Counter

from marketing.demo.frame import Work


def add_market(_work: Work) -> Counter[str]:
    """Nothing yet."""
    return Counter()
