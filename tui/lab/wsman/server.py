"""The lab's WinRM server: HTTP and HTTPS ports for each simulated host, one account, faults and latency on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from tui.lab.wsman.connection import Connection, Wire
from tui.lab.wsman.http import Limits, WatchedReader
from tui.lab.wsman.listener import Listener
from tui.lab.wsman.operations import Host
from tui.lab.wsman.process import Launcher
from tui.lab.wsman.shells import Quotas, ShellTable
from tui.lab.wsman.tls import Tls
from tui.lab.wsman.userfile import Credentials, UserFile
from tui.lab.wsman.verdict import FaultHook, pass_all


@dataclass(frozen=True, slots=True)
class HostBinding:
    """A simulated host: its name, what starts its programs, and what it shows over TLS (None: it has no HTTPS)."""

    name: str
    launcher: Launcher
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """A look at the server, or at one host of it. The first three only grow."""

    requests: int
    """HTTP requests read, also those answered 400 or 401."""
    over_tls: int
    """Those of them that came over TLS."""
    encrypted: int
    """Messages that came encrypted and were understood (of the whole server)."""
    connections: int
    shells: int
    commands: int
    """Programs that have not left."""


@dataclass(slots=True)
class _Served:
    host: Host
    http: Listener
    https: Listener | None
    connections: dict[Connection, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def listeners(self) -> list[Listener]:
        return [self.http, *([self.https] if self.https else [])]


class WsmanServer:
    """Serves `hosts` on loopback until closed. All methods must be called on one event loop.

    `latency` (seconds, added to each request) can be changed at any time.
    """

    def __init__(
        self,
        hosts: Sequence[HostBinding],
        credentials: Credentials,
        *,
        faults: FaultHook | None = None,
        quotas: Quotas = Quotas(),  # noqa: B008 (frozen)
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        latency: float = 0.0,
    ) -> None:
        self._users = UserFile(credentials, [each.name for each in hosts])
        self._wire = Wire(self._users, limits, faults or pass_all, latency)
        self._served = {each.name: self._serve(each, quotas, limits) for each in hosts}

    def _serve(self, binding: HostBinding, quotas: Quotas, limits: Limits) -> _Served:
        host = Host(binding.name, binding.launcher, ShellTable(quotas))

        def accept(tls: Tls | None, reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
            connection = Connection(host, self._wire, reader, writer, tls)
            task = asyncio.get_running_loop().create_task(connection.run())
            served.connections[connection] = task
            task.add_done_callback(lambda _: served.connections.pop(connection, None))

        tls = binding.tls
        http = Listener(partial(accept, None), limits.head, None)
        https = Listener(partial(accept, tls), limits.head, tls.context) if tls else None
        served = _Served(host, http, https)
        return served

    async def start(self) -> Mapping[str, int]:
        """Listen for every host: host name → its port for HTTP on 127.0.0.1. Raises OSError where there is none."""
        self._users.open()
        try:
            for host in self._served:
                await self.listen(host)
        except OSError:
            await self.close()
            raise
        return self.ports

    @property
    def ports(self) -> Mapping[str, int]:
        """Host name → port for HTTP; a port stays the same while its host is silent."""
        return {name: served.http.port for name, served in self._served.items()}

    @property
    def tls_ports(self) -> Mapping[str, int]:
        """Host name → port for HTTPS, of the hosts that have one."""
        return {name: served.https.port for name, served in self._served.items() if served.https}

    async def close(self) -> None:
        """Cut every connection, end every program, give ports and the user file back. Can be called twice."""
        for served in self._served.values():
            for listener in served.listeners:
                listener.close()
            served.host.shells.clear()
            self._cut(served)
        tasks = [task for served in self._served.values() for task in served.connections.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close in the loop's next turn
        self._users.close()

    async def listen(self, host: str) -> None:
        """The host answers again, on its ports."""
        for listener in self._served[host].listeners:
            await listener.listen()

    def silence(self, host: str) -> None:
        """The host is dead or unreachable: connections are refused and cut. Its shells live on (see `restart`)."""
        for listener in self._served[host].listeners:
            listener.silence()
        self._cut(self._served[host])

    def restart(self, host: str) -> None:
        """What a restart or a power cut takes from a host: connections, shells and programs."""
        self._served[host].host.shells.clear()
        self._cut(self._served[host])

    def expire(self, host: str) -> None:
        """The time of every shell on a host is over at once; the connections stay."""
        self._served[host].host.shells.clear()

    def drop_connections(self, host: str) -> None:
        """Cut the host's TCP connections, as HTTP.sys does with idle ones. Nothing else changes."""
        self._cut(self._served[host])

    def _cut(self, served: _Served) -> None:
        for connection in list(served.connections):
            connection.abort()

    @property
    def latency(self) -> float:
        return self._wire.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._wire.latency = seconds

    def counts(self, host: str | None = None) -> Counts:
        """How much has been asked and is open, on one host or (None) on all."""
        served = [self._served[host]] if host is not None else list(self._served.values())
        shells = [shell for each in served for shell in each.host.shells.shells.values()]
        return Counts(
            sum(each.host.requests for each in served), sum(each.host.over_tls for each in served),
            self._wire.encrypted, sum(len(each.connections) for each in served), len(shells),
            sum(shell.live() for shell in shells),
        )  # fmt: skip
