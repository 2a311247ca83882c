"""How a customer's name is written for sorting and searching: full pinyin and its initials."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import get_language

PINYIN_LENGTH = 400
INITIALS_LENGTH = 120
_KEPT = re.compile(r"[a-z0-9]+")


def pinyin_of(name: str) -> tuple[str, str]:
    """``hengfengjinmi`` and ``hfjm`` for 恒丰精密: the columns name_pinyin and name_initials."""
    syllables = [_kept(syllable) for piece in _pieces(name) for syllable in _spoken(piece)]
    full = "".join(syllables)
    initials = "".join(syllable[:1] if syllable.isalpha() else syllable for syllable in syllables)
    return full[:PINYIN_LENGTH], initials[:INITIALS_LENGTH]


def name_columns(name: str) -> dict[str, str]:
    """The three columns of ``Customer`` that hold a name."""
    clean = clean_name(name)
    pinyin, initials = pinyin_of(clean)
    return {"name": clean, "name_pinyin": pinyin, "name_initials": initials}


def clean_name(name: str) -> str:
    """The name as it is stored: full-width letters and brackets made plain, blanks single."""
    plain = unicodedata.normalize("NFKC", name)
    return " ".join(plain.replace("(", "（").replace(")", "）").split())


def squeezed(text: str) -> str:
    """The text as ``name_pieces`` cuts it: lower case, no blanks."""
    return re.sub(r"\s", "", text.lower())


def pieces_of(text: str) -> list[str]:
    """The pieces a name must hold to contain ``text``: its pairs, or its only character."""
    plain = squeezed(text)
    if len(plain) < 2:
        return [plain] if plain else []
    return sorted({plain[place : place + 2] for place in range(len(plain) - 1)})


def _pieces(name: str) -> list[str]:
    """Runs of Chinese characters, and single letters and digits between them."""
    plain = unicodedata.normalize("NFKC", name).lower()
    return re.findall(r"[㐀-鿿]+|[a-z0-9]", plain)


def _kept(syllable: str) -> str:
    return "".join(_KEPT.findall(syllable))


@lru_cache(maxsize=20_000)
def _spoken(piece: str) -> tuple[str, ...]:
    """The syllables of one run; phrases decide how a character with two readings is read."""
    if not piece.isascii():
        from pypinyin import Style, lazy_pinyin  # its dictionary takes long to load

        return tuple(lazy_pinyin(piece, style=Style.NORMAL, v_to_u=False))
    return (piece,)


def in_own_language(chinese: str, english: str) -> str:
    """The name in the reader's language; Chinese where there is no English one."""
    speaks_chinese = (get_language() or "zh").startswith("zh")
    return chinese if speaks_chinese or not english else english
