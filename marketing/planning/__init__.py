"""Whom to visit when: frequency by tier and risk, balanced days, a short route."""
