"""What browsers load is ours, pinned, whole, and within the content policy."""

import hashlib
import json
import re
from pathlib import Path

import pytest

APPS = ("crm", "customers", "products", "risk", "marketing")
ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static/vendor"
LISTED = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN = sorted([*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")])
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)


def markup(path):
    return COMMENT.sub("", path.read_text("utf-8"))


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("row", LISTED, ids=lambda row: f"{row['file']}-{row['name']}")
def test_a_vendored_file_is_the_one_that_was_listed(row):
    content = (VENDOR / row["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert row["version"] and row["licence"]
    assert (VENDOR / row["text"]).stat().st_size > 300


def test_nothing_else_lies_in_the_vendor_folder():
    known = {row[key] for row in LISTED for key in ("file", "text")} | {"VENDOR.json"}

    assert {path.name for path in VENDOR.iterdir()} == known


def test_versions_are_those_of_the_lock():
    lock = json.loads((ROOT / "tools/vendor/package-lock.json").read_text("utf-8"))["packages"]

    listed = {row["name"]: row["version"] for row in LISTED}

    assert listed == {part: lock[f"node_modules/{part}"]["version"] for part in listed}


def test_the_lock_names_no_download_address():
    text = (ROOT / "tools/vendor/package-lock.json").read_text("utf-8")

    assert "resolved" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style_or_script(path):
    html = TAG.sub("", markup(path))

    assert not re.search(r"\sstyle\s*=", html)
    assert "<style" not in html
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", html)
    assert not re.search(r"\bhx-on\b|javascript:", html)
    for tag in re.findall(r"<script[^>]*>", html):
        assert "src=" in tag or 'type="application/json"' in tag, tag


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN], ids=name)
def test_nothing_is_loaded_from_outside(path):
    text = markup(path)

    found = re.findall(
        r"(?:src|href|action|url\(|import|fetch\()\s*=?\s*[\"'(]?(?:https?:)?//[^\s\"')]+", text
    )

    assert found == []


def test_every_static_file_a_template_names_exists():
    named = {
        (found, name(path))
        for path in TEMPLATES
        for found in re.findall(r"{% static ['\"]([^'\"]+)['\"]", markup(path))
        + re.findall(r"[\"']/static/([^\"']+)", markup(path))
    }

    assert [pair for pair in named if not (ROOT / "static" / pair[0]).exists()] == []


def test_every_icon_in_use_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text("utf-8")))
    tag = re.compile(
        r"{% icon ['\"]([\w-]+)['\"]|\bicon=['\"]([\w-]+)['\"]"
        r"|icon_button [^%]*?['\"]\)? ['\"]([\w-]+)['\"]"
    )
    sources = [*TEMPLATES, *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]

    missing = {
        (icon, name(path))
        for path in sources
        for groups in tag.findall(markup(path))
        for icon in groups
        if icon and icon not in sprite
    }

    assert missing == set()


@pytest.mark.parametrize("path", [path for path in OWN if path.name != "tokens.css"], ids=name)
def test_colours_stand_in_the_tokens_only(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    printed = re.sub(r"@media print {.*", "", text, flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-])(?=[;\s,)\"'])|rgba?\(|hsla?\(", printed) == []


@pytest.mark.parametrize("path", OWN, ids=name)
def test_our_style_sheets_and_scripts_stay_readable(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_classes_used_in_components_are_styled():
    css = "".join(path.read_text("utf-8") for path in OWN if path.suffix == ".css")
    css += (VENDOR / "tabler.min.css").read_text("utf-8")
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    used = {
        (word, name(path))
        for path in (ROOT / "templates/components").glob("*.html")
        for value in re.findall(r'class="([^"]*)"', TAG.sub(" ", markup(path)))
        for word in value.split()
        if not word.endswith("--") and re.fullmatch(r"[a-z][\w-]*", word)
    }

    assert {pair for pair in used if pair[0] not in styled} == set()
