"""Rule books are kept once for each content, so that a stored match can be told from its number."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.models import Max

from products.matching.book import Book
from products.models import RuleBook
from products.selectors.book import current_book

NUMBERING = 7_304  # advisory lock: one book is numbered at a time


@transaction.atomic
def keep_book(as_of: date) -> Book:
    """The book of the day, kept; the same content has the same number."""
    book = current_book(as_of)
    number = RuleBook.objects.filter(digest=book.digest).values_list("number", flat=True).first()
    if number is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
        highest = RuleBook.objects.aggregate(top=Max("number"))["top"] or 0
        row, _made = RuleBook.objects.get_or_create(
            digest=book.digest, defaults={"number": highest + 1, "content": book.to_data()}
        )
        number = row.number
    return book.numbered(number, as_of)
