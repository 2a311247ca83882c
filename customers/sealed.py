"""Sensitive numbers of a customer: sealed for their row, found by keyed hash, opened for a reader.

The row's key is part of the seal, so a row gets its key (``next_keys``) before it is written.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from crm.core.crypto import decrypt, encrypt, keyed_hash, place, sealed_column
from crm.core.identifiers import tidy
from crm.core.masking import mask_mobile
from customers.models import Contact, CustomerIdentifier

sealed_column(Contact._meta.db_table, "mobile_ciphertext")
sealed_column(CustomerIdentifier._meta.db_table, "ciphertext")


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """So many fresh keys of this table's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def mobile_digest(mobile: str) -> bytes:
    """What a mobile number is searched by."""
    return bytes.fromhex(keyed_hash(tidy(mobile), kind="mobile"))


def mobile_columns(mobile: str, *, pk: int) -> dict[str, Any]:
    """The four columns of ``Contact`` that hold a mobile number; all empty without one."""
    plain = tidy(mobile)
    if not plain:
        empty = {"mobile_ciphertext": None, "mobile_digest": None}
        return {**empty, "mobile_last4": "", "mobile_masked": ""}
    where = place(Contact._meta.db_table, "mobile_ciphertext", pk)
    return {
        "mobile_ciphertext": encrypt(plain, where=where).encode(),
        "mobile_digest": mobile_digest(plain),
        "mobile_last4": plain[-4:],
        "mobile_masked": mask_mobile(plain),
    }


def open_mobile(contact: Contact) -> str:
    """The mobile number in full; the caller has logged why."""
    if not contact.mobile_ciphertext:
        return ""
    where = place(Contact._meta.db_table, "mobile_ciphertext", contact.pk)
    return decrypt(bytes(contact.mobile_ciphertext).decode(), where=where)


def identifier_digest(kind: str, value: str) -> bytes:
    """What an identifier of this kind is searched by."""
    return bytes.fromhex(keyed_hash(tidy(value), kind=kind))


def identifier_columns(kind: str, value: str, *, pk: int) -> dict[str, Any]:
    """The columns of ``CustomerIdentifier`` that hold the number."""
    plain = tidy(value)
    where = place(CustomerIdentifier._meta.db_table, "ciphertext", pk)
    return {
        "ciphertext": encrypt(plain, where=where).encode(),
        "digest": identifier_digest(kind, plain),
        "last4": plain[-4:],
    }


def open_identifier(identifier: CustomerIdentifier) -> str:
    """The number in full; the caller has logged why."""
    where = place(CustomerIdentifier._meta.db_table, "ciphertext", identifier.pk)
    return decrypt(bytes(identifier.ciphertext).decode(), where=where)
