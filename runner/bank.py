"""The demo bank's data: loaded once into a new database, then kept at the newest migration."""

import hashlib
import sys

from runner import ROOT, servers
from runner.folder import Folder, read_json, write_private
from runner.report import say, warn
from runner.servers import Servers, manage, run_step
from runner.supervise import Family

CUSTOMERS = 2000
SEED = 1


def prepare(family: Family, folder: Folder, up: Servers, customers: int | None) -> None:
    """Messages, static files, tables, reference data and the demo bank are there."""
    log, marker = folder.log("set-up"), folder.path / "demo.json"
    build(family, folder, up.env)
    made = read_json(marker)
    with_demo = _wants_demo(up, made, customers)
    run_step(family, "数据表 · migrate", manage("migrate", "--noinput"), env=up.env, log=log)
    commands = servers.known_commands(up.env)
    _run_if_known(family, folder, up, commands, "基础数据 · reference data", ["load_reference"])
    if with_demo:
        count = str(customers or CUSTOMERS)
        make = ["make_demo", "--customers", count, "--seed", str(SEED)]
        if _run_if_known(family, folder, up, commands, f"演示银行 · demo bank, {count}", make):
            write_private(marker, made | {"customers": int(count)})


def _wants_demo(up: Servers, made: dict[str, int], customers: int | None) -> bool:
    """The database is new, or was left half-loaded by us and is empty again now."""
    if up.database and made:
        if customers not in (None, made["customers"]):
            warn(
                f"  ! 已有 {made['customers']} 户演示数据;要换成 {customers} 户请加 --reset"
                " · The data is already there; --reset makes it anew."
            )
        return False
    if not servers.has_tables(up.env):
        return True
    if up.database:
        warn("  ! 上次没有装完,重新装入 · The last start was cut short; loading anew.")
        up.database.renew()
        return True
    say("  - 数据库已有内容,不装入演示数据 · The database is in use: no demo data.")
    return False


def build(family: Family, folder: Folder, env: dict[str, str]) -> None:
    """The compiled messages and the collected static files are those of the sources."""
    mark, marker = _sources_mark(), folder.path / "static" / ".built-from"
    compiled = any((ROOT / "crm" / "locale").rglob("*.mo"))
    if compiled and marker.exists() and marker.read_text() == mark:
        return
    log = folder.log("set-up")
    messages = [sys.executable, "-m", "tools.messages", "compile"]
    run_step(family, "译文 · messages", messages, env=env, log=log)
    collect = manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
    run_step(family, "静态文件 · static files", collect, env=env, log=log)
    marker.write_text(mark)


def _sources_mark() -> str:
    """One word that changes when a static file, a message or a dependency changes."""
    sources = [ROOT / "requirements.lock", *(ROOT / "crm" / "locale").rglob("*.po")]
    sources += [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    facts = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in sorted(sources)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _run_if_known(
    family: Family, folder: Folder, up: Servers, known: set[str], name: str, command: list[str]
) -> bool:
    if command[0] not in known:
        servers.skip(name)
        return False
    run_step(family, name, manage(*command), env=up.env, log=folder.log("set-up"))
    return True
