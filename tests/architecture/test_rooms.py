"""Habits of the house that imports alone do not show (front rooms, doors, time)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm/core", "customers", "products", "risk", "marketing")
FRONT = ("views", "api", "rest", "tasks", "panels")
FILES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]


def room(path: Path) -> str:
    """The part of the app a file belongs to: views, services, models ..."""
    inside = path.relative_to(ROOT).parts
    where = inside[2:] if inside[0] == "crm" else inside[1:]
    return where[0].removesuffix(".py")


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def told(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_front_rooms_never_touch_the_tables():
    """They call a selector to read and a service to write. ``.none()`` names a type only."""
    found = [
        told(path, node)
        for path in FILES
        if room(path) in FRONT
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        and node.attr != "none"
    ]

    assert found == []


def test_catalogues_know_no_clock():
    """No ``now()`` in features, signals, queue or boards: ``as_of`` is an argument.

    ``localdate(a_time)`` reads the day of a time, not the clock.
    """
    catalogues = {
        "features", "matching", "early_warning", "modes", "cross_check", "ledger", "market",
        "queue", "care", "pipeline", "planning", "goals", "boards",
    }  # fmt: skip
    found = [
        told(path, node)
        for path in FILES
        if room(path) in catalogues
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "localdate"}
        and not node.args
    ]

    assert found == []


def test_no_django_signals_and_no_logic_in_save():
    found = []
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals":
                found.append(told(path, node))
            if room(path) == "models" and isinstance(node, ast.FunctionDef) and node.name == "save":
                found.append(told(path, node))

    assert found == []


def test_nothing_is_caught_to_go_on():
    """``except Exception`` stands at the one boundary where a failure becomes a row."""
    allowed = {"crm/core/worker.py"}
    found = [
        told(path, node)
        for path in FILES
        if str(path.relative_to(ROOT)) not in allowed
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]

    assert found == []


def test_no_file_is_called_utils():
    assert [path for path in FILES if path.stem in {"utils", "helpers", "misc"}] == []


@pytest.mark.parametrize("limit", [400])
def test_files_stay_readable(limit):
    long = [
        str(path.relative_to(ROOT))
        for path in FILES
        if len(path.read_text("utf-8").splitlines()) > limit
    ]

    assert long == []


def test_functions_fit_on_a_screen():
    found = [
        f"{told(path, node)} {node.name}"
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]

    assert found == []


def test_views_are_short():
    found = [
        f"{told(path, node)} {node.name}"
        for path in FILES
        if room(path) == "views" and path.stem != "components"
        for node in ast.iter_child_nodes(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 30
    ]

    assert found == []
