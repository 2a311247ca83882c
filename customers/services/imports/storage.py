"""Uploaded files: stored under random names, readable by the server only, gone after their time."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from customers.imports.readers import BadFile

PIECE = 1 << 20


@dataclass(frozen=True)
class Stored:
    """A file as it was stored."""

    path: str  # below MEDIA_ROOT
    sha256: str
    size: int


def store(pieces: Iterable[bytes]) -> Stored:
    """The pieces are one file below MEDIA_ROOT; nothing is left when they are too many."""
    relative = f"imports/{timezone.localdate():%Y-%m}/{secrets.token_hex(16)}"
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > settings.IMPORT_MAX_BYTES:
                    raise BadFile("too_big", most=settings.IMPORT_MAX_BYTES >> 20)
                digest.update(piece)
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Stored(relative, digest.hexdigest(), size)


def pieces_of(path: Path) -> Iterable[bytes]:
    """A file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def stored_path(relative: str) -> Path:
    """Where a stored file is; BadFile when it was deleted."""
    path = Path(settings.MEDIA_ROOT) / relative
    if not relative or not path.is_file():
        raise BadFile("file_gone")
    return path


def remove(relative: str) -> None:
    """The stored file is gone."""
    if relative:
        (Path(settings.MEDIA_ROOT) / relative).unlink(missing_ok=True)
