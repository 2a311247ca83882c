#!/usr/bin/env python3
"""惠客 CRM on one machine: python3 run.py demo | test | bench NAME | manage COMMAND.

This file also parses on old Pythons, so that they get a sentence instead of a traceback.
"""

import os
import shutil
import sys

OLDEST = (3, 11)


def newer_python():
    """The path of a Python that is new enough, or nothing."""
    names = ["python3.%d" % minor for minor in range(14, OLDEST[1] - 1, -1)]  # noqa: UP031
    return next(filter(None, map(shutil.which, names)), None)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        better = newer_python()
        if better is None:
            sys.exit("请安装 Python 3.11 或更新版本 · Install Python 3.11 or newer.")
        os.execv(better, [better, *sys.argv])  # noqa: S606
    if not sys.platform.startswith("linux"):
        sys.exit("请在 Linux(或 Windows 的 WSL)中运行 · Run this on Linux, or in WSL on Windows.")
    from runner.commands import main

    sys.exit(main(sys.argv[1:]))
