"""The virtualenv: made from the hashed lock, remade when it was made half-way, then entered."""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from runner import ROOT
from runner.report import Stop, say, warn

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "run-stamp.json"
LOG = VENV / "set-up.log"
NEEDED_MB = 2000
BASE = getattr(sys, "_base_executable", sys.executable)  # survives the virtualenv's removal
# pip's settings in the words of uv, so that a mirror set for one serves the other
SAME_SETTING = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}
OLD_NAMES = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}


def enter(arguments: list[str]) -> None:
    """This process runs in the finished virtualenv; if it did not, it starts again there."""
    with _alone():
        made = not is_finished()
        if made:
            make()
    if made or not _is_inside():
        os.execv(PYTHON, [str(PYTHON), str(ROOT / "run.py"), *arguments])  # noqa: S606


def is_finished() -> bool:
    """The virtualenv was made to the end from this lock, and its Python still runs."""
    stamp = _stamp()
    return bool(stamp) and stamp == {"lock": _lock_hash(), "python": _version_of(PYTHON)}


def make() -> None:
    """The virtualenv holds exactly what the lock names; one made half-way starts afresh."""
    say("正在准备运行环境,首次约需一分钟 · Preparing the environment, about a minute …")
    _check_room()
    if _version_of(PYTHON) is None or _stamp() == {"state": "unfinished"}:
        _remove()
        VENV.mkdir(parents=True)
    _write_stamp({"state": "unfinished"})
    LOG.write_text("")
    uv = shutil.which("uv")
    if not PYTHON.exists():
        _create(uv)
    if not _install(uv):
        raise Stop(_why())
    _write_stamp({"lock": _lock_hash(), "python": _version_of(PYTHON) or ""})


def _create(uv: str | None) -> None:
    """The virtualenv exists, with pip where Python can give one, else by a uv that is there."""
    if find_spec("ensurepip") and find_spec("venv"):
        if not _run([BASE, "-m", "venv", str(VENV)]):
            raise Stop(_why())
    elif uv is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise Stop(
            f"此 Python 缺少 venv 模块,请先安装:apt-get install {package}"
            f" · This Python has no venv module; install {package} (or uv), then try again."
        )
    elif not _run([uv, "venv", "--allow-existing", "--python", BASE, str(VENV)]):
        raise Stop(_why())


def _install(uv: str | None) -> bool:
    """The lock is installed, by uv where it can be had, else by pip."""
    pip = [str(PYTHON), "-m", "pip"]
    target = VENV / "uv"
    fetch = [*pip, "install", "--quiet", "--target", str(target), "--upgrade", "uv"]
    if uv is None and ((target / "bin" / "uv").exists() or _run(fetch)):
        uv = str(target / "bin" / "uv")
    sync = ["pip", "sync", "--python", str(PYTHON), "--require-hashes", str(LOCK)]
    if uv and _run([uv, *sync], env=_uv_settings()):
        return True
    return _run([*pip, "install", "--require-hashes", "--no-deps", "-r", str(LOCK)])


def _uv_settings() -> dict[str, str]:
    """The environment, with pip's own settings said in uv's words where uv has none."""
    # Any index may hold a release, as with pip; the hashes in the lock keep that safe.
    env = {"UV_INDEX_STRATEGY": "unsafe-best-match"} | os.environ
    listing = [BASE, "-m", "pip", "config", "list"]
    found = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    for line in found.splitlines():
        key, _, value = line.partition("=")
        name = SAME_SETTING.get(key.rpartition(".")[2])
        words = [word for word in value.strip("'\"").replace("\\n", " ").split() if _is_there(word)]
        if name and words and not {name, OLD_NAMES.get(name)} & set(os.environ):
            env[name] = " ".join(words)
    if not os.access(Path("~").expanduser(), os.W_OK):
        env.setdefault("UV_NO_CACHE", "1")
    return env


def _is_there(place: str) -> bool:
    """False for a folder that is gone: pip passes over those, uv gives up."""
    path = place.removeprefix("file://")
    return not path.startswith("/") or Path(path).exists()


def _run(command: list[str], env: dict[str, str] | None = None) -> bool:
    with LOG.open("ab") as log:
        try:
            done = subprocess.run(command, stdout=log, stderr=log, env=env, check=False)
        except OSError as error:
            log.write(f"{command[0]}: {error}\n".encode())
            return False
    return done.returncode == 0


def _why() -> str:
    """What to do about a failed installation, read from its log; hosts stay in the log."""
    text = LOG.read_text(errors="replace")
    if "No space left" in text:
        return _no_room(0)
    if "ensurepip" in text:
        return (
            "创建虚拟环境失败:请安装 python3-venv 后重试"
            f" · Making the virtualenv failed: install python3-venv, then try again ({LOG})."
        )
    return (
        f"安装依赖失败,请检查网络或 pip 镜像设置后重试,详见 {LOG}"
        " · Installing failed; check the network or pip's index setting, then try again."
    )


def _check_room() -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MB and not PYTHON.exists():
        raise Stop(_no_room(free))


def _no_room(free: int) -> str:
    return (
        f"磁盘空间不足:{ROOT} 需要 {NEEDED_MB} MB,仅剩 {free} MB,请清理后重试"
        f" · Disk full: {NEEDED_MB} MB are needed there; free some space, then try again."
    )


def _remove() -> None:
    try:
        shutil.rmtree(VENV)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise Stop(
            f"无法重建 {VENV},请手动删除后重试 · Remove that folder, then try again ({error})."
        ) from error


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process at a time makes the virtualenv."""
    with LOCK.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            warn("另一个进程正在准备运行环境,请稍候 · Another process is preparing it; waiting …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_hash() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _write_stamp(stamp: dict[str, str]) -> None:
    STAMP.write_text(json.dumps(stamp))


def _is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _version_of(python: Path) -> str | None:
    """The version that this interpreter reports, or nothing when it does not run."""
    if _is_inside():
        return platform.python_version()
    command = [str(python), "-c", "import platform; print(platform.python_version())"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
