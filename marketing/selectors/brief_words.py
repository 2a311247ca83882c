"""Values a fact may take, and offers, as they stand in the sentences of the brief."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.core.models import IndustryCode
from customers.features.spec import FeatureSpec, Unit
from customers.selectors.portrait_words import say
from marketing.planning.asking import Piece
from products.matching.book import Book
from products.selectors.match_words import Words

NAMED = 3  # offers or codes in one sentence


def offer_names(book: Book, numbers: Sequence[int]) -> str:
    """The names of some offers of a book, three at most."""
    names = list(dict.fromkeys(book.offers[no].name for no in numbers))
    told = _(", ").join(names[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        told += ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}
    return told


def condition(words: Words, feature: FeatureSpec, piece: Piece) -> str:
    """The piece of values as it follows the name of the fact: 不低于 300 万元."""
    if piece.low is None and piece.high is None:
        return _codes_told(words, feature, piece)

    if piece.low is not None and piece.low == piece.high:
        return _("is exactly %(value)s") % {"value": _plain(feature, piece.low)}
    if piece.high is None:
        text = _("is %(low)s or more") if piece.holds_low else _("is above %(low)s")
        return text % {"low": _plain(feature, piece.low)}
    if piece.low is None:
        text = _("is %(high)s or less") if piece.holds_high else _("is below %(high)s")
        return text % {"high": _plain(feature, piece.high)}
    return _("is between %(low)s and %(high)s") % {
        "low": _plain(feature, piece.low),
        "high": _plain(feature, piece.high),
    }


def _plain(feature: FeatureSpec, value: Any) -> str:
    """A bound of a rule: a term of a product, so nobody's secret."""
    return say(feature, int(value) if float(value).is_integer() else value)


def _codes_told(words: Words, feature: FeatureSpec, piece: Piece) -> str:
    if feature.unit == Unit.FLAG:
        return _("is “yes”") if "true" in piece.codes else _("is “no”")
    if not piece.codes:
        return _("names none of them") if feature.unit == Unit.CODES else _("is known")
    if feature.key == "industry_code":
        names = industry_names(get_language() or "")
        told = list(dict.fromkeys(names.get(code, code) for code in piece.codes))
        return _("is one of %(codes)s") % {"codes": _(", ").join(told[:NAMED])}
    return _("is %(codes)s") % {"codes": words.codes(feature.key, piece.codes[:NAMED])}


@lru_cache(maxsize=4)
def industry_names(language: str) -> dict[str, str]:
    """The names of industries down to their divisions; read once in a process."""
    name = "name_en" if language.startswith("en") else "name_zh"
    return dict(IndustryCode.objects.filter(level__lte=2).values_list("pk", name))
