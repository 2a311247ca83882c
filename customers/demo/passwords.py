"""Passwords that are worth nothing outside the demo."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemoPasswordHasher(PBKDF2PasswordHasher):
    """First among the hashers in the demo only; elsewhere its hashes are of an unknown kind."""

    algorithm = "demo_pbkdf2_sha256"
    iterations = 100_000
