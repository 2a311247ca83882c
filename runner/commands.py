"""The commands of run.py, and their options."""

import sys
from argparse import REMAINDER, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from runner import ROOT, bank, bench, checks, demo, environment
from runner.folder import new_secrets
from runner.report import Stop, say, warn


def main(arguments: Sequence[str]) -> int:
    """The command's exit code; a problem is one sentence on the error stream."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    options = parse(arguments)
    try:
        if options.needs_environment:
            environment.enter(list(arguments))
        return int(options.command(options))
    except Stop as problem:
        warn(str(problem))
    except KeyboardInterrupt:
        return 130
    return 1


def parse(arguments: Sequence[str]) -> Namespace:
    """The options; what follows two dashes is kept for pytest or the benchmark."""
    ours, passed_on = list(arguments), []
    if "--" in ours and ours[0] != "manage":
        cut = ours.index("--")
        ours, passed_on = ours[:cut], ours[cut + 1 :]
    options = parser().parse_args(ours)
    options.arguments = getattr(options, "arguments", passed_on)
    return options


def parser() -> ArgumentParser:
    """All commands and options, with what they do."""
    top = ArgumentParser(prog="run.py", description="惠客 CRM")
    commands = top.add_subparsers(required=True, metavar="demo | test | bench | manage | secrets")

    def command(name: str, call: Callable[..., int], words: str) -> ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(command=call, needs_environment=True)
        return made

    show = command("demo", demo.demo, "运行演示银行 · run the demo bank until Ctrl-C")
    show.add_argument("--port", type=_port, help="网页端口,默认 8000 · port of the pages")
    _data(show)
    show.add_argument(
        "--customers",
        type=_count,
        metavar="N",
        help=f"演示客户数,默认 {bank.CUSTOMERS} · how many customers a new demo bank has",
    )
    show.add_argument("--reset", action="store_true", help="清空后重来 · start with an empty bank")

    test = command(
        "test",
        checks.test,
        "运行全部检查与测试,-- 之后给 pytest · all that CI runs; after --: pytest's",
    )
    names = [check.name for check in checks.checks({})] + ["tests"]
    test.add_argument("--only", action="append", choices=names, help="只做这一步 · only this step")

    measure = command(
        "bench", bench.bench, "运行基准测试,不带名称则列出 · one benchmark; no name lists them"
    )
    measure.add_argument("name", nargs="?")
    measure.add_argument("--customers", type=_count, metavar="N")

    manage = command("manage", demo.manage_command, "对演示库运行 manage.py · on the demo's data")
    _data(manage)
    manage.add_argument("arguments", nargs=REMAINDER)

    fresh = command("secrets", secrets, "生成 .env 的密钥 · fresh secrets for a server's .env")
    fresh.set_defaults(needs_environment=False)
    return top


def secrets(_options: Namespace) -> int:
    """Fresh values for every secret in .env.example are on the terminal."""
    for key, value in new_secrets().items():
        say(f"{key}={value}")
    return 0


def _data(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=lambda text: Path(text).expanduser().resolve(),
        default=ROOT / ".data",
        metavar="DIR",
        help="数据目录,默认 .data · the data folder",
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ArgumentTypeError("端口应为 1 到 65535 · a port is a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 10_000_000:
        raise ArgumentTypeError("客户数应为正整数 · customers is a whole number from 1")
    return int(text)
