"""One host's port: it can stop listening and start again on the same number, which stays reserved meanwhile."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable

from tui.lab.wsman.http import WatchedReader

Serve = Callable[[WatchedReader, asyncio.StreamWriter], None]


class Listener:
    """A bound port on 127.0.0.1. While it does not listen, the system refuses connections to it."""

    def __init__(self, serve: Serve, head_limit: int, tls: ssl.SSLContext | None) -> None:
        self._serve = serve
        self._limit = head_limit
        self._tls = tls
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self.port = 0
        """0 until `reserve`, which lets the system choose."""

    def reserve(self) -> socket.socket:
        """Bind the port, unless it is bound. Raises OSError when it is taken."""
        if self._socket is None:
            bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                if os.name == "posix":  # on Windows the option lets two programs share a port
                    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind(("127.0.0.1", self.port))
            except OSError:
                bound.close()
                raise
            self._socket = bound
            self.port = bound.getsockname()[1]
        return self._socket

    async def listen(self) -> None:
        """Accept connections. Does nothing when it does already."""
        if self._server is None:
            bound = self.reserve()
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._protocol, sock=bound, ssl=self._tls)

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = WatchedReader(limit=self._limit)
        return asyncio.StreamReaderProtocol(reader, lambda _, writer: self._serve(reader, writer))

    def silence(self) -> None:
        """Refuse connections from now on; those that are open stay."""
        if self._server is not None:
            self._stop()
            self.reserve()

    def close(self) -> None:
        """Give the port back."""
        self._stop()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
