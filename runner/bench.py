"""Benchmarks on servers set as in production; figures first, then one JSON line."""

import ast
import sys
from argparse import Namespace

from runner import ROOT, bank, folder, servers
from runner.folder import Folder
from runner.report import Stop, pad, say
from runner.servers import ONE_THREAD, manage, run_step
from runner.supervise import Family, Interrupted, family

PLACE = ROOT / "benchmarks"


def bench(options: Namespace) -> int:
    """The benchmark ran and printed its figures; without a name, the names are listed."""
    found = names()
    if options.name is None:
        for name, purpose in found.items():
            say(f"  {pad(name, 20)} {purpose}")
        return 0
    if options.name not in found:
        raise Stop(f"没有这个基准测试 · No such benchmark; there are: {', '.join(found)}.")
    held = folder.throw_away()
    try:
        with family() as household:
            return _run(household, held, options)
    except Interrupted:
        return 130
    finally:
        held.remove()


def names() -> dict[str, str]:
    """The benchmarks that can be run, each with the first line of its docstring."""
    found = {}
    for path in sorted(PLACE.glob("[!_]*.py")):
        source = path.read_text("utf-8")
        if "__main__" in source:
            found[path.stem] = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return found


def _run(household: Family, held: Folder, options: Namespace) -> int:
    up = servers.put_up(household, held, servers.own_environment())
    env, log = up.env | ONE_THREAD, held.log("set-up")
    bank.build(household, held, env)
    run_step(household, "数据表 · migrate", manage("migrate", "--noinput"), env=env, log=log)
    command = [sys.executable, "-m", f"benchmarks.{options.name}"]
    if options.customers:
        command += ["--customers", str(options.customers)]
    say()
    return household.wait(household.start(options.name, [*command, *options.arguments], env=env))
