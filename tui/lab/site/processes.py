"""The PowerShell processes of the hosts: known while the lab runs, never saved."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

FIRST_PID = 4120


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a host; `ended` is set when it is gone."""

    pid: int
    name: str
    started: datetime
    ended: threading.Event = field(default_factory=threading.Event)


class Processes:
    """Who runs where. Safe for several threads."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._next = FIRST_PID + 4 * (seed % 1000)
        self._alive: dict[tuple[str, int], Process] = {}

    def next_pid(self) -> int:
        """A PID that no process had since the lab started (Windows: multiples of 4)."""
        with self._lock:
            self._next += 4
            return self._next

    def register(self, host: str, pid: int, started: datetime, name: str = "powershell") -> Process:
        """A process has started."""
        process = Process(pid, name, started)
        with self._lock:
            self._alive[host.upper(), pid] = process
        return process

    def gone(self, host: str, pid: int) -> None:
        """A process has ended; whoever waits in it is woken."""
        with self._lock:
            process = self._alive.pop((host.upper(), pid), None)
        if process is not None:
            process.ended.set()

    def find(self, host: str, pid: int) -> Process | None:
        """The living process with this PID."""
        with self._lock:
            return self._alive.get((host.upper(), pid))

    def of(self, host: str) -> list[Process]:
        """All living processes of a host, by PID."""
        with self._lock:
            return sorted((p for (h, _), p in self._alive.items() if h == host.upper()), key=lambda p: p.pid)
