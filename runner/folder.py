"""The data folder: one run at a time, secrets readable by its owner only, nothing else touched."""

import base64
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from runner.report import Stop

NEEDED_MB = 1000
THROW_AWAY = "huike-crm-"
# What a run makes here; --reset empties these and nothing else in the folder.
MADE_HERE = ("valkey", "static", "files", "demo.json", "secrets.json", "environment.json", "beat")


@dataclass
class Folder:
    """A data folder that this process holds."""

    path: Path
    lock: FileIO = field(repr=False)
    lasting: bool = True

    @property
    def servers(self) -> Path:
        return self.path / "servers"

    def log(self, name: str) -> Path:
        """The log of that process; a very long one from earlier runs is set aside."""
        log = self.path / "logs" / f"{name}.log"
        log.parent.mkdir(mode=0o700, exist_ok=True)
        if log.exists() and log.stat().st_size > 20 * 2**20:
            log.replace(log.with_suffix(".log.1"))
        return log

    def secrets(self) -> dict[str, str]:
        """The secrets of this folder, made once."""
        made = read_json(self.path / "secrets.json")
        if not made:
            made = new_secrets()
            write_private(self.path / "secrets.json", made)
        return made

    def tell(self, **facts: Any) -> None:
        """A second start can read these facts from the lock file."""
        self.lock.seek(0)
        self.lock.truncate()
        self.lock.write(json.dumps({"pid": os.getpid(), **facts}).encode())

    def reset(self) -> None:
        """Nothing that earlier runs made is left, except their logs."""
        try:
            remove_servers(self.path)
            for name in MADE_HERE:
                made = self.path / name
                shutil.rmtree(made) if made.is_dir() else made.unlink(missing_ok=True)
        except OSError as error:
            raise Stop(
                f"无法清空 {self.path}:请用创建它的账户运行 · Run this as its owner ({error})."
            ) from error

    def remove(self) -> None:
        """A throw-away folder is gone."""
        remove_servers(self.path)
        shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()


def take(path: Path) -> Folder:
    """The folder exists and is ours until this process ends."""
    try:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock = FileIO(path / "run.lock", "a+")
    except OSError as error:
        raise Stop(
            f"无法写入数据目录 {path}:请换用 --data DIR 或更正权限"
            f" · Choose another folder with --data DIR ({error.strerror})."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Stop(_already_running(path)) from error
    free = shutil.disk_usage(path).free // 2**20
    if free < NEEDED_MB:
        raise Stop(
            f"磁盘空间不足:{path} 需要 {NEEDED_MB} MB,仅剩 {free} MB"
            " · Free some disk space, then try again."
        )
    return Folder(path, lock)


def throw_away() -> Folder:
    """A new folder for one run; those that killed runs left behind are gone."""
    for old in Path(tempfile.gettempdir()).glob(f"{THROW_AWAY}*"):
        if old.is_dir() and old.stat().st_uid == os.geteuid() and not is_held(old):
            remove_servers(old)
            shutil.rmtree(old, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=THROW_AWAY))
    path.chmod(0o711)
    folder = take(path)
    folder.lasting = False
    return folder


def is_held(path: Path) -> bool:
    """A running process holds this folder."""
    try:
        with (path / "run.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def remove_servers(path: Path) -> None:
    """The servers' files are gone, also where they had to live outside the folder."""
    servers = path / "servers"
    if servers.exists():
        shutil.rmtree(servers.resolve())
    if servers.is_symlink():
        servers.unlink()


def _already_running(path: Path) -> str:
    facts = read_json(path / "run.lock")
    where = facts.get("address", "尚在启动 · still starting")
    return (
        f"已在运行:{where}(进程 {facts.get('pid', '?')},数据目录 {path})"
        " · Already running there; stop it with Ctrl-C, or use --data DIR for a second one."
    )


def new_secrets() -> dict[str, str]:
    """Every secret that the settings ask for, freshly made."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HASH_KEY": secrets.token_urlsafe(32),
        "FIELD_KEYS": f"k1:{key}",
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }


def read_json(path: Path) -> dict[str, Any]:
    """What the file holds, or nothing."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def write_private(path: Path, content: dict[str, Any]) -> None:
    """The file holds the content whole, for its owner's eyes only."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600, exist_ok=False)
    new.write_text(json.dumps(content))
    new.replace(path)
