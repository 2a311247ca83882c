"""Figures of the boards: what each counts and the rows behind it."""
