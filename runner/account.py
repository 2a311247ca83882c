"""The account that PostgreSQL runs as: it refuses to be root, so root lends it another one."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.report import Stop

CANDIDATES = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine; none is ever made."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """What Popen needs to run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """This account may enter the folder, or run the file."""
        test = shutil.which("test") or "/usr/bin/test"
        done = subprocess.run([test, "-x", str(path)], cwd="/", check=False, **self.options())
        return done.returncode == 0

    def own(self, path: Path) -> None:
        """The file or folder belongs to this account."""
        os.chown(path, self.uid, self.gid)


def lent(data: Path) -> Account | None:
    """As root, the account that owns the data or else one that exists; nobody else needs one."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Stop(
        "root 下需要一个普通账户来运行 PostgreSQL,请改用普通用户运行"
        " · Run this as a normal user: no account is left for PostgreSQL."
    )


def home_for(servers: Path, account: Account | None) -> Path:
    """The folder for the servers' files: in the data folder, or where the account can reach it."""
    if servers.is_symlink() or servers.is_dir():
        return servers.resolve()
    if account is None or account.reaches(servers.parent):
        servers.mkdir(mode=0o711)
        return servers.resolve()
    mark = hashlib.sha256(str(servers).encode()).hexdigest()[:12]
    for base in (Path("/var/lib"), Path(tempfile.gettempdir())):
        home = base / f"huike-crm-{mark}"
        if os.access(base, os.W_OK) and account.reaches(base):
            home.mkdir(mode=0o711, exist_ok=True)
            servers.symlink_to(home)
            return home
    raise Stop(
        f"普通账户无法进入 {servers.parent},请用 --data DIR 指定其他目录"
        " · Choose a folder that other accounts can enter with --data DIR."
    )
