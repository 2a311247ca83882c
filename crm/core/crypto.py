"""Sensitive identifiers at rest: AES-256-GCM with a key id, found again by a keyed hash.

The place of a value (``table.column:pk``) is authenticated with it, so a value copied to another
row or column does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was not encrypted for this place, or its key is gone."""


def place(table: str, column: str, pk: object) -> str:
    """Where a value belongs, as its associated data."""
    return f"{table}.{column}:{pk}"


def encrypt(plain: str, *, where: str) -> str:
    """``key id:base64``, with the newest key, for this place only."""
    key_id = next(iter(settings.FIELD_KEYS))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(settings.FIELD_KEYS[key_id]).encrypt(nonce, plain.encode(), where.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, where: str) -> str:
    """The plain value; CannotOpen when it was made for another place or with a lost key."""
    key_id, _, encoded = stored.partition(":")
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        raise CannotOpen(key_id)
    raw = base64.b64decode(encoded)
    try:
        plain = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], where.encode())
    except InvalidTag as error:
        raise CannotOpen(where) from error
    return plain.decode()


def is_current(stored: str) -> bool:
    """Whether the value is encrypted with the newest key."""
    return stored.partition(":")[0] == next(iter(settings.FIELD_KEYS))


def keyed_hash(plain: str, *, kind: str) -> str:
    """The same 64 hex digits for the same value and kind: exact search without opening rows."""
    message = f"{kind}:{plain.strip().upper()}".encode()
    return hmac.new(settings.HASH_KEY, message, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values are encrypted for their row; ``rotate_keys`` walks all of them."""

    table: str
    column: str


SEALED: list[SealedColumn] = []


def sealed_column(table: str, column: str) -> None:
    """The column holds values made by ``encrypt(..., where=place(table, column, pk))``."""
    if SealedColumn(table, column) not in SEALED:
        SEALED.append(SealedColumn(table, column))


def rotate(column: SealedColumn, *, batch: int = 1000) -> int:
    """Every value of the column is encrypted with the newest key; returns how many changed."""
    changed, after = 0, 0
    read = (
        f'SELECT id, "{column.column}" FROM "{column.table}" '
        f'WHERE id > %s AND "{column.column}" IS NOT NULL ORDER BY id LIMIT %s'
    )
    write = f'UPDATE "{column.table}" SET "{column.column}" = %s WHERE id = %s'
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{read} FOR NO KEY UPDATE", [after, batch])
            rows = cursor.fetchall()
            for pk, stored in rows:
                text = stored if isinstance(stored, str) else bytes(stored).decode()
                if text and not is_current(text):
                    where = place(column.table, column.column, pk)
                    fresh = encrypt(decrypt(text, where=where), where=where)
                    value = fresh if isinstance(stored, str) else fresh.encode()
                    cursor.execute(write, [value, pk])
                    changed += 1
        if not rows:
            return changed
        after = rows[-1][0]
