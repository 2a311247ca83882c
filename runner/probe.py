"""Asks a web process of this machine for its health, as the container's health check does."""

import os
import sys
from http.client import HTTPConnection, HTTPException

HOST = "127.0.0.1"


def status(port: int, path: str, allowed_hosts: str) -> int:
    """The answer's HTTP status, asked under a host name that the settings allow; 0 is no answer."""
    name = allowed_hosts.partition(",")[0].strip().lstrip(".") or HOST
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": HOST if name == "*" else name})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    port = int(os.environ.get("WEB_BIND", ":8000").rpartition(":")[2])
    sys.exit(status(port, "/healthz", os.environ.get("ALLOWED_HOSTS", "")) != 200)
