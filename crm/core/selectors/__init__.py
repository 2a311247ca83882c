"""Nouns of the ground floor."""
