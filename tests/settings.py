"""The product's settings with as few overrides as a test run needs."""

import os

os.environ.setdefault("DEMO", "1")
os.environ.setdefault("PLAIN_STATIC", "1")
if runner := os.environ.get("PYTEST_XDIST_WORKER"):  # one queue each: gw0 takes database 1
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{server}/{int(runner.removeprefix('gw')) + 1}"

from crm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = {}
ALLOWED_HOSTS = ["*"]
RING_WORKERS = os.environ.get("RING_WORKERS") == "1"  # only the worker of the tests is rung
