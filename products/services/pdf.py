"""The printed quote as PDF, where the server's libraries and a Chinese font allow it.

WeasyPrint is imported only inside the functions: it loads Pango at import and fails without it.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from functools import lru_cache
from importlib.util import find_spec
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import gettext as _

from crm.core.errors import DomainError

BASE = "https://own.invalid"  # a name that never resolves: every address is answered here
FONT_ASK = ("fc-list", ":lang=zh-cn", "family")
SECONDS = 10


class PdfMissing(DomainError):
    """No PDF on this server; the sentence names what is missing and what to do instead."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("This server makes no PDF: %(what)s. Print the page from the browser instead.")
            % {"what": what},
            status=503,
        )


def missing_for_pdf() -> str:
    """What is missing on this server, as a phrase; empty where PDFs can be made."""
    if (library := _missing_library()) != "":
        return library
    if not has_chinese_font():
        return _no_font()
    return ""


def _no_font() -> str:
    return _("no font with Chinese characters is installed (package fonts-noto-cjk)")


def likely_missing() -> str:
    """The same without loading the library, for pages that only offer the PDF."""
    if find_spec("weasyprint") is None:
        return _("the library WeasyPrint is not installed")
    return "" if has_chinese_font() else _no_font()


def _missing_library() -> str:
    try:
        import weasyprint  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return _("the library WeasyPrint is not installed")
    except OSError as error:  # Pango or another system library cannot be loaded
        return _("a system library is missing (%(error)s)") % {"error": str(error).split("\n")[0]}
    return ""


@lru_cache(maxsize=1)
def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for simplified Chinese."""
    command = shutil.which(FONT_ASK[0])
    if command is None:
        return False
    found = subprocess.run(  # noqa: S603  (a fixed question, nothing of a user in it)
        [command, *FONT_ASK[1:]], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return found.returncode == 0 and bool(found.stdout.strip())


def pdf_of(html: str) -> bytes:
    """The page as PDF, from our own static files only. PdfMissing where it cannot be made."""
    if what := missing_for_pdf():
        raise PdfMissing(what)
    from weasyprint import HTML
    from weasyprint.urls import (  # type: ignore[import-untyped]
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):
        """Answers every address itself; nothing is asked outside."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = own_static_file(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells each step and CSS nicety
    document = HTML(string=html, base_url=BASE, url_fetcher=OwnFiles())
    content: bytes = document.write_pdf()
    return content


def own_static_file(url: str) -> tuple[bytes, str]:
    """Content and type of one of our static files; ValueError for any other address."""
    parts = urlsplit(url)
    prefix = urlsplit(settings.STATIC_URL).path
    is_ours = f"{parts.scheme}://{parts.netloc}" == BASE and parts.path.startswith(prefix)
    name = parts.path.removeprefix(prefix)
    if not is_ours or ".." in name.split("/"):
        raise ValueError(f"Nothing is loaded from outside: {url}")
    path = _file(name)
    if path is None:
        raise ValueError(f"No such static file: {name}")
    return path.read_bytes(), guess_type(name)[0] or "application/octet-stream"


def _file(name: str) -> Path | None:
    """The collected file, or the one in the source tree."""
    collected = Path(staticfiles_storage.path(name)) if settings.STATIC_ROOT else None
    if collected is not None and collected.is_file():
        return collected
    found = finders.find(name)
    return Path(found) if found else None
