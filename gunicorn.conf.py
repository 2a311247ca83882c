"""How gunicorn serves the pages; what differs between machines comes from the environment."""

import os
from pathlib import Path

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"  # a slow upload keeps one thread busy, not a whole worker
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
preload_app = True  # loaded once and shared: half the memory, and a quick first page

accesslog = "-"
# Path only: a query string may hold a customer's name or telephone number.
access_log_format = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'


def when_ready(_server: object) -> None:
    """All views are loaded before the workers fork, and they inherit no connection."""
    from django.db import connections
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    connections.close_all()
