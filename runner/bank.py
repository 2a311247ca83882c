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
UNFINISHED = {"state": "unfinished"}  # what the marker holds while the data is being loaded


def prepare(family: Family, folder: Folder, up: Servers, customers: int | None) -> None:
    """Messages, static files, tables, reference data and the demo bank are there."""
    log, marker = folder.log("set-up"), folder.path / "demo.json"
    build(family, folder, up.env)
    with_demo = _wants_demo(up, read_json(marker), customers)
    if with_demo:
        write_private(marker, UNFINISHED)
    run_step(family, "数据表 · migrate", manage("migrate", "--noinput"), env=up.env, log=log)
    reference = manage("load_reference")
    run_step(family, "基础数据 · reference data", reference, env=up.env, log=log)
    if with_demo:
        count = customers or CUSTOMERS
        make = manage("make_demo", "--customers", str(count), "--seed", str(SEED))
        run_step(family, f"演示银行 · demo bank, {count}", make, env=up.env, log=log)
        write_private(marker, {"customers": count})
    if "customers" in read_json(marker):  # a demo bank of ours, also one of an earlier release
        catalogue = manage("load_products", "--demo")
        run_step(family, "产品目录 · product catalogue", catalogue, env=up.env, log=log)
        field = manage("make_field_work", "--seed", str(SEED), "--if-none")
        run_step(family, "走访与商机 · visits and opportunities", field, env=up.env, log=log)
        matches = manage("match_customers", "--if-none")
        run_step(family, "产品匹配 · matches", matches, env=up.env, log=log)
        model = manage("train_propensity", "--later")
        run_step(family, "倾向模型 · propensity model", model, env=up.env, log=log)


def _wants_demo(up: Servers, made: dict[str, object], customers: int | None) -> bool:
    """The database is new, or was left half-loaded by us and is empty again now."""
    if up.database and made == UNFINISHED:
        warn("  ! 上次没有装完,重新装入 · The last start was cut short; loading anew.")
        up.database.renew()
        return True
    if up.database and made:
        if customers not in (None, made["customers"]):
            warn(
                f"  ! 已有 {made['customers']} 户演示数据;要换成 {customers} 户请加 --reset"
                " · The data is already there; --reset makes it anew."
            )
        return False
    if not servers.has_tables(up.env):
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
