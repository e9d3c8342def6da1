"""WinRS shells: one pooled per host for reads, and one of its own for each act.

A shell that stays open dies after about 1,500 operations (pywinrm#124), so the pooled one is replaced
after 200 commands; a retired one goes when its last process has ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tui.core.errors import EstateError
from tui.remote.connections import Connections
from tui.remote.errors import NOT_SENT, Dropped, Faulted, Phase
from tui.remote.transport import Host

COMMANDS: Final = 200
"""Commands after which the pooled shell is replaced."""
SIDE_BY_SIDE: Final = 4
"""Processes at the same time in one pooled shell."""
ROOM: Final = 60.0
"""Seconds to wait for one of them to end."""
IDLE_TIMEOUT: Final = "PT10800S"
"""3 h: longer than the longest step, because a shell that expires takes its processes along."""
CODEPAGE: Final = 65001
GONE_QUICKLY: Final = 5
"""Seconds that the host may take to delete a shell or end a process."""


@dataclass(slots=True)
class Pooled:
    """The pooled shell of one host."""

    shell: str
    commands: int = 0
    running: int = 0
    retired: bool = False


class HostShells:
    """The shells of one host. Safe to use from several threads."""

    def __init__(self, host: Host, connections: Connections) -> None:
        self._host = host
        self._connections = connections
        self._lock = threading.Lock()
        self._room = threading.Semaphore(SIDE_BY_SIDE)
        self._current: Pooled | None = None
        self._failures = 0
        self._failure: EstateError | None = None

    def create(self) -> str:
        """A new shell's id. Raises Unreachable, SignInRefused."""
        try:
            return self._create(IDLE_TIMEOUT)
        except Faulted:  # a host that allows less is asked for its own idle time
            return self._create(None)

    def delete(self, shell: str) -> None:
        """Delete a shell with what runs in it. Never raises."""
        self.quietly(lambda protocol: protocol.close_shell(shell, close_session=False))

    def acquire(self) -> Pooled:
        """A place in the pooled shell, made where there is none. Each needs its `release`.

        Who waited while another's attempt to make it failed gets that failure: a dead host costs one wait, not many.
        """
        failures = self._failures
        if not self._room.acquire(timeout=ROOM):
            happened = f"{SIDE_BY_SIDE} questions to {self._host.place} have been waiting for {ROOM:.0f} s."
            raise Dropped(happened, NOT_SENT, "Try again; the host may be busy.")
        try:
            with self._lock:
                place = self._ready(failures)
                place.commands += 1
                place.running += 1
                return place
        except BaseException:
            self._room.release()
            raise

    def release(self, place: Pooled, *, lost: bool = False) -> None:
        """Give a place back; `lost` when the host no longer knows the shell."""
        with self._lock:
            place.running -= 1
            if lost:
                place.shell = ""
            if lost and place is self._current:
                self._current = None
            delete = place.shell if place.retired and not place.running else ""
        self._room.release()
        if delete:
            self.delete(delete)

    def close(self) -> None:
        """Delete the pooled shell. Never raises."""
        with self._lock:
            current, self._current = self._current, None
        if current and current.shell:
            self.delete(current.shell)

    def quietly(self, request: Callable[..., object]) -> None:
        """A request whose failure changes nothing for us."""
        try:
            self._connections.ask(self._host, request, Phase.OPEN, GONE_QUICKLY)
        except EstateError:
            return

    def _ready(self, failures: int) -> Pooled:
        """The current shell, or a new one. Called with the lock held."""
        if self._current is not None and self._current.commands < COMMANDS:
            return self._current
        if self._failure is not None and self._failures != failures:
            known = self._failure
            raise type(known)(known.happened, known.means, known.do, known.raw)
        self._retire()
        try:
            self._current = Pooled(self.create())
        except EstateError as error:
            self._failures, self._failure = self._failures + 1, error
            raise
        return self._current

    def _create(self, idle: str | None) -> str:
        def request(protocol: Any) -> str:  # noqa: ANN401 - pywinrm has no types
            return str(protocol.open_shell(codepage=CODEPAGE, idle_timeout=idle))

        return self._connections.ask(self._host, request, Phase.OPEN)

    def _retire(self) -> None:
        if self._current is None:
            return
        retired, self._current = self._current, None
        retired.retired = True
        if not retired.running and retired.shell:
            self.delete(retired.shell)
