"""The system's Chromium for the browser tests: found, installed where allowed, or a hint."""

import os
import shutil
import subprocess
from pathlib import Path

from runner.report import Stop, say, tail, warn

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
CHINESE = ("NotoSansCJK*", "wqy-*", "SourceHanSans*")
HINT = (
    "未找到 Chromium,浏览器测试将跳过:请安装 chromium 与 fonts-noto-cjk,或设置 CHROMIUM_PATH"
    " · No Chromium: install chromium and fonts-noto-cjk, or set CHROMIUM_PATH."
)


def ready(log: Path) -> str | None:
    """The path of a Chromium that can show Chinese; where it is required, nothing less will do."""
    if not (find() and _has_chinese()) and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(log)
    path = find()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise Stop(f"{HINT}\n{tail(log)}")
        warn(f"  ! {HINT}")
    return path


def find() -> str | None:
    """The Chromium that CHROMIUM_PATH names, else the first one on PATH."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def _has_chinese() -> bool:
    fonts = Path("/usr/share/fonts")
    return any(next(fonts.rglob(pattern), None) for pattern in CHINESE)


def _install(log: Path) -> None:
    """Debian's packages are installed, as far as this machine's mirrors have them."""
    say("  … 正在安装 Chromium 与中文字体 · Installing Chromium and Chinese fonts")
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
    with log.open("ab") as output:
        for command in (["apt-get", "update"], install):
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=env,
                check=False,
            )
