"""Ports of this machine's loopback address."""

import socket

from runner.report import Stop

HOST = "127.0.0.1"
PREFERRED = 8000


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def web_socket(port: int | None) -> socket.socket:
    """A listening socket: on the asked port, else on the preferred one, else on any free one."""
    for wanted in (port,) if port else (PREFERRED, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        listener.set_inheritable(True)
        return listener
    raise Stop(
        f"端口 {port} 已被占用或不可用,请换一个:--port N"
        f" · Port {port} is taken; choose another with --port N."
    )
