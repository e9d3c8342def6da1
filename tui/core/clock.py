"""Time, injected: nothing else in the product asks the system for it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two kinds of time. In a drill `wall` and `sleep` are the simulated site's; `monotonic` never is."""

    def wall(self) -> float:
        """Site time, epoch seconds: what screens and the journal show, what waits and deadlines count."""
        ...

    def monotonic(self) -> float:
        """The person's time, seconds: ages of guards and delays of gates count on it, also in a drill."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let this much site time pass."""
        ...


class SystemClock:
    """The real time."""

    def wall(self) -> float:
        """Epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back, and that go on while the computer sleeps."""
        return awake()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


def awake() -> float:
    """Seconds that go on while the computer sleeps: a closed lid must age a guard. Linux's monotonic clock stops."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


def iso(at: float) -> str:
    """Epoch seconds as the record writes them: `2026-11-22T02:14:00.000Z`."""
    seconds, millis = divmod(round(at * 1000), 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{millis:03d}Z"


def hm(at: float) -> str:
    """`02:14 UTC`."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M UTC")


def hms(at: float) -> str:
    """`02:14:05 UTC`."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S UTC")


def span(seconds: float) -> str:
    """A duration with its units: `41 s`, `24 min`, `1 h 18`."""
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    if whole < 6000:
        return f"{whole // 60} min"
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
