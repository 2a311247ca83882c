"""The PDF of a quote: Chinese text from an embedded font, nothing from outside, or a sentence."""

import os
import re
import subprocess
import sys
import zlib

import pytest

from products.services import pdf
from products.services.pdf import BASE, PdfMissing, missing_for_pdf, own_static_file, pdf_of
from tests.factories import make_customer, make_user
from tests.products.quoted import quoted

CAN = missing_for_pdf() == ""
needs_pdf = pytest.mark.skipif(not CAN, reason="no Pango or no Chinese font on this machine")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
TO_UNICODE = re.compile(rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>\s*$", re.MULTILINE)


def streams(content: bytes) -> list[bytes]:
    """The content of every stream, unpacked."""
    found = []
    for match in STREAM.finditer(content):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def characters(content: bytes) -> set[str]:
    """Every character that the fonts of the PDF map their glyphs to."""
    found: set[str] = set()
    for stream in streams(content):
        if b"beginbfchar" in stream or b"beginbfrange" in stream:
            for hexa in TO_UNICODE.findall(stream):
                found |= set(bytes.fromhex(hexa.decode()).decode("utf-16-be"))
    return found


@pytest.fixture
def quote():
    rm = make_user("rm")
    return quoted(make_customer(rm, name="嘉禾五金店"), by=rm)


@needs_pdf
def test_the_pdf_holds_the_chinese_words_on_one_page(client, quote):
    client.force_login(quote.made_by)

    answer = client.get(f"{quote.get_absolute_url()}pdf/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert set("嘉禾五金店报价单每一项您都可以不办") <= characters(answer.content)
    told = b"\n".join([answer.content, *streams(answer.content)])
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", told)) == 1
    assert b"/FontFile" in told  # embedded: it reads the same on every machine


@needs_pdf
def test_what_a_page_asks_for_outside_is_left_out(monkeypatch):
    def refused(*_arguments, **_options):
        raise AssertionError("nothing may be asked outside")

    monkeypatch.setattr("socket.socket.connect", refused)
    for address in ("https://example.org/a.css", "file:///etc/passwd", "/static/../manage.py"):
        html = f'<html><head><link rel="stylesheet" href="{address}"></head><p>报价</p></html>'

        assert set("报价") <= characters(pdf_of(html))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/static/css/tokens.css",
        "file:///etc/passwd",
        f"{BASE}/media/secret.pdf",
        f"{BASE}/static/../manage.py",
        f"{BASE}/static/css/nothing.css",
    ],
)
def test_only_our_own_static_files_are_served(address):
    with pytest.raises(ValueError):
        own_static_file(address)


def test_our_stylesheet_is_served_with_its_type():
    content, kind = own_static_file(f"{BASE}/static/css/print-quote.css")

    assert b"@page" in content
    assert kind == "text/css"


def test_without_a_chinese_font_a_sentence_names_it(client, quote, monkeypatch):
    monkeypatch.setattr(pdf, "has_chinese_font", lambda: False)
    client.force_login(quote.made_by)

    answer = client.get(f"{quote.get_absolute_url()}pdf/")
    page = client.get(quote.get_absolute_url()).content.decode()

    assert answer.status_code == 503
    assert "fonts-noto-cjk" in answer.content.decode()
    assert "请在浏览器中打印本页" in page
    assert "/pdf/" not in page
    assert client.get(f"{quote.get_absolute_url()}sheet/").status_code == 200


def test_without_the_library_a_sentence_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # import fails as where it is missing

    assert "WeasyPrint" in missing_for_pdf()
    with pytest.raises(PdfMissing) as refused:
        pdf_of("<p>报价</p>")
    assert refused.value.status == 503


def test_without_pango_the_sentence_names_the_library(monkeypatch):
    class NoPango:
        """A finder under which WeasyPrint cannot load its system library."""

        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [one for one in sys.modules if one.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])

    assert "libpango-1.0-0" in missing_for_pdf()


def test_the_product_starts_without_loading_the_library():
    code = (
        "import django, sys; django.setup();"
        "import products.urls.bundles; print('weasyprint' in sys.modules)"
    )

    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )

    assert told.stdout.strip().endswith("False")
