"""The PDF of a quote: Chinese text from an embedded font, nothing from outside, or a sentence."""

import io
import os
import subprocess
import sys

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from products.services import pdf
from products.services.pdf import BASE, PdfMissing, missing_for_pdf, own_static_file, pdf_of
from tests.factories import make_customer, make_user
from tests.products.quoted import quoted

CAN = missing_for_pdf() == ""
needs_pdf = pytest.mark.skipif(not CAN, reason="no Pango or no Chinese font on this machine")


def read(content: bytes) -> PdfReader:
    """The PDF as any reader opens it."""
    return PdfReader(io.BytesIO(content), strict=True)


def words(reader: PdfReader) -> str:
    """The text of every page without its line breaks, as a reader copies it."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def fonts(page: PageObject) -> list[DictionaryObject]:
    """What describes each font of a page; it names the font's own file where that is embedded."""
    named = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    glyphs = [font["/DescendantFonts"][0].get_object() for font in named]
    return [one["/FontDescriptor"].get_object() for one in glyphs]


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
    reader = read(answer.content)
    (page,) = reader.pages
    for phrase in ("嘉禾五金店", "报价单", "每一项您都可以不办"):
        assert phrase in words(reader)
    assert fonts(page)
    for font in fonts(page):  # embedded: it reads the same on every machine
        assert {"/FontFile2", "/FontFile3"} & set(font)


@needs_pdf
def test_what_a_page_asks_for_outside_is_left_out(monkeypatch):
    def refused(*_arguments, **_options):
        raise AssertionError("nothing may be asked outside")

    monkeypatch.setattr("socket.socket.connect", refused)
    for address in ("https://example.org/a.css", "file:///etc/passwd", "/static/../manage.py"):
        html = f'<html><head><link rel="stylesheet" href="{address}"></head><p>报价</p></html>'

        assert "报价" in words(read(pdf_of(html)))


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
