"""The virtualenv is finished, or it is made again; every problem is one sentence."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner import ROOT, environment
from runner.report import Stop


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtualenv of our own, with this Python in it and a lock beside it."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "requirements.lock").write_text("nothing==1\n")
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", folder / "run-stamp.json")
    monkeypatch.setattr(environment, "LOG", folder / "set-up.log")
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.lock")
    return folder


def stamp(**facts: str) -> None:
    environment.STAMP.write_text(json.dumps(facts))


def this_python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def test_a_virtualenv_made_from_this_lock_is_finished(venv):
    stamp(lock=environment._lock_hash(), python=this_python())

    assert environment.is_finished()


def test_a_virtualenv_made_half_way_is_not_finished(venv):
    stamp(state="unfinished")

    assert not environment.is_finished()


def test_a_changed_lock_asks_for_an_update(venv):
    stamp(lock=environment._lock_hash(), python=this_python())

    environment.LOCK.write_text("nothing==2\n")

    assert not environment.is_finished()


def test_a_virtualenv_whose_python_is_gone_is_not_finished(venv):
    stamp(lock=environment._lock_hash(), python=this_python())

    environment.PYTHON.unlink()

    assert not environment.is_finished()


def test_a_half_made_virtualenv_is_removed_before_it_is_made_again(venv, monkeypatch):
    stamp(state="unfinished")
    (venv / "half").touch()
    monkeypatch.setattr(environment, "_create", lambda uv: (venv / "new").touch())
    monkeypatch.setattr(environment, "_install", lambda uv: True)

    environment.make()

    assert (venv / "new").exists()
    assert not (venv / "half").exists()


def test_without_the_venv_module_the_package_to_install_is_named(venv, monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda name: None)

    with pytest.raises(Stop, match="apt-get install python3"):
        environment._create(uv=None)


def test_a_full_disk_is_said_before_anything_is_made(venv, monkeypatch):
    environment.PYTHON.unlink()
    monkeypatch.setattr(environment, "NEEDED_MB", 2**40)

    with pytest.raises(Stop, match="磁盘空间不足"):
        environment.make()

    assert not environment.STAMP.exists()


def test_a_failed_installation_names_no_host(venv):
    environment.LOG.write_text("error: cannot reach https://user:word@mirror.example/simple\n")

    sentence = environment._why()

    assert "安装依赖失败" in sentence
    assert "mirror.example" not in sentence


def test_a_disk_that_fills_up_while_installing_is_named(venv):
    environment.LOG.write_text("OSError: [Errno 28] No space left on device\n")

    assert "磁盘空间不足" in environment._why()


def test_the_mirror_set_for_pip_also_serves_uv(venv, monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")

    assert environment._uv_settings()["UV_DEFAULT_INDEX"] == "http://127.0.0.1:9/simple"


def test_a_setting_made_for_uv_itself_stays(venv, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:10/simple")

    settings = environment._uv_settings()

    assert settings["UV_INDEX_URL"] == "http://127.0.0.1:10/simple"
    assert "UV_DEFAULT_INDEX" not in settings


def test_an_old_python_can_read_run_py_and_so_says_what_it_needs():
    source = (ROOT / "run.py").read_text("utf-8")

    ast.parse(source, feature_version=(3, 4))

    assert "f'" not in source
    assert 'f"' not in source


def test_the_runner_imports_nothing_but_the_standard_library():
    modules = [
        path.stem
        for path in (ROOT / "runner").glob("*.py")
        if path.stem not in ("leash", "__init__")
    ]
    names = ", ".join(f"runner.{module}" for module in modules)

    done = subprocess.run(
        [
            environment.BASE,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, '.'); import {names}",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
