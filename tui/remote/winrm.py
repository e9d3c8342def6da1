"""PowerShell processes over WinRM, by pywinrm: the `Transport` of a real site and of the lab's server.

Start is Create and Command; stdin is Send, stdout is Receive with a short long-poll; the end is Signal terminate and
Delete. pywinrm is imported by the first request.
"""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Mapping
from typing import Any, Final

from tui.core.clock import Clock
from tui.core.errors import EstateError, Unreachable
from tui.remote.connections import Connections, TimedOut
from tui.remote.errors import NOT_SENT, Phase, ShellGone
from tui.remote.frame import command_line
from tui.remote.shells import ACT_IDLE, READER_IDLE, HostShells
from tui.remote.transport import Host, Pipe, Transport

SEND: Final = 200_000
"""Bytes of one Send: MaxEnvelopeSizekb is 500 and base64 adds a third; Ansible cuts there."""
POLL: Final = 5
"""Seconds of one Receive at most."""
STDERR: Final = 20_000
"""Bytes of stderr that are kept."""


class WinRm(Transport):
    """Implements `Transport` for `hosts`, by name."""

    def __init__(self, hosts: Mapping[str, Host], clock: Clock) -> None:
        self._hosts = dict(hosts)
        self._connections = Connections(clock)
        self._shells = {name: HostShells(host, self._connections) for name, host in self._hosts.items()}

    def open(self, host: str, *, reader: bool) -> Pipe:
        """Start the host's PowerShell; see `Transport.open`."""
        known, shells = self._host(host), self._shells[host]
        shell = shells.create(READER_IDLE if reader else ACT_IDLE)
        try:
            command = self._start(known, shell)
        except EstateError:
            shells.delete(shell)
            raise
        return WinRmPipe(known, self._connections, shells, shell, command)

    def reach(self, host: str, port: int, timeout: float) -> bool:
        """Whether the port accepts a connection; see `Transport.reach`."""
        known = self._host(host)
        try:
            with socket.create_connection((known.address, known.ports.get(port, port)), timeout):
                return True
        except socket.gaierror as error:
            do = "Give the host's IP address in the site file."
            raise Unreachable(f"The name {known.address} of {host} is not known.", NOT_SENT, do, str(error)) from None
        except OSError:
            return False

    def end(self, host: str, shell: str, command: str) -> None:
        """Signal terminate, and delete the shell; see `Transport.end`."""
        known = self._host(host)
        try:
            self._connections.ask(known, lambda protocol: protocol.cleanup_command(shell, command), Phase.OPEN)
        except ShellGone:
            return
        self._shells[host].delete(shell)

    def close(self) -> None:
        """Give the connections back."""
        self._connections.close()

    def _host(self, name: str) -> Host:
        if name not in self._hosts:
            raise Unreachable(f"The site has no host {name}.", NOT_SENT, "Add it to the site file.")
        return self._hosts[name]

    def _start(self, host: Host, shell: str) -> str:
        line = command_line(host.engine)

        def request(protocol: Any) -> str:  # noqa: ANN401 - pywinrm has no types
            return str(protocol.run_command(shell, line, console_mode_stdin=False, skip_cmd_shell=True))

        return self._connections.ask(host, request, Phase.OPEN)


class WinRmPipe(Pipe):
    """Implements `Pipe`."""

    def __init__(self, host: Host, connections: Connections, shells: HostShells, shell: str, command: str) -> None:
        self.shell = shell
        self.command = command
        self._host = host
        self._connections = connections
        self._shells = shells
        self._ended = False
        self._stderr = bytearray()
        self._closing = threading.Lock()
        self._closed = False

    @property
    def stderr(self) -> str:
        """What came on stderr, at most 20,000 bytes."""
        return bytes(self._stderr).decode("utf-8", "replace")

    def write(self, data: bytes) -> None:
        """Send `data`, in parts where it is long; see `Pipe.write`."""
        for start in range(0, len(data), SEND):
            self._send(data[start : start + SEND], Phase.MORE if start else Phase.WRITE)

    def _send(self, part: bytes, phase: Phase) -> None:
        def request(protocol: Any) -> None:  # noqa: ANN401 - pywinrm has no types
            protocol.send_command_input(self.shell, self.command, part)

        self._connections.ask(self._host, request, phase)

    def read(self, timeout: float) -> bytes | None:
        """Receive once; see `Pipe.read`."""
        if self._ended:
            return None
        try:
            out, err, _, done = self._connections.ask(
                self._host,
                lambda protocol: protocol.get_command_output_raw(self.shell, self.command),
                Phase.READ,
                max(1, min(POLL, math.ceil(timeout))),
            )
        except TimedOut:
            return b""
        self._stderr += err[: STDERR - len(self._stderr)]
        self._ended = done
        return out or (None if done else b"")

    def close(self) -> None:
        """Terminate the process and delete its shell."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._shells.quietly(lambda protocol: protocol.cleanup_command(self.shell, self.command))
        self._shells.delete(self.shell)
