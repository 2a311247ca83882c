"""A wire between a browser and the server that a test can cut, or let swallow an answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK = 65_536


class Relay:
    """``http://localhost:port`` leads to the server as long as the wire is whole."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.swallowed = b""  # the start of requests whose answer never arrives
        self.eaten = 0
        self.open: set[socket.socket] = set()
        self.listener: socket.socket | None = None
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """The network is back, at the same address."""
        self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """The network is gone: nobody listens and every connection ends."""
        assert self.listener is not None
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            self.open |= {near, far}
            pair = Pair(self, near, far)
            threading.Thread(target=pair.upward, daemon=True).start()
            threading.Thread(target=pair.downward, daemon=True).start()


class Pair:
    """One connection through the wire."""

    def __init__(self, relay: Relay, near: socket.socket, far: socket.socket) -> None:
        self.relay, self.near, self.far = relay, near, far
        self.is_mute = False

    def upward(self) -> None:
        """What the browser says reaches the server."""
        with suppress(OSError):
            while data := self.near.recv(CHUNK):
                if self.relay.swallowed and data.startswith(self.relay.swallowed):
                    self.is_mute = True
                    self.relay.eaten += 1
                self.far.sendall(data)
        self._end()

    def downward(self) -> None:
        """What the server answers reaches the browser, unless it is swallowed."""
        with suppress(OSError):
            while data := self.far.recv(CHUNK):
                if self.is_mute:
                    break
                self.near.sendall(data)
        self._end()

    def _end(self) -> None:
        for one in (self.near, self.far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self.relay.open.discard(one)
