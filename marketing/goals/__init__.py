"""Regulatory goals: metrics and the customers that count (e.9)."""
