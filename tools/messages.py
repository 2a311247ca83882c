"""The message catalogue: extract, fill in, check and compile, without GNU gettext on the machine.

``python -m tools.messages check`` fails when a message has no Chinese text, is stale, or has
other placeholders than its English id. ``fill FILE.json`` merges {"English id": "中文"}.
"""

import fcntl
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "crm/locale/zh_Hans/LC_MESSAGES/django.po"
APPS = ("crm", "customers", "products", "risk", "marketing")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every Python file of the apps and every template, the latter as Python."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = templatize(path.read_text("utf-8"), origin=str(path))
        flat = re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE)  # HTML indents
        yield path, re.sub(r"\bu(?=['\"])", "", flat).encode()


def extracted() -> Catalog:
    """The ids used in code and templates, without places: places make every diff a conflict."""
    found = Catalog()
    for path, body in sources():
        try:
            rows = list(extract_python(io.BytesIO(body), KEYWORDS, [], {"encoding": "utf-8"}))
        except SyntaxError as error:
            raise SystemExit(f"{path}: {error}") from error
        for _line, name, arguments, _comments in rows:
            texts = [a for a in (arguments if isinstance(arguments, tuple) else (arguments,)) if a]
            if not texts or not isinstance(texts[0], str):
                continue
            if name.startswith("pgettext"):
                found.add(texts[1], context=texts[0])
            elif name.startswith("ngettext") and len(texts) > 1:
                found.add((texts[0], texts[1]))
            else:
                found.add(texts[0])
    return found


def load() -> Catalog:
    """The catalogue on disk."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def save(catalogue: Catalog) -> None:
    """Write the catalogue, sorted, without places or dates."""
    catalogue.fuzzy = False
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, sort_output=True, omit_header=False, include_previous=False)
    lines = CATALOGUE.read_text("utf-8").splitlines(keepends=True)
    kept = (line for line in lines if not re.match(r'"(POT|PO)-(Creation|Revision)-Date', line))
    CATALOGUE.write_text("".join(kept), "utf-8")


@contextmanager
def locked() -> Iterator[None]:
    """Only one process at a time changes the catalogue."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with (CATALOGUE.parent / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def merged(texts: dict[str, str]) -> Catalog:
    """What is used now, with the texts known so far and the new ones."""
    old, used = load(), extracted()
    result = Catalog(locale="zh_Hans")
    for message in used:
        if not message.id:
            continue
        key = _key(message)
        text = texts.get(key) or _text(old.get(key, context=message.context))
        is_plural = isinstance(message.id, tuple)
        result.add(message.id, (text,) if is_plural else text, context=message.context)
    for message in old:  # filled in ahead of the code that uses them, by somebody else
        if message.id and message.string and not result.get(_key(message), message.context):
            result.add(message.id, message.string, context=message.context)
    for key, text in texts.items():
        if not result.get(key):
            result.add(key, text)
    return result


def _key(message: Message) -> str:
    """The id, of a plural the singular one."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    return str(key)


def _text(message: Message | None) -> str:
    """The Chinese text; Chinese has one form for all numbers."""
    found = message.string if message else ""
    return str(found[0] if isinstance(found, tuple | list) else found or "")


def problems() -> list[str]:
    """What keeps the catalogue from being complete, a line each."""
    catalogue, used = load(), extracted()
    found = []
    for message in used:
        if not message.id:
            continue
        text = _text(catalogue.get(_key(message), context=message.context))
        if not text:
            found.append(f"no Chinese text: {_key(message)!r}")
        elif sorted(set(PLACEHOLDER.findall(_key(message)))) != sorted(
            set(PLACEHOLDER.findall(text))
        ) and not isinstance(message.id, tuple):
            found.append(f"other placeholders: {_key(message)!r} -> {text!r}")
    for message in catalogue:
        if message.id and not used.get(_key(message), context=message.context):
            found.append(f"no longer used: {_key(message)!r}")
    return found


def main(arguments: list[str]) -> int:
    """Run one of: check, missing, fill FILE, prune, compile."""
    command, *rest = arguments or ["check"]
    if command in {"check", "missing"}:
        lines = problems()
        if command == "missing":
            lines = [line for line in lines if line.startswith("no Chinese")]
        print("\n".join(lines) or "The message catalogue is complete.")
        return 1 if lines else 0
    with locked():
        if command == "fill":
            save(merged(json.loads(Path(rest[0]).read_text("utf-8"))))
        elif command == "prune":
            catalogue, used = merged({}), extracted()
            for message in list(catalogue):
                if message.id and not used.get(_key(message), context=message.context):
                    catalogue.delete(_key(message), context=message.context)
            save(catalogue)
        elif command != "compile":
            raise SystemExit(f"Unknown command {command!r}.")
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, load())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
