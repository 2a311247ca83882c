"""Settings read from the environment, loud when wrong: one sentence, the variable and its value."""

import base64
import binascii
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable, or the default; without a default it must be set."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment; see .env.example.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A yes or no: 1/true/yes/on or 0/false/no/off."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}.")
    return raw.strip().lower() in _TRUE


def number(name: str, default: int, *, low: int = 0, high: int = 2**31) -> int:
    """A whole number between ``low`` and ``high``."""
    raw = os.environ.get(name, "").strip() or str(default)
    if not raw.lstrip("-").isdigit() or not low <= int(raw) <= high:
        raise ImproperlyConfigured(f"{name} must be a number from {low} to {high}, not {raw!r}.")
    return int(raw)


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret(name: str, *, length: int = 32, demo: str = "") -> str:
    """A secret of at least ``length`` characters. ``demo`` stands in only where DEMO=1."""
    value = os.environ.get(name, "").strip() or (demo if flag("DEMO") else "")
    if len(value) < length:
        raise ImproperlyConfigured(f"Set {name} to a secret of at least {length} characters.")
    return value


def keys(name: str, *, demo: str = "") -> dict[str, bytes]:
    """Encryption keys as ``id:base64,id:base64``; the first one encrypts, all of them decrypt."""
    raw = os.environ.get(name, "").strip() or (demo if flag("DEMO") else "")
    found: dict[str, bytes] = {}
    for part in filter(None, raw.split(",")):
        key_id, _, encoded = part.partition(":")
        try:
            found[key_id] = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ImproperlyConfigured(f"{name}: key {key_id!r} is not base64.") from error
        if len(found[key_id]) != 32:
            raise ImproperlyConfigured(f"{name}: key {key_id!r} must be 32 bytes long.")
    if not found:
        raise ImproperlyConfigured(f"Set {name} to id:base64 of 32 random bytes.")
    return found


def database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's database settings from ``postgresql://user:password@host:port/name``."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host/name.")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": str(url.port or options.pop("port", "")),
        "OPTIONS": options,
    }
