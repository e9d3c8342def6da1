"""The lab without a network: the same processes, the same bytes, handed over in this process. For fast tests."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque

from tui.core.errors import ConnectionLost, Unreachable
from tui.lab.faults import Faults
from tui.lab.interference import Fate, Interference
from tui.lab.launch import SiteLauncher
from tui.lab.power import Power, watch_power
from tui.lab.site import NoSuchHost, Site
from tui.lab.wsman.process import Process
from tui.remote.errors import NOT_KNOWN, NOT_SENT
from tui.remote.frame import command_line
from tui.remote.transport import Pipe, Transport

PORTS = (445, 5985)
"""What a living host listens on."""


class Screen:
    """Implements `Output`: keeps what a process writes until it is read."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._chunks: deque[bytes] = deque()
        self._stderr = b""
        self._left = False
        self.cut = False
        """The reader will get nothing more."""

    def stdout(self, data: bytes) -> None:
        """Output of the process."""
        with self._changed:
            self._chunks.append(data)
            self._changed.notify_all()

    def stderr(self, data: bytes) -> None:
        """Its errors."""
        with self._changed:
            self._stderr += data

    def exit(self, code: int) -> None:
        """It has left."""
        with self._changed:
            self._left = True
            self._changed.notify_all()

    def cut_off(self) -> None:
        """Nobody hears it any more."""
        with self._changed:
            self.cut = True
            self._changed.notify_all()

    @property
    def errors(self) -> str:
        """All that came on stderr."""
        return self._stderr.decode("utf-8", "replace")

    @property
    def left(self) -> bool:
        """Whether the process has ended."""
        return self._left

    def wait_left(self, timeout: float) -> bool:
        """Wait until the process has ended; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._left, timeout)

    def take(self, timeout: float) -> bytes | None:
        """What was written, b"" after `timeout` seconds without any, None at the end."""
        until = time.monotonic() + timeout
        with self._changed:
            while not (self._chunks or self._left or self.cut):
                if not self._changed.wait(until - time.monotonic()):
                    return b""
            data = b"".join(self._chunks)
            self._chunks.clear()
            return data or (b"" if self.cut else None)


class InPipe(Pipe):
    """Implements `Pipe`. What becomes of it when its client is lost: its stdin ends, so it ends by itself."""

    def __init__(self, host: str, process: Process, screen: Screen, interference: Interference | None) -> None:
        self.host = host
        self.shell = str(uuid.uuid4()).upper()
        self.command = str(uuid.uuid4()).upper()
        self._process = process
        self._screen = screen
        self._interference = interference
        self._answers_first = False
        """The pipe is lost, but only after the process has ended."""

    @property
    def stderr(self) -> str:
        """What came on stderr."""
        return self._screen.errors

    def write(self, data: bytes) -> None:
        """Put it on stdin; see `Pipe.write`."""
        if self._screen.cut or self._screen.left:
            raise ConnectionLost(f"The connection to {self.host} broke.", NOT_KNOWN, _AGAIN)
        fate = self._interference.fate(self.host, data) if self._interference else Fate.PASS
        if fate in (Fate.PASS, Fate.APPLIED):
            self._process.feed(data, fate is Fate.APPLIED)
        if fate is Fate.APPLIED:
            self._answers_first = True
        elif fate is Fate.NEVER_ARRIVES:
            self.lose()
        elif fate is Fate.APPLIES_LATER:
            assert self._interference is not None
            self._interference.hold(lambda: self._process.feed(data, True), self._screen.wait_left)
            self._screen.cut_off()

    def read(self, timeout: float) -> bytes | None:
        """What came; see `Pipe.read`."""
        if self._answers_first and not self._screen.wait_left(timeout):
            return b""
        data = b"" if self._answers_first or self._screen.cut else self._screen.take(timeout)
        if self._answers_first or self._screen.cut:
            raise ConnectionLost(f"The connection to {self.host} broke.", NOT_KNOWN, _AGAIN)
        return data

    def lose(self) -> None:
        """Its client is gone: a command in flight goes on, and then the process ends."""
        self._screen.cut_off()
        self._process.feed(b"", True)

    def cut_off(self) -> None:
        """Its host is gone."""
        self._screen.cut_off()

    def close(self) -> None:
        """End the process, also over another connection."""
        self._process.terminate()


class InProcess(Transport):
    """Implements `Transport` on a site. Hosts that the site calls dead do not answer."""

    def __init__(
        self, site: Site, faults: Faults, *, interference: Interference | None = None, user: str = "LAB\\operator"
    ) -> None:
        self._site = site
        self._launch = SiteLauncher(site, faults, user)
        self._interference = interference
        self._lock = threading.Lock()
        self._pipes: list[tuple[InPipe, bool]] = []
        self.opened = 0
        """Processes opened for acts so far."""
        watch_power(site, self._power)

    def open(self, host: str, *, reader: bool) -> Pipe:
        """Start PowerShell; see `Transport.open`."""
        self._alive(host)
        screen = Screen()
        process = self._launch(self._site.node(host).name, command_line("powershell"), (), {}, screen)
        pipe = InPipe(self._site.node(host).name, process, screen, None if reader else self._interference)
        with self._lock:
            self.opened += not reader
            self._pipes.append((pipe, reader))
        return pipe

    def reach(self, host: str, port: int, timeout: float) -> bool:
        """Whether the port accepts a connection; see `Transport.reach`."""
        return self._known(host) and port in PORTS

    def end(self, host: str, shell: str, command: str) -> None:
        """End a process by its ids; see `Transport.end`."""
        self._alive(host)
        with self._lock:
            found = [pipe for pipe, _ in self._pipes if (pipe.shell, pipe.command) == (shell, command)]
        for pipe in found:
            pipe.close()

    def close(self) -> None:
        """End the readers; the processes of acts are left alone."""
        for pipe, reader in self._taken():
            if reader:
                pipe.close()

    def client_dies(self) -> None:
        """As if the client's process were killed: every pipe is lost; commands in flight go on and then end."""
        for pipe, _ in self._taken():
            pipe.lose()

    def _taken(self) -> list[tuple[InPipe, bool]]:
        with self._lock:
            taken, self._pipes = self._pipes, []
        return taken

    def _known(self, host: str) -> bool:
        try:
            return self._site.reachable(host)
        except NoSuchHost:
            raise Unreachable(f"The site has no host {host}.", NOT_SENT, "Add it to the site file.") from None

    def _alive(self, host: str) -> None:
        if not self._known(host):
            place = f"{host} ({self._site.node(host).address}, TCP 5985)"
            raise Unreachable(f"No connection to {place}.", NOT_SENT, _LOOK)

    def _power(self, host: str, power: Power) -> None:
        if power is Power.ON:
            return
        with self._lock:
            hit = [pipe for pipe, _ in self._pipes if pipe.host == host]
        for pipe in hit:
            pipe.cut_off()
        self._launch.end_all(host)


_AGAIN = "Try again; if it breaks again, check the network."
_LOOK = "Check that the host is on, the address is right, and TCP to this port is open from here."
