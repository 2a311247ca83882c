"""What the tests of run.py share: finding every process that a run started."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def every_test_has_the_database() -> None:
    """These tests start servers of their own and leave the product's database alone."""


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Nothing here fills a cache."""


def processes_of(folder: Path) -> list[str]:
    """The live processes that work below the folder or were told to keep their data there."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state = (place / "stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":
                continue
            works_there = (place / "cwd").readlink().is_relative_to(folder)
            told = f"DATA_DIR={folder}".encode() in (place / "environ").read_bytes().split(b"\0")
            if works_there or told:
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended meanwhile, or is another person's
    return found


@pytest.fixture
def running() -> Callable[[Path], list[str]]:
    """Looks up what still runs for a data folder."""
    return processes_of


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the account of the database server can enter, as in a real run."""
    folder = tmp_path_factory.mktemp("run")
    folder.chmod(0o711)
    for parent in folder.parents:
        if parent.name.startswith("pytest-"):
            parent.chmod(0o711)
    return folder
