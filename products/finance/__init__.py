"""Exact repayment schedules and the all-in yearly cost."""
