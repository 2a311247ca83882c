"""The browser for the tests: found, installed where that is allowed, required in CI."""

import os
from pathlib import Path

import pytest

from runner import browser
from runner.report import Stop

APT = """#!/bin/sh
echo "$@" >> {log}
[ "$1" = install ] && printf '#!/bin/sh\\n' > {bin}/chromium && chmod +x {bin}/chromium
exit 0
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only programs on the path, except for the shell's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "chmod"):
        (folder / name).symlink_to(Path("/bin", name))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    return folder


def test_a_named_browser_is_used(programs, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM_PATH", "/opt/chromium")

    assert browser.find() == "/opt/chromium"


def test_without_a_browser_the_person_gets_a_hint(programs, tmp_path, capsys):
    assert browser.ready(tmp_path / "log") is None

    assert "安装 chromium" in capsys.readouterr().err


def test_where_the_browser_is_required_its_absence_is_a_failure(programs, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUIRE_BROWSER", "1")

    with pytest.raises(Stop, match="未找到 Chromium"):
        browser.ready(tmp_path / "log")


def test_root_on_debian_installs_it_after_an_update(programs, tmp_path, monkeypatch):
    log = tmp_path / "apt.log"
    (programs / "apt-get").write_text(APT.format(log=log, bin=programs))
    (programs / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert browser.ready(tmp_path / "log") == str(programs / "chromium")

    update, install = log.read_text().splitlines()
    assert update == "update"
    assert install.startswith("install -y")
    assert "fonts-noto-cjk" in install


def test_a_normal_user_never_calls_the_package_manager(programs, tmp_path, monkeypatch):
    log = tmp_path / "apt.log"
    (programs / "apt-get").write_text(APT.format(log=log, bin=programs))
    (programs / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert browser.ready(tmp_path / "log") is None
    assert not log.exists()
