"""What the tests of run.py share: finding every process that a run started."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.folder import remove_servers


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


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder for the tests of one file that the database server's account can enter.

    pytest's own folders will not do: every pytest process shuts them for other accounts again.
    """
    folder = Path(tempfile.mkdtemp(prefix="crm-run-"))
    folder.chmod(0o711)
    yield folder
    remove_servers(folder)
    shutil.rmtree(folder)
